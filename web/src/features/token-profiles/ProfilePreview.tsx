import { Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { DeliveryMethod } from '../../gql/graphql';
import classes from './ProfilePreview.module.css';

type ProfilePreviewProps = {
  deviceType: string;
  deliveryMethod: DeliveryMethod;
  length: number;
  interval: number;
  minutes: number;
};

/** What the user will see: the app with a code of this length, and how the token comes. */
export function ProfilePreview({
  deviceType,
  deliveryMethod,
  length,
  interval,
  minutes,
}: ProfilePreviewProps) {
  const t = useTranslations('tokenProfiles');
  const example = length === 6 ? '159 759' : '1597 5973';
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('preview')}>
      <Stack>
        <Title order={2}>{t('preview')}</Title>
        <div className={classes['phone']} aria-hidden="true">
          <Text size="xs" c="dimmed">
            {deviceType}
          </Text>
          <Text className={classes['code']}>{example}</Text>
          <div className={classes['bar']} />
          <Text size="xs" c="dimmed">
            {t('seconds', { count: interval })}
          </Text>
        </div>
        <Text>
          {t(`previews.${deliveryMethod}`, { deviceType, hours: Math.round((minutes / 60) * 10) / 10 })}
        </Text>
        <Text>{t('previewCode', { digits: length, seconds: interval })}</Text>
      </Stack>
    </Paper>
  );
}
