import { count } from 'drizzle-orm';
import { type Connection, connectionOf, type PageArgs, planPage } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

/** Token profiles by name, without case; retired ones too. */
export async function listTokenProfiles(deps: Deps, args: PageArgs): Promise<Connection<TokenProfileRow>> {
  const plan = planPage(tokenProfiles.nameKey, 'asc', args);
  const rows = await deps.db
    .select()
    .from(tokenProfiles)
    .where(plan.where)
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    (row) => row.nameKey,
    async () => {
      const [row] = await deps.db.select({ count: count() }).from(tokenProfiles);
      return row!.count;
    },
  );
}
