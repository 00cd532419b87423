import { Blockquote, Text, Timeline } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { TimeText } from '../../ui/TimeText.tsx';
import { isOpen } from './request-state.ts';
import type { RequestDetails } from './request-page-document.ts';

/** A request's way, oldest first: asked, each decision with who, when and comment, and its end. */
export function RequestSteps({ request }: { request: RequestDetails }) {
  const t = useTranslations('requests.step');
  const { approvalSteps, createdAt, decisions, endedAt, failure, status } = request;
  const moments = [
    { key: 'asked', at: createdAt, text: t('asked'), words: request.reason },
    ...decisions.map(({ at, by, comment, step, verb }) => {
      const name = `${by.givenName} ${by.familyName}`.trim() || by.userName;
      const isOneOfSome = verb === 'APPROVE' && approvalSteps > 1;
      return {
        key: `${verb} ${at}`,
        at,
        text: isOneOfSome ? t('APPROVE_of', { name, step, steps: approvalSteps }) : t(verb, { name }),
        words: comment,
      };
    }),
  ];
  const isTold = status === 'REJECTED' && decisions.at(-1)?.verb === 'REJECT';
  if (endedAt && !isOpen(request) && !isTold) {
    moments.push({ key: 'ended', at: endedAt, text: t(status as 'COMPLETED'), words: failure });
  }
  return (
    <Timeline bulletSize={12} lineWidth={2} active={-1}>
      {moments.map(({ key, at, text, words }) => (
        <Timeline.Item key={key}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {text}
          </Text>
          {words && (
            <Blockquote p="xs" my={4} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {words}
            </Blockquote>
          )}
          <Text size="xs" c="dimmed">
            <TimeText at={at} />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
