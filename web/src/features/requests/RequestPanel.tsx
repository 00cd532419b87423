import { useQuery } from '@apollo/client/react';
import { Button, Group, Stack, Title } from '@mantine/core';
import { type Ref, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RequestVerb } from '../../gql/graphql';
import { failureOf } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { DecisionForm } from './DecisionForm.tsx';
import { EditRequest } from './EditRequest.tsx';
import { Hints } from './Hints.tsx';
import { fullName } from './person-name.ts';
import { type QueueRequest, QueueRequestDocument } from './request-documents.ts';
import { RequestFacts } from './RequestFacts.tsx';
import { RequestHistory } from './RequestHistory.tsx';

type RequestPanelProps = {
  id: string;
  /** As the list has it, shown until the request is loaded. */
  listed: QueueRequest | undefined;
  headingRef: Ref<HTMLHeadingElement>;
  keysOn: boolean;
  onDecided: (request: QueueRequest, verb: RequestVerb) => void;
};

/** One request: what is wanted, what speaks for and against it, what was decided so far, and the decision. */
export function RequestPanel({ id, listed, headingRef, keysOn, onDecided }: RequestPanelProps) {
  const t = useTranslations('requestQueue');
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(QueueRequestDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const request = (data ? data.tokenRequest : listed) as QueueRequest | null | undefined;
  const isUnknown =
    error && ['NotFound', 'BAD_USER_INPUT', 'object.not_found'].includes(failureOf(error).code);
  if (request === null || isUnknown) return <EmptyState title={t('gone')}>{t('goneHint')}</EmptyState>;
  if (error && !request) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!request) return <DelayedSkeleton />;

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Title order={2} ref={headingRef} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
          {t('detail', { name: fullName(request.requester) })}
        </Title>
        {request.mayDecide.includes('APPROVE') && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setEditing(true)}
            style={{ flexShrink: 0 }}
          >
            {t('edit')}
          </Button>
        )}
      </Group>
      <Hints hints={request.hints} />
      <RequestFacts request={request} />
      <DecisionForm
        key={id}
        request={request}
        keysOn={keysOn}
        onDecided={onDecided}
        onRefused={() => void refetch()}
      />
      <Title order={3}>{t('steps')}</Title>
      <RequestHistory request={request} />
      {editing && <EditRequest request={request} onClose={() => setEditing(false)} />}
    </Stack>
  );
}
