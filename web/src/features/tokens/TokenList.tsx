import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { TokenStatus } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { type PageCursor, Pager, pageArgs } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { TokenMarks } from '../../ui/TokenMarks.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import { GenerateTokens } from './GenerateTokens.tsx';
import { SelectionActs } from './SelectionActs.tsx';

const TokensDocument = graphql(`
  query Tokens($first: Int, $after: String, $last: Int, $before: String, $filter: TokenFilter) {
    tokens(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount
      nodes {
        id
        serialNumber
        status
        enabled
        expiresOn
        lastUsedAt
        nickname
        managedElsewhere
        onDevice
        assignedTo {
          id
          userName
        }
        profile {
          id
          name
        }
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);
const ProfileNamesDocument = graphql(`
  query ProfileNames {
    tokenProfiles(first: 200) {
      nodes {
        id
        name
      }
    }
  }
`);

export type TokenListQuery = PageCursor & {
  search?: string;
  status?: TokenStatus[];
  expiresBefore?: string;
  profile?: string;
  make?: boolean;
};

const statuses: TokenStatus[] = ['ACTIVE', 'PENDING', 'ASSIGNED', 'UNASSIGNED', 'DISABLED', 'EXPIRED'];

/** Tokens, found by serial number, nickname or owner; every filter stands in the address. */
export function TokenList({
  query,
  onQuery,
}: {
  query: TokenListQuery;
  onQuery: (query: TokenListQuery) => void;
}) {
  const t = useTranslations('tokens');
  const word = useTranslations('common.status');
  const mayManage = useMay('TOKENS_MANAGE');
  const mayEnable = useMay('TOKENS_ENABLE');
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const { after, before, make, ...filters } = query;
  const { data, error, refetch } = useQuery(TokensDocument, {
    variables: {
      ...pageArgs({ after, before }),
      filter: {
        search: filters.search ?? null,
        status: filters.status?.length ? filters.status : null,
        expiresBefore: filters.expiresBefore ?? null,
        profileId: filters.profile ?? null,
      },
    },
    fetchPolicy: 'cache-and-network',
  });
  const profiles =
    useQuery(ProfileNamesDocument, { skip: !useMay('PROFILES_READ') }).data?.tokenProfiles.nodes ?? [];
  const tokens = data?.tokens;
  // A change of filters leads back to the first page and forgets the selection.
  const filter = (change: Partial<TokenListQuery>) => {
    setSelected(new Set());
    const next = Object.entries({ ...filters, ...change }).filter(
      ([, value]) => value && String(value) !== '',
    );
    onQuery(Object.fromEntries(next));
  };
  const isFiltered = Object.values(filters).some((value) => value && String(value) !== '');
  const generate = mayManage && (
    <Button onClick={() => onQuery({ ...query, make: true })}>{t('make')}</Button>
  );
  const importLink = (
    <Button component={Link} to="/admin/tokens/import" variant="default">
      {t('import')}
    </Button>
  );

  return (
    <Page
      title={t('title')}
      subtitle={tokens?.totalCount != null && t('count', { count: tokens.totalCount })}
      actions={
        mayManage && (
          <>
            {importLink}
            {generate}
          </>
        )
      }
    >
      <Group align="flex-end">
        <SearchField
          label={t('search')}
          value={filters.search ?? ''}
          onChange={(search) => filter({ search })}
        />
        <MultiSelect
          aria-label={t('status')}
          placeholder={filters.status?.length ? '' : t('anyStatus')}
          data={statuses.map((value) => ({ value, label: word(value) }))}
          value={filters.status ?? []}
          onChange={(status) => filter({ status: status as TokenStatus[] })}
          miw={180}
          clearable
          clearButtonProps={{ 'aria-label': t('dropFilter') }}
        />
        {profiles.length > 0 && (
          <Select
            aria-label={t('profile')}
            placeholder={t('anyProfile')}
            data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
            value={filters.profile ?? null}
            onChange={(profile) => filter({ profile: profile ?? '' })}
            clearable
            clearButtonProps={{ 'aria-label': t('dropFilter') }}
          />
        )}
        <TextInput
          type="date"
          label={t('expiresBefore')}
          value={filters.expiresBefore ?? ''}
          onChange={(event) => filter({ expiresBefore: event.currentTarget.value })}
        />
        {isFiltered && (
          <Button variant="subtle" onClick={() => onQuery({})}>
            {t('dropFilters')}
          </Button>
        )}
      </Group>
      {selected.size > 0 && (
        <SelectionActs
          tokenIds={[...selected]}
          onDone={() => {
            setSelected(new Set());
            void refetch();
          }}
          onClear={() => setSelected(new Set())}
        />
      )}
      {error && !tokens ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('title')}
          rows={tokens?.nodes}
          rowKey={(token) => token.id}
          {...(mayEnable || mayManage
            ? {
                selection: {
                  selected,
                  onChange: setSelected,
                  name: (token: { serialNumber: string }) => token.serialNumber,
                },
              }
            : {})}
          columns={[
            {
              key: 'serial',
              header: t('serial'),
              cell: (token) => (
                <Anchor component={Link} to={`/admin/tokens/${encodeURIComponent(token.serialNumber)}`}>
                  <SerialNumber value={token.serialNumber} />
                </Anchor>
              ),
            },
            {
              key: 'status',
              header: t('status'),
              cell: (token) => (
                <Group gap="xs">
                  <StatusBadge status={token.status} />
                  <TokenMarks token={token} />
                </Group>
              ),
            },
            {
              key: 'owner',
              header: t('owner'),
              cell: (token) =>
                token.assignedTo && (
                  <Anchor
                    component={Link}
                    to={`/admin/users/${encodeURIComponent(token.assignedTo.userName)}`}
                  >
                    {token.assignedTo.userName}
                  </Anchor>
                ),
            },
            { key: 'profile', header: t('profile'), cell: (token) => token.profile?.name },
            {
              key: 'used',
              header: t('lastUsed'),
              cell: (token) => (token.lastUsedAt ? <TimeText at={token.lastUsedAt} /> : ''),
            },
            {
              key: 'expires',
              header: t('expires'),
              cell: (token) => (token.expiresOn ? <DayText day={token.expiresOn} /> : ''),
            },
          ]}
          empty={
            isFiltered ? (
              <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>
            ) : (
              <EmptyState title={t('none')} action={generate}>
                {t('noneHint')}
              </EmptyState>
            )
          }
        />
      )}
      <Pager pageInfo={tokens?.pageInfo} onPage={(cursor) => onQuery({ ...filters, ...cursor })} />
      {mayManage && make && (
        <GenerateTokens onClose={() => onQuery({ ...filters })} onMade={() => void refetch()} />
      )}
    </Page>
  );
}
