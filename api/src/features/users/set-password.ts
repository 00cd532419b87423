import { eq } from 'drizzle-orm';
import { requireAuthorityOver, type UserActor } from '../../auth/actor.ts';
import { checkPasswordStrength, hashPassword, verifyPassword } from '../../auth/password.ts';
import { endSessionsOf } from '../../auth/session.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, invalidInput } from '../../lib/failure.ts';
import { generatePassword } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockUser } from './find-user.ts';
import { type UserRow, users } from './table.ts';

/**
 * Sets another person's password; without one it is generated and answered, once. That person's sessions end, and
 * they must change it at the next sign-in.
 * @throws Failure InvalidInput · NotFound · InvalidState `user.outranks_you`
 */
export async function setUserPassword(
  deps: ActionDeps,
  input: { userId: string; password?: string | null | undefined },
): Promise<{ user: UserRow; generatedPassword: string | null }> {
  const generatedPassword = input.password ? null : generatePassword(deps.random);
  const passwordHash = await hashPassword(input.password ?? generatedPassword!);
  return deps.db.transaction(async (tx) => {
    const target = await lockUser(tx, input.userId);
    if (deps.actor.kind === 'user' && deps.actor.id === target.id) {
      throw new Failure(
        'InvalidState',
        'user.is_yourself',
        'Change your own password under your name, top right.',
      );
    }
    requireAuthorityOver(deps.actor, target, 'refused');
    if (input.password) checkPasswordStrength(input.password, target.userName, 'password');
    const [user] = await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: true })
      .where(eq(users.id, target.id))
      .returning();
    await endSessionsOf(tx, deps, target.id);
    // API keys of whoever has a password to change rest.
    await deps.bus.publish(tx, 'user', target.id);
    await recordAudit(tx, deps, { action: 'user.password_set', targetUser: target });
    return { user: user!, generatedPassword };
  });
}

/**
 * Changes one's own password; other sessions of that person end.
 * @throws Failure InvalidInput `password.wrong` at `currentPassword`, or a weak one at `newPassword`
 */
export async function changeOwnPassword(
  deps: ActionDeps & { actor: UserActor & { sessionId: string } },
  input: { currentPassword: string; newPassword: string },
): Promise<void> {
  checkPasswordStrength(input.newPassword, deps.actor.userName, 'newPassword');
  const passwordHash = await hashPassword(input.newPassword);
  await deps.db.transaction(async (tx) => {
    const self = await lockUser(tx, deps.actor.id);
    if (!(await verifyPassword(self.passwordHash, input.currentPassword))) {
      throw invalidInput({
        path: 'currentPassword',
        code: 'password.wrong',
        message: 'This is not your present password.',
      });
    }
    if (input.currentPassword === input.newPassword) {
      throw invalidInput({
        path: 'newPassword',
        code: 'password.unchanged',
        message: 'The new password is the present one. Choose another.',
      });
    }
    await tx.update(users).set({ passwordHash, mustChangePassword: false }).where(eq(users.id, self.id));
    await endSessionsOf(tx, deps, self.id, [deps.actor.sessionId]);
    await recordAudit(tx, deps, { action: 'user.password_changed', targetUser: self });
  });
}
