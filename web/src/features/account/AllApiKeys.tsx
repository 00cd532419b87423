import { useQuery } from '@apollo/client/react';
import { Group, Select, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { ApiKeyState } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { pageArgs, Pager } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { type AllKeysQuery, apiKeyStates } from './all-keys-query.ts';
import { ApiKeyTable } from './ApiKeyTable.tsx';

const AllApiKeysDocument = graphql(`
  query AllApiKeys($first: Int, $after: String, $last: Int, $before: String, $filter: ApiKeyFilter) {
    apiKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        ...ApiKeyFacts
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);

type AllApiKeysProps = { query: AllKeysQuery; onQuery: (query: AllKeysQuery) => void };

/** Setup's page of everybody's API keys, newest first. */
export function AllApiKeys({ query, onQuery }: AllApiKeysProps) {
  const t = useTranslations('account.all');
  const tKeys = useTranslations('account.keys');
  const mayRevoke = useMay('SETTINGS_MANAGE');
  const { search, state, after, before } = query;
  const { data, error, refetch } = useQuery(AllApiKeysDocument, {
    variables: {
      ...pageArgs({ after, before }),
      filter: { search: search ?? null, state: state ?? null },
    },
    fetchPolicy: 'cache-and-network',
  });
  const filter = (part: AllKeysQuery) => {
    const next = { search, state, ...part };
    onQuery(Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as AllKeysQuery);
  };
  const keys = data?.apiKeys;
  return (
    <Stack>
      <Text c="dimmed">{t('hint')}</Text>
      <Group align="flex-end">
        <SearchField label={t('search')} value={search ?? ''} onChange={(text) => filter({ search: text })} />
        <Select
          aria-label={t('state')}
          placeholder={t('anyState')}
          data={apiKeyStates.map((value) => ({ value, label: tKeys(`states.${value}`) }))}
          value={state ?? null}
          onChange={(value) => filter({ state: (value ?? undefined) as ApiKeyState })}
          clearable
          clearButtonProps={{ 'aria-label': t('dropFilter') }}
        />
      </Group>
      {error && !keys ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <ApiKeyTable
          apiKeys={keys?.nodes}
          owners
          mayRevoke={mayRevoke}
          onChanged={() => void refetch()}
          empty={
            search || state ? (
              <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>
            ) : (
              <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
            )
          }
        />
      )}
      <Pager pageInfo={keys?.pageInfo} onPage={(cursor) => filter(cursor as AllKeysQuery)} />
    </Stack>
  );
}
