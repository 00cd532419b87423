import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';
import { graphql } from '../gql';
import type { JobFactsFragment, JobState } from '../gql/graphql';
import { onSocket } from './apollo.ts';
import { type ActionFailure, failureOf } from './use-action.ts';

graphql(`
  fragment JobFacts on Job {
    id
    kind
    name
    state
    total
    done
    skipped
    failed
    message
    dryRun
    isCancelling
    isRetryable
    createdAt
    startedAt
    finishedAt
    rowsPerSecond
    secondsLeft
    rowsCut
    counts {
      name
      number
    }
    createdBy {
      id
      userName
    }
  }
`);
const JobDocument = graphql(`
  query Job($id: ID!) {
    job(id: $id) {
      ...JobFacts
    }
  }
`);
const JobChangedDocument = graphql(`
  subscription JobChanged($id: ID!) {
    jobChanged(id: $id) {
      ...JobFacts
    }
  }
`);

/** While the socket is down the server is asked this often. */
const POLL_MS = 2000;

export type LiveJob = JobFactsFragment;

/** Whether a job goes on by itself. */
export const isUnderWay = (state: JobState): boolean => state === 'QUEUED' || state === 'RUNNING';

/** A job, kept up to date until it ends: pushed over the socket, and asked for while that is down. */
export function useJob(id: string | undefined) {
  const client = useApolloClient();
  const [known, setKnown] = useState<{ id: string; job: LiveJob | null }>();
  const [failure, setFailure] = useState<ActionFailure | null>(null);
  const [isDown, setIsDown] = useState(false);
  const [asked, setAsked] = useState(0);
  const ask = useCallback(() => setAsked((times) => times + 1), []);
  const job = known && known.id === id ? known.job : undefined;
  const isLive = job ? isUnderWay(job.state) : job === undefined && Boolean(id);

  useEffect(() => {
    if (!id) return undefined;
    let gone = false;
    const ask = async () => {
      const { data } = await client.query({
        query: JobDocument,
        variables: { id },
        fetchPolicy: 'network-only',
      });
      if (gone) return;
      setKnown({ id, job: data?.job ?? null });
      setFailure(null);
    };
    ask().catch((error: unknown) => !gone && setFailure(failureOf(error)));
    return () => {
      gone = true;
    };
  }, [client, id, asked]);
  useSubscription(JobChangedDocument, {
    variables: { id: id ?? '' },
    skip: !isLive || !job,
    onData: ({ data }) => data.data && setKnown({ id: data.data.jobChanged.id, job: data.data.jobChanged }),
    onError: () => setIsDown(true),
  });
  useEffect(() => onSocket((open) => setIsDown(!open)), []);
  useEffect(() => {
    if (!isLive || !isDown) return undefined;
    const timer = setInterval(ask, POLL_MS);
    return () => clearInterval(timer);
  }, [ask, isLive, isDown]);

  return {
    /** Undefined until it is known; null when there is none. */
    job,
    failure: job ? null : failure,
    /** Asks anew, after an act. */
    refresh: ask,
  };
}
