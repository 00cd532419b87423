import { eq } from 'drizzle-orm';
import { type Permission, permissionsOf, type Role } from '../../auth/permissions.ts';
import { rolesOf } from '../../auth/session.ts';
import type { Queryable, Transaction } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import { type UserRow, users } from './table.ts';
import { userNameKey } from './user-name.ts';

export type UserWithRoles = UserRow & { roles: Role[]; permissions: ReadonlySet<Permission> };

/** The user with this name, compared without case. */
export async function findUserByName(db: Queryable, userName: string): Promise<UserRow | undefined> {
  const [row] = await db
    .select()
    .from(users)
    .where(eq(users.userNameKey, userNameKey(userName)));
  return row;
}

/** @throws Failure NotFound `user.not_found` */
export async function findUser(db: Queryable, userId: string): Promise<UserWithRoles> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  if (!row) throw userNotFound();
  return withRoles(db, row);
}

/** Locks a user's row until the transaction ends; whatever counts that user's tokens takes this lock first. */
export async function lockUser(tx: Transaction, userId: string): Promise<UserWithRoles> {
  const [row] = await tx.select().from(users).where(eq(users.id, userId)).for('update');
  if (!row) throw userNotFound();
  return withRoles(tx, row);
}

/** A user together with what their roles allow. */
export async function withRoles(db: Queryable, user: UserRow): Promise<UserWithRoles> {
  const roles = (await rolesOf(db, [user.id])).get(user.id) ?? [];
  return { ...user, roles, permissions: permissionsOf(roles) };
}

/** Why a disabled user gets nothing. */
export const disabledUser = ({ userName }: Pick<UserRow, 'userName'>): Failure =>
  new Failure('InvalidState', 'user.disabled', `${userName} is disabled. Enable this user first.`, {
    userName,
  });

const userNotFound = () => new Failure('NotFound', 'user.not_found', 'There is no such user.');
