import { and, eq } from 'drizzle-orm';
import { recordAudit } from '../features/audit/record-audit.ts';
import { findUserByName } from '../features/users/find-user.ts';
import { users } from '../features/users/table.ts';
import { userNameKey } from '../features/users/user-name.ts';
import type { ActionDeps } from '../lib/deps.ts';
import type { Permission } from './permissions.ts';
import { verifyPassword } from './password.ts';
import { startSession } from './session.ts';
import { accountLimit, addressLimit, reserveAttempt, undoAttempt } from './throttle.ts';

export type SignInAnswer =
  | { outcome: 'signed-in'; token: string; expiresAt: Date }
  | { outcome: 'refused' }
  | { outcome: 'throttled'; retryAfterSeconds: number };

/**
 * Signs in by user name and password. An unknown name, a wrong password and a disabled user are told apart by nobody
 * outside, neither by text nor by time; the audit log says which it was.
 */
export async function signIn(
  deps: ActionDeps,
  input: { userName: string; password: string; userAgent?: string | undefined },
): Promise<SignInAnswer> {
  const account = accountLimit(userNameKey(input.userName).slice(0, 128), deps.request.address);
  const address = addressLimit(deps.request.address);
  const retryAfterSeconds = await reserveAttempt(deps, [account, address]);
  if (retryAfterSeconds > 0) return { outcome: 'throttled', retryAfterSeconds };

  const user = await findUserByName(deps.db, input.userName);
  const fits = await verifyPassword(user?.passwordHash, input.password);
  if (!user || !fits || !user.enabled) {
    const reason = !user ? 'unknown user name' : !fits ? 'wrong password' : 'user disabled';
    await recordAudit(deps.db, deps, {
      action: 'session.refused',
      outcome: 'REFUSED',
      targetUser: user,
      // Not the name that was typed: people type their password there.
      details: { reason },
    });
    return { outcome: 'refused' };
  }
  const answer = await deps.db.transaction(async (tx) => {
    // Judged again under the row's lock: who is disabled, or gets a new password, at this very moment gets no session.
    const [stillFits] = await tx
      .update(users)
      .set({ lastSignInAt: deps.clock.now() })
      .where(and(eq(users.id, user.id), eq(users.enabled, true), eq(users.passwordHash, user.passwordHash)))
      .returning({ id: users.id });
    if (!stillFits) return { outcome: 'refused' as const };
    const session = await startSession(tx, deps, user.id, { ...deps.request, userAgent: input.userAgent });
    const actor = {
      kind: 'user' as const,
      id: user.id,
      userName: user.userName,
      permissions: new Set<Permission>(),
    };
    await recordAudit(tx, { ...deps, actor }, { action: 'session.started', targetUser: user });
    return { outcome: 'signed-in' as const, ...session };
  });
  if (answer.outcome === 'signed-in') await undoAttempt(deps, account, address);
  return answer;
}
