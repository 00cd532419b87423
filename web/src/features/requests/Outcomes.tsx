import { List, ScrollArea, Text } from '@mantine/core';
import type { OutcomeFragment } from '../../gql/graphql';
import { useFailureText } from '../../lib/use-failure-text.ts';
import { fullName } from './person-name.ts';

type OutcomesProps = { title: string; outcomes: readonly OutcomeFragment[] };

/** The requests that are not decided, by reason; nothing when all are. */
export function Outcomes({ title, outcomes }: OutcomesProps) {
  const text = useFailureText();
  const reasons = new Map<string, string[]>();
  for (const { code, message, tokenRequest } of outcomes) {
    if (!code) continue;
    const reason = text({ code, message: message ?? code, params: [] });
    reasons.set(reason, [...(reasons.get(reason) ?? []), fullName(tokenRequest.requester)]);
  }
  if (reasons.size === 0) return null;
  return (
    <div>
      <Text size="sm">{title}</Text>
      <ScrollArea.Autosize mah={200} viewportProps={{ tabIndex: 0 }}>
        <List size="sm" spacing={4}>
          {[...reasons].map(([reason, names]) => (
            <List.Item key={reason} style={{ overflowWrap: 'anywhere' }}>
              <strong>{names.join(', ')}</strong>: {reason}
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
    </div>
  );
}
