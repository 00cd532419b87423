import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useNow, useTranslations } from 'use-intl';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { MyHomeDocument, type MyRequest, type MySettings, type MyToken } from './my-documents.ts';
import { mayAsk, nextStep } from './next-step.ts';
import { NextStepCard } from './NextStepCard.tsx';
import classes from './MyAuthenticators.module.css';
import { RequestLine } from './RequestLine.tsx';
import { isOpen } from './request-state.ts';
import { TokenCard } from './TokenCard.tsx';
import { useRequestNews } from './use-request-news.ts';

/** What has ended is told for so long. */
const TOLD_MS = 14 * 86_400_000;

/** Self-service home: the next step on top, then one's tokens, then one's requests. Follows what happens by itself. */
export function MyAuthenticators() {
  const t = useTranslations('my');
  usePageTitle(t('title'));
  const { data, error, refetch } = useQuery(MyHomeDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: 15_000,
  });
  useRequestNews(refetch);
  const asked = useLocation({ select: ({ state }) => state.asked });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  const tokens = data?.viewer?.tokens;
  const settings = data?.selfServiceSettings;
  if (!tokens || !settings) return <DelayedSkeleton />;

  const requests = data.tokenRequests.nodes.toReversed();
  const next = nextStep(tokens, requests, settings);
  const reload = () => void refetch();
  return (
    <Stack gap="lg">
      <Title order={1}>{t('title')}</Title>
      <div aria-live="polite">{next && <NextStepCard step={next} settings={settings} />}</div>
      {tokens.length === 0 ? (
        <NoToken settings={settings} isComing={requests.some(isOpen)} />
      ) : (
        <Section
          title={t('tokens')}
          action={
            mayAsk(settings) && (
              <Button component={Link} to="/my/request" variant="default">
                {t('askAnother')}
              </Button>
            )
          }
        >
          {inOrder(tokens).map((token) => (
            <TokenCard
              key={token.id}
              token={token}
              isNext={next !== null && 'token' in next && next.token === token}
              requests={requests}
              settings={settings}
              onChanged={reload}
            />
          ))}
        </Section>
      )}
      <Requests requests={requests} offers={settings.offers} asked={asked} onChanged={reload} />
    </Stack>
  );
}

/** Tokens that work no more come last. */
const inOrder = (tokens: readonly MyToken[]): MyToken[] => {
  const isOver = ({ status }: MyToken) => ['LOST', 'EXPIRED', 'REPLACED'].includes(status);
  return [...tokens.filter((token) => !isOver(token)), ...tokens.filter(isOver)];
};

function NoToken({ settings, isComing }: { settings: MySettings; isComing: boolean }) {
  const t = useTranslations('my');
  const canAsk = mayAsk(settings) && !isComing;
  return (
    <EmptyState
      title={t('noToken')}
      action={
        canAsk && (
          <Button component={Link} to="/my/request">
            {t('askFor')}
          </Button>
        )
      }
    >
      {t(isComing ? 'noTokenComing' : canAsk ? 'noTokenAsk' : 'noTokenHint')}
    </EmptyState>
  );
}

type RequestsProps = {
  requests: readonly MyRequest[];
  offers: MySettings['offers'];
  asked: string | undefined;
  onChanged: () => void;
};

/** Open requests and those that ended lately; nothing for who never asked. */
function Requests({ requests, offers, asked, onChanged }: RequestsProps) {
  const t = useTranslations('my');
  const tRequests = useTranslations('requests');
  const now = useNow().getTime();
  if (requests.length === 0) return null;
  const told = requests.filter(
    (request) => isOpen(request) || now - Date.parse(request.endedAt ?? request.createdAt) < TOLD_MS,
  );
  return (
    <Section
      title={t('requests')}
      action={
        <Anchor component={Link} to="/my/requests" size="sm">
          {tRequests('all')}
        </Anchor>
      }
    >
      {told.length === 0 && (
        <Text c="dimmed" size="sm">
          {t('noneOpen')}
        </Text>
      )}
      <ul className={classes['requests']}>
        {told.map((request) => (
          <RequestLine
            key={request.id}
            request={request}
            offers={offers}
            isNew={request.id === asked}
            onChanged={onChanged}
          />
        ))}
      </ul>
    </Section>
  );
}
