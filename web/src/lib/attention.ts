import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import type { AttentionQuery } from '../gql/graphql';

export const AttentionDocument = graphql(`
  query Attention {
    attention {
      requestsForMe
      requestsNobodyCanDecide
      requestsWaitingForToken
      failedMails
      addressTrouble
      freeTokens
      failedJobs
    }
  }
`);

const POLL_MS = 60_000;

/** What waits for the viewer, at most a minute old; undefined until it is known, or when it is not asked for. */
export const useAttention = (skip = false): AttentionQuery['attention'] | undefined =>
  useQuery(AttentionDocument, { skip, pollInterval: POLL_MS, fetchPolicy: 'cache-and-network' }).data
    ?.attention as AttentionQuery['attention'] | undefined;
