import { and, count, eq, inArray, or, sql } from 'drizzle-orm';
import { type Connection, likeAnywhere, type PageArgs, pageOf } from '../../db/keyset.ts';
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
export function listMails(deps: Deps, args: PageArgs, filter: MailFilter): Promise<Connection<MailRow>> {
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
  return pageOf(deps, { table: mails, key: 'id', direction: 'desc', matches }, args);
}

/** How many mails are in a state. */
export async function countMails({ db }: Deps, state: MailRow['state']): Promise<number> {
  return (await db.select({ count: count() }).from(mails).where(eq(mails.state, state)))[0]!.count;
}
