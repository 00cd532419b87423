import { useQuery } from '@apollo/client/react';
import { Alert, Anchor, Button, Group, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay, useSession } from '../../lib/session.ts';
import { DataTable, DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { History } from '../../ui/History.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { TokenMarks } from '../../ui/TokenMarks.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import { EditUser } from './EditUser.tsx';
import { EnableUser } from './EnableUser.tsx';
import { SetPassword } from './SetPassword.tsx';

const UserDocument = graphql(`
  query User($userName: String!, $history: Boolean!) {
    user(userName: $userName) {
      id
      userName
      givenName
      familyName
      email
      mailCertificate
      enabled
      roles
      createdAt
      lastSignInAt
      mustChangePassword
      tokens {
        id
        serialNumber
        status
        nickname
        device
        expiresOn
        lastUsedAt
        managedElsewhere
        onDevice
      }
      history(first: 30) @include(if: $history) {
        nodes {
          ...AuditSentence
        }
      }
    }
  }
`);

/** One person: what they have, what can be done for them, what happened. */
export function UserPage({ userName }: { userName: string }) {
  const t = useTranslations('users');
  const self = useSession().user;
  const mayManage = useMay('USERS_MANAGE');
  const mayEnable = useMay('USERS_ENABLE');
  const mayAssign = useMay('TOKENS_MANAGE');
  const mayDistribute = useMay('TOKENS_DISTRIBUTE');
  const mayHistory = useMay('HISTORY_READ');
  const [dialog, setDialog] = useState<'edit' | 'enable' | 'password'>();
  const { data, error, refetch } = useQuery(UserDocument, {
    variables: { userName, history: mayHistory },
    fetchPolicy: 'cache-and-network',
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const { user } = data;
  if (!user) return <NotFound />;
  const name = `${user.givenName} ${user.familyName}`;
  const isSelf = user.id === self.id;
  const close = (changed: boolean) => {
    setDialog(undefined);
    if (changed) void refetch();
  };
  const assignHref = `/admin/users/${encodeURIComponent(user.userName)}/assign`;

  return (
    <Page
      title={name}
      subtitle={user.enabled ? user.userName : `${user.userName} · ${t('disabled')}`}
      actions={
        <>
          {mayAssign && !isSelf && user.enabled && (
            <Button component={Link} to={assignHref}>
              {t('assignMore')}
            </Button>
          )}
          {(mayManage || mayEnable) && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default">{t('more')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                {mayManage && <Menu.Item onClick={() => setDialog('edit')}>{t('edit')}</Menu.Item>}
                {mayManage && !isSelf && (
                  <Menu.Item onClick={() => setDialog('password')}>{t('setPassword')}</Menu.Item>
                )}
                {mayEnable && !isSelf && (
                  <Menu.Item onClick={() => setDialog('enable')}>
                    {t(user.enabled ? 'disable' : 'enable')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {isSelf && (
        <Alert variant="outline" color="ink.7">
          {t('isYou')}
        </Alert>
      )}
      <Facts
        items={[
          { label: t('email'), value: user.email ?? t('noEmail') },
          { label: t('mails'), value: user.mailCertificate && t('mailsEncrypted') },
          {
            label: t('roles'),
            value: user.roles.map((role) => t(`role.${role}`)).join(', ') || t('noRoles'),
          },
          {
            label: t('lastSignIn'),
            value: user.lastSignInAt ? <TimeText at={user.lastSignInAt} /> : t('never'),
          },
          { label: t('created'), value: <TimeText at={user.createdAt} /> },
          { label: t('password'), value: user.mustChangePassword ? t('mustChange') : null },
        ]}
      />
      <Section title={t('tokens')}>
        <DataTable
          label={t('tokens')}
          rows={user.tokens}
          rowKey={(token) => token.id}
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
              header: t('state'),
              cell: (token) => (
                <Group gap="xs">
                  <StatusBadge status={token.status} />
                  <TokenMarks token={token} />
                </Group>
              ),
            },
            {
              key: 'device',
              header: t('device'),
              cell: (token) => [token.nickname, token.device].filter(Boolean).join(' · '),
            },
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
            {
              key: 'acts',
              header: t('acts'),
              cell: (token) =>
                mayDistribute &&
                !isSelf &&
                user.enabled &&
                !token.managedElsewhere && (
                  <Anchor
                    component={Link}
                    to="/admin/distribute"
                    search={{ token: token.serialNumber } as never}
                    size="sm"
                  >
                    {t('distribute')}
                  </Anchor>
                ),
            },
          ]}
          empty={
            <EmptyState title={t('noTokens', { name })}>
              {mayAssign && !isSelf && t('noTokensHint')}
            </EmptyState>
          }
        />
      </Section>
      {user.history && (
        <Section title={t('history')}>
          <History events={user.history.nodes} />
        </Section>
      )}
      {dialog === 'edit' && <EditUser user={user} onClose={close} />}
      {dialog === 'password' && <SetPassword user={user} onClose={() => close(true)} />}
      {dialog === 'enable' && <EnableUser user={user} onClose={close} />}
    </Page>
  );
}
