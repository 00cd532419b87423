import { and, eq, or, sql } from 'drizzle-orm';
import { type Connection, likeAnywhere, type PageArgs, pageOf } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type UserRow, users } from './table.ts';

export type UserFilter = { search?: string | null | undefined; enabled?: boolean | null | undefined };

/** Users by name, found by any part of user name, given name, family name or e-mail. */
export function listUsers(deps: Deps, args: PageArgs, filter: UserFilter): Promise<Connection<UserRow>> {
  const search = filter.search?.trim().toLowerCase().slice(0, 128);
  const pattern = search ? likeAnywhere(search) : undefined;
  const fullName = sql`lower(${users.givenName} || ' ' || ${users.familyName})`;
  const matches = and(
    typeof filter.enabled === 'boolean' ? eq(users.enabled, filter.enabled) : undefined,
    pattern
      ? or(
          sql`${users.userNameKey} LIKE ${pattern}`,
          sql`${fullName} LIKE ${pattern}`,
          sql`lower(${users.email}) LIKE ${pattern}`,
        )
      : undefined,
  );
  return pageOf(deps, { table: users, key: 'userNameKey', direction: 'asc', matches }, args);
}
