import { useQuery } from '@apollo/client/react';
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { MyTokensQuery } from '../../gql/graphql';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { TokenCard } from './TokenCard.tsx';

const MyTokensDocument = graphql(`
  query MyTokens {
    viewer {
      id
      tokens {
        id
        serialNumber
        status
        enabled
        nickname
        device
        tokencodeLength
        expiresOn
        lastUsedAt
        hasLiveSeed
        hasProvisionalSeed
        pendingDistribution {
          id
          deliveryMethod
          expiresAt
        }
        openActivation {
          id
          state
          secondsLeft
          tokencodeLength
        }
      }
    }
  }
`);

export type MyToken = NonNullable<MyTokensQuery['viewer']>['tokens'][number];

/** What waits for the owner of a token: a code to scan, a code to type, or nothing. */
export function nextStepOf(token: MyToken): 'scan' | 'confirm' | 'none' {
  if (!token.enabled || token.status === 'EXPIRED') return 'none';
  if (token.openActivation?.state === 'ACTIVATED') return 'confirm';
  return token.pendingDistribution?.deliveryMethod === 'CT_KIP_QR' ? 'scan' : 'none';
}

/** Self-service home: the next step on top, then one's tokens. */
export function MyAuthenticators() {
  const t = useTranslations('my');
  usePageTitle(t('title'));
  const { data, error, refetch } = useQuery(MyTokensDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: 15_000,
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  const tokens = data?.viewer?.tokens;
  if (!tokens) return <DelayedSkeleton />;
  const next = tokens.find((token) => nextStepOf(token) !== 'none');
  return (
    <Stack gap="lg">
      <Title order={1}>{t('title')}</Title>
      {next && <NextStep token={next} />}
      {tokens.length === 0 && <EmptyState title={t('noToken')}>{t('noTokenHint')}</EmptyState>}
      {tokens.map((token) => (
        <TokenCard key={token.id} token={token} isNext={token === next} />
      ))}
    </Stack>
  );
}

function NextStep({ token }: { token: MyToken }) {
  const t = useTranslations('my');
  const step = nextStepOf(token) === 'confirm' ? 'confirm' : 'scan';
  return (
    <Card withBorder padding="lg" style={{ borderColor: 'var(--mantine-primary-color-filled)' }}>
      <Stack gap="xs" align="flex-start">
        <Title order={2}>{t(`next.${step}.title`)}</Title>
        <Text>{t(`next.${step}.text`)}</Text>
        <Group gap="xs">
          <Text c="dimmed" size="sm">
            {t('token')}
          </Text>
          <SerialNumber value={token.serialNumber} />
        </Group>
        <Button
          component={Link}
          to="/my/tokens/$serialNumber/activate"
          params={{ serialNumber: token.serialNumber } as never}
          mt="xs"
        >
          {t(`next.${step}.button`)}
        </Button>
      </Stack>
    </Card>
  );
}
