import { and, eq, lt, or, sql } from 'drizzle-orm';
import {
  type Connection,
  connectionOf,
  countRows,
  likeAnywhere,
  type PageArgs,
  planPage,
} from '../../db/keyset.ts';
import { momentOf } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { users } from '../users/table.ts';
import { tokens } from './table.ts';
import { statusIs, type TokenStatus } from './token-status.ts';
import { selectTokens, type TokenView, viewOf } from './token-view.ts';

export type TokenFilter = {
  search?: string | null | undefined;
  status?: readonly TokenStatus[] | null | undefined;
  assignedToId?: string | null | undefined;
  profileId?: string | null | undefined;
  expiresBefore?: string | null | undefined;
};

/** Tokens by serial number, found by any part of serial number, nickname, or the owner's names. */
export async function listTokens(
  deps: Deps,
  args: PageArgs,
  filter: TokenFilter,
): Promise<Connection<TokenView>> {
  const plan = planPage(tokens.serialKey, 'asc', args);
  const now = momentOf(deps.clock);
  const matches = and(
    searched(filter.search),
    filter.status ? (or(...filter.status.map((status) => statusIs(status, now))) ?? sql`false`) : undefined,
    filter.assignedToId ? eq(tokens.ownerId, filter.assignedToId) : undefined,
    filter.profileId ? eq(tokens.profileId, filter.profileId) : undefined,
    filter.expiresBefore ? lt(tokens.expiresOn, filter.expiresBefore) : undefined,
  );
  const rows = await selectTokens(deps.db)
    .where(and(matches, plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  const views = rows.map((row) => viewOf(row, now));
  return connectionOf(
    plan,
    args,
    views,
    (token) => token.serialKey,
    () => countRows(deps.db, tokens, matches),
  );
}

function searched(search: string | null | undefined) {
  const wanted = search?.trim().toLowerCase().slice(0, 128);
  if (!wanted) return undefined;
  const pattern = likeAnywhere(wanted);
  // Serial numbers are shown in groups of four, so they are typed that way, too.
  const serial = likeAnywhere(wanted.replaceAll(' ', ''));
  const owner = sql`${tokens.ownerId} IN (SELECT ${users.id} FROM ${users}
    WHERE ${users.userNameKey} LIKE ${pattern}
    OR lower(${users.givenName} || ' ' || ${users.familyName}) LIKE ${pattern})`;
  return or(sql`${tokens.serialKey} LIKE ${serial}`, sql`lower(${tokens.nickname}) LIKE ${pattern}`, owner);
}
