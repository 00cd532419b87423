import { hashPassword, checkPasswordStrength } from '../../auth/password.ts';
import { mayGrant } from '../../auth/actor.ts';
import type { Role } from '../../auth/permissions.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { generatePassword, newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notify } from '../notifications/notify.ts';
import { userRoles, users, type UserRow } from './table.ts';
import { isEmail, isPersonName, isUserName, userNameKey } from './user-name.ts';

export type CreateUserInput = {
  userName: string;
  givenName: string;
  familyName: string;
  email?: string | null | undefined;
  password?: string | null | undefined;
  mustChangePassword?: boolean | null | undefined;
  roles?: readonly Role[] | null | undefined;
};

/**
 * Makes a user. Without a password one is generated and answered, once.
 * @throws Failure InvalidInput · Conflict `user.name_taken`
 */
export async function createUser(
  deps: ActionDeps,
  input: CreateUserInput,
): Promise<{ user: UserRow; generatedPassword: string | null }> {
  const roles = [...new Set(input.roles ?? [])];
  new FieldChecks()
    .require(
      isUserName(input.userName),
      'userName',
      'user_name.invalid',
      'A user name has 1 to 128 characters: letters, digits and . _ - @ +',
    )
    .require(
      isPersonName(input.givenName),
      'givenName',
      'name.invalid',
      'A given name has 1 to 128 characters.',
    )
    .require(
      isPersonName(input.familyName),
      'familyName',
      'name.invalid',
      'A family name has 1 to 128 characters.',
    )
    .require(!input.email || isEmail(input.email), 'email', 'email.invalid', 'This is not an e-mail address.')
    .require(
      roles.length === 0 || mayGrant(deps.actor, roles),
      'roles',
      'roles.not_yours_to_grant',
      'Only a Super Admin grants roles.',
    )
    .done();
  const generatedPassword = input.password ? null : generatePassword(deps.random);
  if (input.password) checkPasswordStrength(input.password, input.userName, 'password');
  const passwordHash = await hashPassword(input.password ?? generatedPassword!);

  return deps.db.transaction(async (tx) => {
    const [user] = await tx
      .insert(users)
      .values({
        id: newId(deps),
        userName: input.userName,
        userNameKey: userNameKey(input.userName),
        givenName: input.givenName.trim(),
        familyName: input.familyName.trim(),
        email: input.email || null,
        passwordHash,
        mustChangePassword: input.mustChangePassword ?? true,
        createdAt: deps.clock.now(),
      })
      .onConflictDoNothing({ target: users.userNameKey })
      .returning();
    if (!user) {
      throw new Failure('Conflict', 'user.name_taken', `The user name ${input.userName} is taken.`, {
        userName: input.userName,
      });
    }
    if (roles.length > 0) await tx.insert(userRoles).values(roles.map((role) => ({ userId: user.id, role })));
    await recordAudit(tx, deps, {
      action: 'user.created',
      targetUser: user,
      details: { roles: roles.join(' '), email: user.email, mustChangePassword: user.mustChangePassword },
    });
    if (deps.actor.kind === 'user') await notify(tx, deps, user, { event: 'USER_INVITED' });
    return { user, generatedPassword };
  });
}
