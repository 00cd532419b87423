import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { isTokenNumber } from '../lib/token-number.ts';
import { CopyField } from './CopyField.tsx';
import { QrCode } from './QrCode.tsx';

/** A token as a link or digits: to be copied, and as a QR code when that is wanted. */
export function TokenString({ value }: { value: string }) {
  const t = useTranslations('common.tokenString');
  const [isShown, setShown] = useState(false);
  // Digits are typed in the app: nothing opens them, and there is no camera that reads them.
  if (isTokenNumber(value)) return <CopyField label={t('digits')} value={value} hint={t('digitsHint')} />;
  return (
    <>
      <CopyField label={t('label')} value={value} hint={t('hint')} />
      {isShown ? (
        <QrCode value={value} title={t('qr')} data-testid="ctf-qr" />
      ) : (
        <div>
          <Button variant="default" onClick={() => setShown(true)}>
            {t('showQr')}
          </Button>
          <Text size="sm" c="dimmed" mt={4}>
            {t('showQrHint')}
          </Text>
        </div>
      )}
    </>
  );
}
