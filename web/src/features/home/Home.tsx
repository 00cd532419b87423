import { useQuery } from '@apollo/client/react';
import { Anchor, List, SimpleGrid, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { HomeQuery } from '../../gql/graphql';
import { useInstallation } from '../../lib/installation.ts';
import { useMay } from '../../lib/session.ts';
import { History } from '../../ui/History.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PhoneHindrance } from '../../ui/PhoneHindrance.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { DayText, TimeText } from '../../ui/TimeText.tsx';
import { WaitsForMe } from './WaitsForMe.tsx';

const HomeDocument = graphql(`
  query Home($expiresBefore: Date!, $tokens: Boolean!, $audit: Boolean!) {
    waiting: tokens(first: 8, filter: { status: [PENDING] }) @include(if: $tokens) {
      nodes {
        ...HomeToken
      }
    }
    expiring: tokens(first: 8, filter: { expiresBefore: $expiresBefore, status: [ACTIVE, PENDING, ASSIGNED] })
      @include(if: $tokens) {
      totalCount
      nodes {
        ...HomeToken
      }
    }
    auditEvents(first: 8) @include(if: $audit) {
      nodes {
        ...AuditSentence
      }
    }
  }
  fragment HomeToken on Token {
    id
    serialNumber
    distributedAt
    expiresOn
    assignedTo {
      id
      userName
    }
  }
`);

const DAYS_30 = 30 * 24 * 3600 * 1000;
const inThirtyDays = () => new Date(Date.now() + DAYS_30).toISOString().slice(0, 10);

/** What waits for the viewer, what waits for a phone, what ends soon, what happened last, and for a newcomer the way of a token onto a phone. */
export function Home() {
  const t = useTranslations('admin.home');
  const installation = useInstallation();
  const may = {
    tokens: useMay('TOKENS_READ'),
    audit: useMay('AUDIT_READ'),
    profiles: useMay('PROFILES_MANAGE'),
  };
  const { data } = useQuery(HomeDocument, {
    variables: { expiresBefore: inThirtyDays(), tokens: may.tokens, audit: may.audit },
    fetchPolicy: 'cache-and-network',
  });
  return (
    <Page title={t('title')}>
      <PhoneHindrance />
      <WaitsForMe
        expiring={data?.expiring?.totalCount ?? data?.expiring?.nodes.length ?? 0}
        expiresBefore={inThirtyDays()}
      />
      {may.profiles && (
        <Section title={t('steps')}>
          <List type="ordered" spacing={4}>
            <List.Item>
              {t('step1')}{' '}
              <Anchor component={Link} to="/admin/profiles" underline="always">
                {t('profiles')}
              </Anchor>
            </List.Item>
            <List.Item>
              {t('step2')}{' '}
              <Anchor component={Link} to="/admin/tokens" underline="always">
                {t('tokens')}
              </Anchor>
            </List.Item>
            <List.Item>
              {t('step3')}{' '}
              <Anchor component={Link} to="/admin/distribute" underline="always">
                {t('distribute')}
              </Anchor>
            </List.Item>
            <List.Item>{t('step4')}</List.Item>
          </List>
        </Section>
      )}
      {may.tokens && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="xl">
          <Section title={t('waiting')}>
            <TokenList tokens={data?.waiting?.nodes} none={t('waitingNone')} when="distributedAt" />
          </Section>
          <Section title={t('expiring')}>
            <TokenList tokens={data?.expiring?.nodes} none={t('expiringNone')} when="expiresOn" />
          </Section>
        </SimpleGrid>
      )}
      {data?.auditEvents && (
        <Section title={t('latest')}>
          <History events={data.auditEvents.nodes} />
        </Section>
      )}
      {installation?.demo && (
        <Text c="dimmed" size="sm">
          {t('demo')}
        </Text>
      )}
    </Page>
  );
}

type HomeToken = NonNullable<HomeQuery['waiting']>['nodes'][number];

function TokenList(props: {
  tokens: readonly HomeToken[] | undefined;
  none: string;
  when: 'distributedAt' | 'expiresOn';
}) {
  const { tokens, none, when } = props;
  if (!tokens) return null;
  if (tokens.length === 0) return <Text c="dimmed">{none}</Text>;
  return (
    <List listStyleType="none" spacing={4} style={{ overflowWrap: 'anywhere' }}>
      {tokens.map((token) => (
        <List.Item key={token.id}>
          <Anchor component={Link} to={`/admin/tokens/${encodeURIComponent(token.serialNumber)}`}>
            <SerialNumber value={token.serialNumber} />
          </Anchor>{' '}
          {token.assignedTo?.userName}{' '}
          <Text span c="dimmed" size="sm">
            {when === 'expiresOn' && token.expiresOn && <DayText day={token.expiresOn} />}
            {when === 'distributedAt' && token.distributedAt && <TimeText at={token.distributedAt} />}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
