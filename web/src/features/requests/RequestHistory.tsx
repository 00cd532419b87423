import { Blockquote, Text, Timeline } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { TimeText } from '../../ui/TimeText.tsx';
import { fullName } from './person-name.ts';
import type { QueueRequest } from './request-documents.ts';

/** The decisions so far with comment and note, oldest first, and how it ended. */
export function RequestHistory({ request }: { request: QueueRequest }) {
  const t = useTranslations('requestQueue');
  const { approvalSteps, decisions, endedAt, requester, status } = request;
  const hasEnd = ['CANCELLED', 'EXPIRED', 'FAILED', 'COMPLETED'].includes(status);
  if (decisions.length === 0 && !hasEnd) return <Text c="dimmed">{t('noDecisions')}</Text>;
  return (
    <Timeline bulletSize={12} lineWidth={2} active={-1}>
      {decisions.map(({ at, by, comment, note, step, verb }) => {
        const key = verb === 'APPROVE' && approvalSteps > 1 ? 'APPROVE_step' : verb;
        return (
          <Timeline.Item key={`${verb} ${at}`}>
            <Text size="sm">{t(`did.${key}`, { name: fullName(by), step, steps: approvalSteps })}</Text>
            {comment && <Words label={t('comment')} words={comment} />}
            {note && <Words label={t('noteOf')} words={note} />}
            <Text size="xs" c="dimmed">
              <TimeText at={at} />
            </Text>
          </Timeline.Item>
        );
      })}
      {hasEnd && endedAt && (
        <Timeline.Item>
          <Text size="sm">{t(`ended.${status as 'COMPLETED'}`, { name: fullName(requester) })}</Text>
          <Text size="xs" c="dimmed">
            <TimeText at={endedAt} />
          </Text>
        </Timeline.Item>
      )}
    </Timeline>
  );
}

function Words({ label, words }: { label: string; words: string }) {
  return (
    <Blockquote p="xs" my={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {words}
    </Blockquote>
  );
}
