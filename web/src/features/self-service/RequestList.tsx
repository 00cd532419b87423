import { useQuery } from '@apollo/client/react';
import { Anchor, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRequestNews } from './use-request-news.ts';
import { useRequestWords } from './use-request-words.ts';

const MyRequestsDocument = graphql(`
  query MyRequests {
    tokenRequests(last: 50, filter: { mine: true }) {
      nodes {
        ...MyRequest
      }
    }
    selfServiceSettings {
      requestsEnabled
      offers {
        displayName
        profile {
          id
        }
      }
    }
  }
`);

/** All requests of one's own, newest first. */
export function RequestList() {
  const t = useTranslations('requests');
  const tMy = useTranslations('my');
  const { data, error, refetch } = useQuery(MyRequestsDocument, { fetchPolicy: 'cache-and-network' });
  useRequestNews(refetch);
  const { requestsEnabled, offers } = data?.selfServiceSettings ?? { requestsEnabled: false, offers: [] };
  const { what, line } = useRequestWords(offers);
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  return (
    <Page title={t('listTitle')} subtitle={t('listHint')}>
      <DataTable
        label={t('listTitle')}
        rows={data?.tokenRequests.nodes.toReversed()}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'what',
            header: t('what'),
            cell: (request) => (
              <Anchor
                component={Link}
                to="/my/requests/$requestId"
                params={{ requestId: request.id } as never}
                style={{ overflowWrap: 'anywhere' }}
              >
                {what(request)}
              </Anchor>
            ),
          },
          {
            key: 'state',
            header: t('state'),
            cell: (request) => <span style={{ overflowWrap: 'anywhere' }}>{line(request)}</span>,
          },
          { key: 'asked', header: t('asked'), cell: ({ createdAt }) => <TimeText at={createdAt} /> },
        ]}
        empty={
          <EmptyState
            title={t('listEmpty')}
            action={
              requestsEnabled &&
              offers.length > 0 && (
                <Button component={Link} to="/my/request">
                  {tMy('askFor')}
                </Button>
              )
            }
          >
            {t('listEmptyHint')}
          </EmptyState>
        }
      />
      <div>
        <Anchor component={Link} to="/my">
          {t('backHome')}
        </Anchor>
      </div>
    </Page>
  );
}
