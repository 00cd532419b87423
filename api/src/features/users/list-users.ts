import { and, count, eq, or, sql } from 'drizzle-orm';
import { type Connection, connectionOf, likeAnywhere, type PageArgs, planPage } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type UserRow, users } from './table.ts';

export type UserFilter = { search?: string | null | undefined; enabled?: boolean | null | undefined };

/** Users by name, found by any part of user name, given name, family name or e-mail. */
export async function listUsers(
  deps: Deps,
  args: PageArgs,
  filter: UserFilter,
): Promise<Connection<UserRow>> {
  const plan = planPage(users.userNameKey, 'asc', args);
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
  const rows = await deps.db
    .select()
    .from(users)
    .where(and(matches, plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    (row) => row.userNameKey,
    async () => {
      const [row] = await deps.db.select({ count: count() }).from(users).where(matches);
      return row?.count ?? 0;
    },
  );
}
