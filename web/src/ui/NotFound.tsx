import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePageTitle } from '../lib/use-page-title.ts';

/** An address that leads nowhere, or to something that the person may not see. */
export function NotFound() {
  const t = useTranslations('common.notFound');
  usePageTitle(t('title'));
  return (
    <Stack p="xl" gap="xs">
      <Title order={1}>{t('title')}</Title>
      <Text>{t('text')}</Text>
      <Anchor component={Link} to="/">
        {t('home')}
      </Anchor>
    </Stack>
  );
}
