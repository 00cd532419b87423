import { Alert } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useInstallation } from '../lib/installation.ts';

/** Says on every page that passwords travel in the clear, where that was allowed. */
export function InsecureBanner() {
  const t = useTranslations('admin');
  if (!useInstallation()?.insecureHttp) return null;
  return (
    <Alert color="red" variant="outline" mb="md" title={t('insecure')}>
      {t('insecureHint')}
    </Alert>
  );
}
