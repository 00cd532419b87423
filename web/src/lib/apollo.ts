import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { ReplaySubject, takeUntil } from 'rxjs';

/** Where somebody is sent whose session has ended, or who must change the password; set by the router. */
export const onRefused = { signIn: () => {}, changePassword: () => {} };

const socket = createClient({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) =>
    new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** retries, 10_000))),
});

/** Told whenever the socket opens (true) or closes (false); answers how to stop. */
export function onSocket(listener: (open: boolean) => void): () => void {
  const stops = [socket.on('connected', () => listener(true)), socket.on('closed', () => listener(false))];
  return () => stops.forEach((stop) => stop());
}

/** Emits once the page is to be left. What is subscribed to ends first: else it would be sent into a closing socket. */
const leaving = new ReplaySubject<void>(1);
const untilLeaving = new ApolloLink((operation, forward) => forward(operation).pipe(takeUntil(leaving)));

/**
 * Ends the socket for good, before the session ends; the page is left afterwards. One that does not come up, because a
 * proxy lets none through, keeps nobody for longer than a second.
 */
export async function closeSocket(): Promise<void> {
  leaving.next();
  const closed = Promise.resolve(socket.dispose()).catch(() => {});
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))]);
}

const errors = new ErrorLink(({ error }) => {
  if (!CombinedGraphQLErrors.is(error)) return;
  const codes = error.errors.map(({ extensions }) => extensions?.code);
  if (codes.includes('UNAUTHENTICATED')) onRefused.signIn();
  if (codes.includes('PASSWORD_CHANGE_REQUIRED')) onRefused.changePassword();
});

const failures = [
  'InvalidInput',
  'NotFound',
  'InvalidState',
  'Conflict',
  'LimitReached',
  'Unsupported',
  'BadFile',
  'BadPassword',
];

/** Queries and mutations by POST, subscriptions by WebSocket. */
export const apollo = new ApolloClient({
  cache: new InMemoryCache({
    possibleTypes: { UserError: failures },
    typePolicies: {
      Session: { merge: true },
      Installation: { merge: true },
      // One of each, without an id: so what a save answers is what every page shows from then on.
      Settings: { keyFields: [] },
      SelfServiceSettings: { keyFields: [] },
      WorkflowPolicy: { keyFields: [] },
      Branding: { keyFields: [] },
      // An offer is known by its profile, so that pages that ask for different parts of it do not undo each other.
      ProfileOffer: { keyFields: ['profile', ['id']] },
    },
  }),
  link: errors.concat(
    ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      untilLeaving.concat(new GraphQLWsLink(socket)),
      new HttpLink({ uri: '/graphql' }),
    ),
  ),
});
