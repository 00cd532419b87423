import { Stack, Text, Timeline } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { type AuditSentenceEvent, useAuditSentence } from './use-audit-sentence.ts';
import { TimeText } from './TimeText.tsx';

/** What happened to a person or a token, newest first. */
export function History({ events }: { events: readonly AuditSentenceEvent[] }) {
  const t = useTranslations('audit');
  const sentence = useAuditSentence();
  if (events.length === 0) return <Text c="dimmed">{t('nothingYet')}</Text>;
  return (
    <Timeline bulletSize={12} lineWidth={2} active={-1}>
      {events.map((event) => (
        <Timeline.Item key={event.id}>
          <Stack gap={0}>
            <Text size="sm">{sentence(event)}</Text>
            <Text size="xs" c="dimmed">
              <TimeText at={event.at} />
            </Text>
          </Stack>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
