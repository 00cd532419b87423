import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Page } from './Page.tsx';

/** A page that the person's roles do not open. */
export function NoAccess() {
  const t = useTranslations('admin.noAccess');
  return (
    <Page title={t('title')}>
      <Text>{t('text')}</Text>
    </Page>
  );
}
