import { and, count, eq, inArray, or, sql } from 'drizzle-orm';
import { type Connection, connectionOf, likeAnywhere, type PageArgs, planPage } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { users } from '../users/table.ts';
import type { MailEvent } from './mail-events.ts';
import { type MailRow, mails } from './table.ts';

export type MailFilter = {
  state?: readonly MailRow['state'][] | null | undefined;
  event?: readonly MailEvent[] | null | undefined;
  search?: string | null | undefined;
};

/** The outbox, newest first; found by any part of the address or the recipient's user name. */
export async function listMails(
  deps: Deps,
  args: PageArgs,
  filter: MailFilter,
): Promise<Connection<MailRow>> {
  const plan = planPage(mails.id, 'desc', args);
  const search = filter.search?.trim().toLowerCase().slice(0, 128);
  const pattern = search ? likeAnywhere(search) : undefined;
  const matches = and(
    filter.state ? inArray(mails.state, [...filter.state]) : undefined,
    filter.event ? inArray(mails.event, [...filter.event]) : undefined,
    pattern
      ? or(
          sql`lower(${mails.address}) LIKE ${pattern}`,
          sql`${mails.userId} IN (SELECT ${users.id} FROM ${users} WHERE ${users.userNameKey} LIKE ${pattern})`,
        )
      : undefined,
  );
  const rows = await deps.db
    .select()
    .from(mails)
    .where(and(matches, plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    ({ id }) => id,
    async () => (await deps.db.select({ count: count() }).from(mails).where(matches))[0]!.count,
  );
}

/** How many mails are in a state. */
export async function countMails({ db }: Deps, state: MailRow['state']): Promise<number> {
  return (await db.select({ count: count() }).from(mails).where(eq(mails.state, state)))[0]!.count;
}
