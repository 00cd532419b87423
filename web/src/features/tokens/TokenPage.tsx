import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useMay, useSession } from '../../lib/session.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { History } from '../../ui/History.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { TokenMarks } from '../../ui/TokenMarks.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import { Distributions } from './Distributions.tsx';
import { LockedToken } from './LockedToken.tsx';
import { TokenAct } from './SelectionActs.tsx';
import { TokenNotes } from './TokenNotes.tsx';

const TokenDocument = graphql(`
  query Token($serialNumber: String!, $history: Boolean!) {
    token(serialNumber: $serialNumber) {
      id
      serialNumber
      algorithm
      status
      enabled
      tokencodeLength
      tokencodeInterval
      pinStyle
      managedElsewhere
      onDevice
      expiresOn
      nickname
      device
      deviceBinding
      boundDeviceId
      hasLiveSeed
      hasProvisionalSeed
      createdAt
      assignedAt
      distributedAt
      activatedAt
      confirmedAt
      lastUsedAt
      lockedAt
      assignedTo {
        id
        userName
        givenName
        familyName
      }
      profile {
        id
        name
      }
      distributions {
        id
        state
        deliveryMethod
        deviceBinding
        createdAt
        expiresAt
        profile {
          id
          name
        }
      }
      history(first: 50) @include(if: $history) {
        nodes {
          ...AuditSentence
        }
      }
    }
  }
`);

/** One token: its state, its facts, its distributions, its history. */
export function TokenPage({ serialNumber }: { serialNumber: string }) {
  const t = useTranslations('tokens');
  const self = useSession().user;
  const mayEnable = useMay('TOKENS_ENABLE');
  const mayManage = useMay('TOKENS_MANAGE');
  const mayDistribute = useMay('TOKENS_DISTRIBUTE');
  const mayHistory = useMay('HISTORY_READ');
  const [act, setAct] = useState<'enable' | 'disable' | 'assign' | 'unassign'>();
  const { data, error, refetch } = useQuery(TokenDocument, {
    variables: { serialNumber, history: mayHistory },
    fetchPolicy: 'cache-and-network',
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const { token } = data;
  if (!token) return <NotFound />;
  const owner = token.assignedTo;
  const isMine = owner?.id === self.id;
  const mayAct = !isMine && (mayEnable || mayManage);
  const time = (at: string | null | undefined) => (at ? <TimeText at={at} /> : null);

  return (
    <Page
      title={t('titleOf', { serial: groupSerialNumber(token.serialNumber) })}
      subtitle={
        <Group gap="xs">
          <StatusBadge status={token.status} />
          <TokenMarks token={token} />
        </Group>
      }
      actions={
        <>
          {mayDistribute && owner && !isMine && token.enabled && !token.managedElsewhere && (
            <Button component={Link} to="/admin/distribute" search={{ token: token.serialNumber } as never}>
              {t(token.distributedAt ? 'distributeAgain' : 'distribute')}
            </Button>
          )}
          {mayManage && token.status === 'UNASSIGNED' && (
            <Button onClick={() => setAct('assign')}>{t('assign')}</Button>
          )}
          {mayAct && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default">{t('more')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                {mayEnable && (
                  <Menu.Item onClick={() => setAct(token.enabled ? 'disable' : 'enable')}>
                    {t(token.enabled ? 'disable' : 'enable')}
                  </Menu.Item>
                )}
                {mayManage && owner && (
                  <Menu.Item onClick={() => setAct('unassign')}>{t('unassign')}</Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      <TokenNotes token={token} />
      {token.lockedAt && (
        <LockedToken
          token={{ id: token.id, lockedAt: token.lockedAt }}
          name={owner ? `${owner.givenName} ${owner.familyName}` : ''}
          mayUnlock={mayEnable && !isMine}
        />
      )}
      <Facts
        items={[
          {
            label: t('owner'),
            value: owner ? (
              <Anchor component={Link} to={`/admin/users/${encodeURIComponent(owner.userName)}`}>
                {owner.givenName} {owner.familyName} ({owner.userName})
              </Anchor>
            ) : (
              t('noOwner')
            ),
          },
          { label: t('expires'), value: token.expiresOn ? <DayText day={token.expiresOn} /> : t('never') },
          {
            label: t('settings'),
            value: t('settingsOf', {
              algorithm: t(`algorithms.${token.algorithm}`),
              digits: token.tokencodeLength,
              seconds: token.tokencodeInterval,
            }),
          },
          { label: t('pin'), value: token.pinStyle === 'NONE' ? null : t(`pinStyles.${token.pinStyle}`) },
          { label: t('profile'), value: token.profile?.name },
          { label: t('nickname'), value: token.nickname },
          { label: t('device'), value: token.device },
          {
            label: t('binding'),
            value:
              token.deviceBinding &&
              t(`bindings.${token.deviceBinding}`) + (token.boundDeviceId ? `: ${token.boundDeviceId}` : ''),
          },
          {
            label: t('seed'),
            value: token.managedElsewhere ? null : t(seedWord(token)),
          },
          { label: t('assigned'), value: time(token.assignedAt) },
          { label: t('distributed'), value: time(token.distributedAt) },
          { label: t('activated'), value: time(token.activatedAt) },
          { label: t('confirmed'), value: time(token.confirmedAt) },
          { label: t('lastUsed'), value: time(token.lastUsedAt) },
          { label: t('made'), value: time(token.createdAt) },
        ]}
      />
      <Distributions
        distributions={token.distributions}
        mayRevoke={mayDistribute && !isMine}
        onChanged={() => void refetch()}
      />
      {token.history && (
        <Section title={t('history')}>
          <History events={token.history.nodes} />
        </Section>
      )}
      {act && (
        <TokenAct
          act={act}
          tokenIds={[token.id]}
          onClose={(changed) => {
            setAct(undefined);
            if (changed) void refetch();
          }}
        />
      )}
    </Page>
  );
}

/** How its seed stands, as a key of the texts. */
function seedWord({
  hasLiveSeed,
  hasProvisionalSeed,
}: {
  hasLiveSeed: boolean;
  hasProvisionalSeed: boolean;
}) {
  if (hasProvisionalSeed) return hasLiveSeed ? 'seedBoth' : 'seedProvisional';
  return hasLiveSeed ? 'seedLive' : 'seedNone';
}
