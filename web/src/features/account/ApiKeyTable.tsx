import { Anchor, Button, Code, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleOff, IconClockOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiKeyState } from '../../gql/graphql';
import { DataTable } from '../../ui/DataTable.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import type { ApiKeyFacts } from './account-documents.ts';
import classes from './ApiKeyTable.module.css';
import { RevokeApiKey } from './RevokeApiKey.tsx';
import { usePermissionWords } from './use-permission-words.ts';

type ApiKeyTableProps = {
  apiKeys: readonly ApiKeyFacts[] | undefined;
  /** Everybody's: with a column of owners. */
  owners?: boolean;
  mayRevoke: boolean;
  onChanged: () => void;
  empty: ReactNode;
};

/** API keys with what they may do, their use and end. */
export function ApiKeyTable({ apiKeys, owners, mayRevoke, onChanged, empty }: ApiKeyTableProps) {
  const t = useTranslations('account.keys');
  const [revoking, setRevoking] = useState<ApiKeyFacts>();
  return (
    <>
      <DataTable
        label={t('title')}
        rows={apiKeys}
        rowKey={({ id }) => id}
        empty={empty}
        columns={[
          {
            key: 'name',
            header: t('name'),
            cell: ({ name, prefix }) => (
              <Stack gap={2} align="flex-start" className={classes['name']}>
                {name}
                <Code className={classes['prefix']}>{prefix}…</Code>
              </Stack>
            ),
          },
          ...(owners
            ? [
                {
                  key: 'owner',
                  header: t('owner'),
                  width: 140,
                  cell: ({ ownerUserName }: ApiKeyFacts) => (
                    <Anchor component={Link} to={`/admin/users/${encodeURIComponent(ownerUserName)}`}>
                      {ownerUserName}
                    </Anchor>
                  ),
                },
              ]
            : []),
          { key: 'may', header: t('may'), cell: (apiKey) => <May apiKey={apiKey} /> },
          {
            key: 'used',
            header: t('lastUsed'),
            cell: ({ lastUsedAt, lastUsedAddress }) =>
              lastUsedAt ? (
                <Stack gap={0}>
                  <TimeText at={lastUsedAt} />
                  <Text span size="xs" c="dimmed">
                    {t('lastUsedFrom', { address: lastUsedAddress ?? '' })}
                  </Text>
                </Stack>
              ) : (
                t('never')
              ),
          },
          {
            key: 'expires',
            header: t('expires'),
            cell: ({ state, expiresAt }) =>
              state === 'ACTIVE' ? <TimeText at={expiresAt} /> : <StateText state={state} />,
          },
          ...(mayRevoke
            ? [
                {
                  key: 'act',
                  header: t('act'),
                  cell: (apiKey: ApiKeyFacts) =>
                    apiKey.state === 'ACTIVE' && (
                      <Button
                        className="flush"
                        variant="subtle"
                        size="compact-sm"
                        aria-label={t('revokeOf', { name: apiKey.name })}
                        onClick={() => setRevoking(apiKey)}
                      >
                        {t('revoke')}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
      {revoking && (
        <RevokeApiKey
          apiKey={revoking}
          onClose={(changed) => {
            setRevoking(undefined);
            if (changed) onChanged();
          }}
        />
      )}
    </>
  );
}

const looks = {
  ACTIVE: { Icon: IconCircleCheckFilled, color: 'var(--sy-working)' },
  EXPIRED: { Icon: IconClockOff, color: 'var(--sy-quiet)' },
  REVOKED: { Icon: IconCircleOff, color: 'var(--sy-stopped)' },
} as const;

/** Whether a key works: a shape and a word. */
function StateText({ state }: { state: ApiKeyState }) {
  const t = useTranslations('account.keys');
  const { Icon, color } = looks[state];
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <Icon size={16} color={color} aria-hidden="true" />
      {t(`states.${state}`)}
    </span>
  );
}

/** More than these are shown on demand. */
const FEW = 4;

/** What a key may do now, and what it was made for and may no longer. */
function May({ apiKey: { permissions, effectivePermissions } }: { apiKey: ApiKeyFacts }) {
  const t = useTranslations('account.keys');
  const { wordOf } = usePermissionWords();
  const [all, setAll] = useState(false);
  const lost = permissions.filter((permission) => !effectivePermissions.includes(permission));
  const shown = all ? effectivePermissions : effectivePermissions.slice(0, FEW);
  const more = effectivePermissions.length - shown.length;
  return (
    <Stack gap={2} className={classes['may']}>
      <span>
        {shown.map(wordOf).join(' · ')}
        {more > 0 && (
          <>
            {' '}
            <UnstyledButton className="link-button" onClick={() => setAll(true)}>
              {t('more', { count: more })}
            </UnstyledButton>
          </>
        )}
      </span>
      {lost.length > 0 && (
        <Text span size="xs" c="dimmed">
          {t('mayNot', { permissions: lost.map(wordOf).join(' · ') })}
        </Text>
      )}
    </Stack>
  );
}
