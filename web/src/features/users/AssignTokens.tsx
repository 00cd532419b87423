import { useQuery } from '@apollo/client/react';
import { Button, Group, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DataTable, DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { type PageCursor, Pager, pageArgs } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { DayText } from '../../ui/TimeText.tsx';

const FreeTokensDocument = graphql(`
  query FreeTokens($userName: String!, $first: Int, $after: String, $last: Int, $before: String, $search: String) {
    user(userName: $userName) {
      id
      userName
      givenName
      familyName
    }
    tokens(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: { status: [UNASSIGNED], search: $search }
    ) {
      nodes {
        id
        serialNumber
        algorithm
        expiresOn
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);
const AssignTokensDocument = graphql(`
  mutation AssignTokens($userId: ID!, $tokenIds: [ID!]!) {
    assignTokens(input: { userId: $userId, tokenIds: $tokenIds }) {
      ...Failure
      ... on AssignTokensSuccess {
        tokens {
          id
          serialNumber
          status
        }
      }
    }
  }
`);

type AssignQuery = PageCursor & { search?: string };
type AssignTokensProps = { userName: string; query: AssignQuery; onQuery: (query: AssignQuery) => void };

/** Free tokens to choose from for one person; «assign and distribute» goes on to the wizard. */
export function AssignTokens({ userName, query, onQuery }: AssignTokensProps) {
  const t = useTranslations('users');
  const algorithm = useTranslations('tokens.algorithms');
  const navigate = useNavigate();
  const mayDistribute = useMay('TOKENS_DISTRIBUTE');
  const { run, busy, failure } = useAction(AssignTokensDocument);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const { data, previousData, error, refetch } = useQuery(FreeTokensDocument, {
    variables: { userName, search: query.search ?? '', ...pageArgs(query, 20) },
    fetchPolicy: 'network-only',
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  // While other tokens are asked for, the field that is typed into stays.
  const shown = data ?? previousData;
  if (!shown) return <DelayedSkeleton />;
  const { user } = shown;
  const tokens = data?.tokens;
  if (!user) return <NotFound />;
  const name = `${user.givenName} ${user.familyName}`;

  const assign = async (distribute: boolean) => {
    const success = await run({ userId: user.id, tokenIds: [...selected] });
    if (!success) return;
    const serial = success.tokens[0]?.serialNumber;
    if (distribute && serial) await navigate({ to: '/admin/distribute', search: { token: serial } as never });
    else await navigate({ to: `/admin/users/${encodeURIComponent(user.userName)}` });
  };

  return (
    <Page title={t('assignTo', { name })} subtitle={t('assignHint')}>
      <Group>
        <SearchField
          label={t('searchSerial')}
          value={query.search ?? ''}
          onChange={(search) => onQuery(search ? { search } : {})}
        />
      </Group>
      <FormError failure={failure} />
      <DataTable
        label={t('freeTokens')}
        rows={tokens?.nodes}
        rowKey={(token) => token.id}
        selection={{ selected, onChange: setSelected, name: (token) => token.serialNumber }}
        columns={[
          {
            key: 'serial',
            header: t('serial'),
            cell: (token) => <SerialNumber value={token.serialNumber} />,
          },
          { key: 'algorithm', header: t('algorithm'), cell: (token) => algorithm(token.algorithm) },
          {
            key: 'expires',
            header: t('expires'),
            cell: (token) => (token.expiresOn ? <DayText day={token.expiresOn} /> : ''),
          },
        ]}
        empty={
          <EmptyState
            title={t('noFreeTokens')}
            action={
              <Button component={Link} to="/admin/tokens" search={{ make: true } as never}>
                {t('makeTokens')}
              </Button>
            }
          >
            {t('noFreeTokensHint')}
          </EmptyState>
        }
      />
      <Pager
        pageInfo={tokens?.pageInfo}
        onPage={(cursor) => onQuery({ ...(query.search ? { search: query.search } : {}), ...cursor })}
      />
      {tokens?.nodes.length !== 0 && (
        <Group>
          {mayDistribute && (
            <Button disabled={selected.size !== 1} loading={busy} onClick={() => void assign(true)}>
              {t('assignAndDistribute')}
            </Button>
          )}
          <Button
            variant="default"
            disabled={selected.size === 0}
            loading={busy}
            onClick={() => void assign(false)}
          >
            {t('assignCount', { count: selected.size })}
          </Button>
          <Text c="dimmed" size="sm">
            {t('selectedCount', { count: selected.size })}
          </Text>
        </Group>
      )}
    </Page>
  );
}
