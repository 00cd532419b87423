import { useSubscription } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { graphql } from '../../gql';
import { useSession } from '../../lib/session.ts';

const RequestNewsDocument = graphql(`
  subscription RequestNews {
    tokenRequestsChanged {
      requester {
        id
      }
      ...MyRequest
    }
  }
`);

/** News come in bursts: one step of a request changes its token, too. */
const SETTLE_MS = 300;

/** Loads a page's query again whenever one of the viewer's own requests has changed. */
export function useRequestNews(refetch: () => Promise<unknown>): void {
  const self = useSession().user.id;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useSubscription(RequestNewsDocument, {
    ignoreResults: true,
    onData: ({ data }) => {
      // Approvers hear of everybody's requests.
      if (data.data?.tokenRequestsChanged.requester.id !== self) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void refetch().catch(() => undefined), SETTLE_MS);
    },
  });
}
