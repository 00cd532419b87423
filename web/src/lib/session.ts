import { useRouteContext } from '@tanstack/react-router';
import { graphql } from '../gql';
import type { Permission, SessionQuery } from '../gql/graphql';
import { apollo } from './apollo.ts';

const SessionDocument = graphql(`
  query Session {
    session {
      permissions
      mustChangePassword
      expiresAt
      user {
        id
        userName
        givenName
        familyName
      }
    }
  }
`);

export type Session = NonNullable<SessionQuery['session']>;

/** Milliseconds after which an answer is asked for again; long enough for the pages to look at it. */
const FRESH = 250;
let last: { session: Session | null; toldAt: number } | undefined;
/** Id of the person for whom everything was loaded that is kept. */
let loadedFor: string | undefined;

/** Who is signed in, or null; asks the server each time. What was loaded for somebody else is forgotten. */
export async function loadSession(): Promise<Session | null> {
  const { data } = await apollo.query({ query: SessionDocument, fetchPolicy: 'network-only' });
  const session = data?.session ?? null;
  last = { session, toldAt: Date.now() };
  if (session && session.user.id !== loadedFor) {
    const isSomebodyElse = loadedFor !== undefined;
    loadedFor = session.user.id;
    if (isSomebodyElse) await apollo.resetStore().catch(() => {});
  }
  return session;
}

/** Runs when the session was told anew; set by the router, which then looks at it again. */
export const onSession = { told: () => {} };

/**
 * The session as it was told last, so that no click waits for it; null as `loadSession` says. It is asked for again
 * meanwhile, and `onSession.told` runs when the answer is there. What a page may not show the server refuses anyway.
 */
export async function latestSession(): Promise<Session | null> {
  if (!last?.session) return loadSession();
  const { session, toldAt } = last;
  if (Date.now() - toldAt > FRESH) loadSession().then(onSession.told, () => {});
  return session;
}

/** The session of the page; only inside pages that need one. */
export function useSession(): Session {
  const session = useRouteContext({ strict: false, select: (context) => context.session });
  if (!session) throw new Error('This page has no session.');
  return session;
}

/** Whether the person may do what a permission allows. */
export const useMay = (permission: Permission): boolean => useSession().permissions.includes(permission);
