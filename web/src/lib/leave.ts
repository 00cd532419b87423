import { apollo, closeSocket } from './apollo.ts';
import { signOut } from './auth.ts';

/**
 * Ends the session and forgets everything that was loaded in it. Without an answer nobody knows whether it has ended: the
 * sign-in page asks, and leads back when it has not.
 */
export async function leave(): Promise<void> {
  await closeSocket();
  await signOut().catch(() => {});
  await apollo.clearStore();
  location.assign('/sign-in');
}
