import { Alert, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { ClaimFile } from '../../ui/ClaimFile.tsx';
import { TokenString } from '../../ui/TokenString.tsx';
import type { Distributed, WizardChoices } from './wizard-documents.ts';

const hints = {
  NONE: 'deliveredOpen',
  USER_NAME: 'deliveredUserName',
  PASSWORD: 'deliveredLocked',
  USER_NAME_AND_PASSWORD: 'deliveredLocked',
} as const;

/** The file or string that was made, once; and that its password goes another way. */
export function Delivered({
  distributed,
  passwordRule,
}: {
  distributed: Distributed;
  passwordRule: WizardChoices['filePasswordRule'];
}) {
  const t = useTranslations('distribution');
  const { file, ctfUrl } = distributed;
  return (
    <Stack>
      <Alert variant="outline" color="yellow">
        {t(hints[passwordRule])}
      </Alert>
      {file && <ClaimFile file={file} icon={<IconDownload size={16} />} />}
      {ctfUrl && <TokenString value={ctfUrl} />}
    </Stack>
  );
}
