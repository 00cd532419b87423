import { useApolloClient, useQuery } from '@apollo/client/react';
import type { PageFactsFragment } from '../../gql/graphql';
import { AttentionDocument } from '../../lib/attention.ts';
import { isNewestFirst, type QueueQuery, queueVariables, tabOf } from './queue-query.ts';
import { QueueDocument, type QueueRequest } from './request-documents.ts';
import { useQueueNews } from './use-queue-news.ts';

/** A page of the queue in the order in which it is shown, kept up to date. */
export function useQueuePage(query: QueueQuery, onSay: (sentence: string) => void) {
  const client = useApolloClient();
  const tab = tabOf(query);
  const count = () => client.refetchQueries({ include: [AttentionDocument] });
  const { data, error, refetch } = useQuery(QueueDocument, {
    variables: queueVariables(query),
    fetchPolicy: 'cache-and-network',
  });
  const page = data?.tokenRequests;
  const nodes = page?.nodes as readonly QueueRequest[] | undefined;
  const { gone, forget } = useQueueNews({
    tab,
    shown: nodes,
    takesNew: tab !== 'closed' && !query.after && !query.before,
    onReload: () => reload(),
    onNews: () => void count().catch(() => undefined),
    onSay,
  });
  const reload = () => {
    const loaded = refetch().then(forget);
    void Promise.allSettled([loaded, count()]);
  };
  return {
    error,
    /** Undefined until it is loaded. */
    requests: isNewestFirst(query) ? nodes?.toReversed() : nodes,
    pageInfo: page && turned(page.pageInfo, isNewestFirst(query)),
    gone,
    forget,
    reload,
  };
}

/** For a list that is shown newest first the next page is the one before. */
const turned = (info: PageFactsFragment, isTurned: boolean): PageFactsFragment =>
  isTurned
    ? {
        hasNextPage: info.hasPreviousPage,
        hasPreviousPage: info.hasNextPage,
        startCursor: info.endCursor,
        endCursor: info.startCursor,
      }
    : info;
