import { redirect } from '@tanstack/react-router';
import { latestSession, type Session } from './session.ts';

/** For `beforeLoad`: the session, or the way to sign-in or to the change of a password that somebody else set. */
export async function requireSession(location: { href: string }): Promise<{ session: Session }> {
  const session = await latestSession();
  if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
  if (session.mustChangePassword) throw redirect({ to: '/change-password' });
  return { session };
}
