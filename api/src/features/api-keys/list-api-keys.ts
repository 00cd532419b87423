import { and, desc, eq, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';
import { type Connection, likeAnywhere, type PageArgs, pageOf } from '../../db/keyset.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { users } from '../users/table.ts';
import { type ApiKeyState, isLiveAt } from './api-key-state.ts';

/** How long a key that is over stays in its owner's list, so that one sees why a program has stopped. */
const SHOWN_AFTER_DAYS = 30;

export type ApiKeyFilter = {
  search?: string | null | undefined;
  state?: ApiKeyState | null | undefined;
};

/** A person's keys, newest first: the live ones, and those that ended within 30 days (at most 200). */
export async function listKeysOf(deps: Deps, ownerId: string): Promise<ApiKeyRow[]> {
  const now = deps.clock.now();
  const recently = plusSeconds(now, -SHOWN_AFTER_DAYS * 24 * 3600).toISOString();
  return deps.db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.ownerId, ownerId),
        sql`least(${apiKeys.expiresAt}, coalesce(${apiKeys.revokedAt}, ${apiKeys.expiresAt})) > ${recently}`,
      ),
    )
    .orderBy(desc(apiKeys.id))
    .limit(200);
}

/** Everybody's keys, newest first, found by any part of their name, first characters, or owner's names. */
export function listApiKeys(
  deps: Deps,
  args: PageArgs,
  filter: ApiKeyFilter,
): Promise<Connection<ApiKeyRow>> {
  const matches = and(stateIs(filter.state, deps.clock.now()), searched(filter.search));
  return pageOf(deps, { table: apiKeys, key: 'id', direction: 'desc', matches }, args);
}

function stateIs(state: ApiKeyState | null | undefined, at: Date): SQL | undefined {
  switch (state) {
    case 'ACTIVE':
      return isLiveAt(at);
    case 'EXPIRED':
      return and(isNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, at));
    case 'REVOKED':
      return isNotNull(apiKeys.revokedAt);
    default:
      return undefined;
  }
}

function searched(search: string | null | undefined): SQL | undefined {
  const wanted = search?.trim().toLowerCase().slice(0, 128);
  if (!wanted) return undefined;
  const pattern = likeAnywhere(wanted);
  return or(
    sql`lower(${apiKeys.name}) LIKE ${pattern}`,
    sql`lower(${apiKeys.prefix}) LIKE ${pattern}`,
    sql`${apiKeys.ownerId} IN (SELECT ${users.id} FROM ${users} WHERE ${users.userNameKey} LIKE ${pattern}
      OR lower(${users.givenName} || ' ' || ${users.familyName}) LIKE ${pattern})`,
  );
}
