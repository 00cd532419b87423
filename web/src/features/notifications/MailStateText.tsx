import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconMailOff } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { MailState } from '../../gql/graphql';

const looks = {
  QUEUED: { Icon: IconClock, color: 'var(--sy-waiting)' },
  SENT: { Icon: IconCheck, color: 'var(--sy-working)' },
  FAILED: { Icon: IconAlertTriangle, color: 'var(--sy-stopped)' },
  NOT_SENT: { Icon: IconMailOff, color: 'var(--mantine-color-dimmed)' },
} as const;

/** What became of a mail: a shape and a word. */
export function MailStateText({ state }: { state: MailState }) {
  const t = useTranslations('mail');
  const { Icon, color } = looks[state];
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={16} color={color} aria-hidden="true" />
      <Text span inherit style={{ whiteSpace: 'nowrap' }}>
        {t(`states.${state}`)}
      </Text>
    </Group>
  );
}
