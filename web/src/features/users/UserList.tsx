import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { type PageCursor, Pager, pageArgs } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { CreateUser } from './CreateUser.tsx';

const UsersDocument = graphql(`
  query Users($first: Int, $after: String, $last: Int, $before: String, $filter: UserFilter) {
    users(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        id
        userName
        givenName
        familyName
        email
        enabled
        roles
        lastSignInAt
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);

export type UserListQuery = PageCursor & { search?: string; enabled?: boolean; add?: boolean };

/** People, found by any part of their names. */
export function UserList({
  query,
  onQuery,
}: {
  query: UserListQuery;
  onQuery: (query: UserListQuery) => void;
}) {
  const t = useTranslations('users');
  const mayManage = useMay('USERS_MANAGE');
  const { search = '', enabled } = query;
  const { data, error, refetch } = useQuery(UsersDocument, {
    variables: { ...pageArgs(query), filter: { search, enabled: enabled ?? null } },
    fetchPolicy: 'cache-and-network',
  });
  const users = data?.users;
  const add = mayManage && <Button onClick={() => onQuery({ ...query, add: true })}>{t('add')}</Button>;
  const filtered = Boolean(search) || enabled !== undefined;

  return (
    <Page title={t('title')} actions={add}>
      <Group>
        <SearchField
          label={t('search')}
          value={search}
          onChange={(text) =>
            onQuery({ ...(enabled === undefined ? {} : { enabled }), ...(text ? { search: text } : {}) })
          }
        />
        <SegmentedControl
          aria-label={t('show')}
          value={enabled === undefined ? 'all' : String(enabled)}
          onChange={(value) =>
            onQuery({
              ...(search ? { search } : {}),
              ...(value === 'all' ? {} : { enabled: value === 'true' }),
            })
          }
          data={[
            { value: 'all', label: t('all') },
            { value: 'true', label: t('enabled') },
            { value: 'false', label: t('disabled') },
          ]}
        />
      </Group>
      {error && !users ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('title')}
          rows={users?.nodes}
          rowKey={(user) => user.id}
          columns={[
            {
              key: 'name',
              header: t('name'),
              cell: (user) => (
                <Anchor component={Link} to={`/admin/users/${encodeURIComponent(user.userName)}`}>
                  {user.givenName} {user.familyName}
                </Anchor>
              ),
            },
            { key: 'userName', header: t('userName'), cell: (user) => user.userName },
            { key: 'email', header: t('email'), cell: (user) => user.email },
            {
              key: 'roles',
              header: t('roles'),
              cell: (user) => user.roles.map((role) => t(`role.${role}`)).join(', '),
            },
            {
              key: 'signIn',
              header: t('lastSignIn'),
              cell: (user) => (user.lastSignInAt ? <TimeText at={user.lastSignInAt} /> : ''),
            },
            {
              key: 'state',
              header: t('state'),
              cell: (user) =>
                user.enabled ? (
                  t('enabled')
                ) : (
                  <Text span c="var(--sy-stopped)">
                    {t('disabled')}
                  </Text>
                ),
            },
          ]}
          empty={
            filtered ? (
              <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>
            ) : (
              <EmptyState title={t('none')} action={add}>
                {t('noneHint')}
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        pageInfo={users?.pageInfo}
        onPage={(cursor) =>
          onQuery({ ...(search ? { search } : {}), ...(enabled === undefined ? {} : { enabled }), ...cursor })
        }
      />
      {mayManage && (
        <CreateUser
          opened={query.add === true}
          onClose={() => {
            const { add: _, ...rest } = query;
            onQuery(rest);
          }}
          onMade={() => void refetch()}
        />
      )}
    </Page>
  );
}
