import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CopyField } from '../../ui/CopyField.tsx';
import { ClaimFile } from '../../ui/ClaimFile.tsx';
import type { Distributed } from './wizard-documents.ts';

/** The file or string that was made, once; and that its password goes another way. */
export function Delivered({ distributed, isLocked }: { distributed: Distributed; isLocked: boolean }) {
  const t = useTranslations('distribution');
  const { file, ctfUrl } = distributed;
  const [isShown, setShown] = useState(false);
  return (
    <Stack>
      <Alert variant="outline" color="yellow">
        {t(isLocked ? 'deliveredLocked' : 'deliveredOpen')}
      </Alert>
      {file && <ClaimFile file={file} icon={<IconDownload size={16} />} />}
      {ctfUrl && (
        <>
          <CopyField label={t('ctfUrl')} value={ctfUrl} hint={t('ctfUrlHint')} />
          {isShown ? (
            <QRCodeSVG
              value={ctfUrl}
              size={280}
              marginSize={4}
              level="M"
              bgColor="#ffffff"
              fgColor="#000000"
              title={t('ctfQr')}
              data-testid="ctf-qr"
            />
          ) : (
            <div>
              <Button variant="default" onClick={() => setShown(true)}>
                {t('showCtfQr')}
              </Button>
              <Text size="sm" c="dimmed" mt={4}>
                {t('showCtfQrHint')}
              </Text>
            </div>
          )}
        </>
      )}
    </Stack>
  );
}
