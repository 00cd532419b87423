import { and, eq, inArray } from 'drizzle-orm';
import { type Permission, permissionsOf, type Role, rolePermissions, roles } from '../../auth/permissions.ts';
import type { Queryable } from '../../db/client.ts';
import { type UserRow, userRoles, users } from '../users/table.ts';

/** Somebody who may decide requests, with all that their roles allow. */
export type DeciderRow = UserRow & { permissions: ReadonlySet<Permission> };

/** Enabled people who may approve or distribute; few, even where there are many users. */
export async function listDeciders(db: Queryable): Promise<DeciderRow[]> {
  const deciding = roles.filter((role) =>
    rolePermissions[role].some((held) => held === 'REQUESTS_APPROVE' || held === 'REQUESTS_DISTRIBUTE'),
  );
  const ids = db.select({ id: userRoles.userId }).from(userRoles).where(inArray(userRoles.role, deciding));
  const rows = await db
    .select({ user: users, role: userRoles.role })
    .from(users)
    .innerJoin(userRoles, eq(userRoles.userId, users.id))
    .where(and(eq(users.enabled, true), inArray(users.id, ids)));
  const byId = Map.groupBy(rows, ({ user }) => user.id);
  return [...byId.values()].map((held) => ({
    ...held[0]!.user,
    permissions: permissionsOf(held.map(({ role }) => role as Role)),
  }));
}
