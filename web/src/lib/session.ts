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

/** Who is signed in, or null; asks the server each time. */
export async function loadSession(): Promise<Session | null> {
  const { data } = await apollo.query({ query: SessionDocument, fetchPolicy: 'network-only' });
  return data?.session ?? null;
}

/** The session of the page; only inside pages that need one. */
export function useSession(): Session {
  const session = useRouteContext({ strict: false, select: (context) => context.session });
  if (!session) throw new Error('This page has no session.');
  return session;
}

/** Whether the person may do what a permission allows. */
export const useMay = (permission: Permission): boolean => useSession().permissions.includes(permission);
