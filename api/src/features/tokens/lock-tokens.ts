import { and, eq, inArray, or, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import { momentOf } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { readSettings } from '../settings/read-settings.ts';
import { lockUser, type UserWithRoles } from '../users/find-user.ts';
import { type TokenRow, tokens } from './table.ts';
import { countsForLimit } from './token-status.ts';

export type LockedTokens = {
  /** In the order of the ids asked for, each once. */
  tokens: TokenRow[];
  /** The locked users by id: owners, and the one asked for. */
  users: Map<string, UserWithRoles>;
};

/**
 * Locks tokens and their owners until the transaction ends, in the one order that all take: users by id, then tokens
 * by id. `userId` is locked, too.
 * @throws Failure NotFound; InvalidState `token.changed_meanwhile` when an owner changed while waiting
 */
export async function lockTokens(
  tx: Transaction,
  ids: readonly string[],
  userId?: string,
): Promise<LockedTokens> {
  const wanted = [...new Set(ids)];
  const seen = await tx
    .select({ id: tokens.id, ownerId: tokens.ownerId })
    .from(tokens)
    .where(inArray(tokens.id, wanted));
  if (seen.length < wanted.length)
    throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
  const userIds = new Set(seen.flatMap(({ ownerId }) => ownerId ?? []));
  if (userId) userIds.add(userId);
  const users = new Map<string, UserWithRoles>();
  for (const id of [...userIds].toSorted()) users.set(id, await lockUser(tx, id));

  const rows = await tx
    .select()
    .from(tokens)
    .where(inArray(tokens.id, wanted))
    .orderBy(tokens.id)
    .for('update');
  const byId = new Map(rows.map((row) => [row.id, row]));
  const changed = seen.find(({ id, ownerId }) => byId.get(id)?.ownerId !== ownerId);
  if (changed) {
    throw new Failure(
      'InvalidState',
      'token.changed_meanwhile',
      'Somebody else just changed the owner of one of these tokens. Look again, then repeat this.',
    );
  }
  return { tokens: wanted.map((id) => byId.get(id)!), users };
}

/**
 * Tokens of a user that count towards the limit, once those in `adding` are theirs. A token and its unconfirmed
 * replacement are one.
 */
export async function countHeld(
  tx: Queryable,
  deps: Deps,
  userId: string,
  adding: readonly string[] = [],
): Promise<number> {
  const added = adding.length > 0 ? inArray(tokens.id, [...adding]) : sql`false`;
  const counting = await tx
    .select({ id: tokens.id, replacesTokenId: tokens.replacesTokenId })
    .from(tokens)
    .where(or(added, and(eq(tokens.ownerId, userId), countsForLimit(momentOf(deps.clock)))));
  const ids = new Set(counting.map(({ id }) => id));
  // Of several replacements of one token one counts with it; the others stand for themselves.
  const replaced = new Set(
    counting.flatMap(({ replacesTokenId }) =>
      replacesTokenId && ids.has(replacesTokenId) ? [replacesTokenId] : [],
    ),
  );
  return ids.size - replaced.size;
}

/** Why a user may not get one more token, in place of another where that is named; null when there is room. */
export async function whyNoRoomForOne(
  db: Queryable,
  deps: Deps,
  user: { id: string; userName: string },
  replacesTokenId: string | null,
): Promise<Failure | null> {
  const { maxTokensPerUser: limit } = await readSettings(db);
  const held = await countHeld(db, deps, user.id);
  if (held < limit) return null;
  const [replaced] = replacesTokenId
    ? await db
        .select({ id: tokens.id })
        .from(tokens)
        .where(
          and(
            eq(tokens.id, replacesTokenId),
            eq(tokens.ownerId, user.id),
            countsForLimit(momentOf(deps.clock)),
          ),
        )
    : [];
  return replaced ? null : tokenLimit(user, held, limit);
}

/**
 * Refuses when a user would hold more tokens than the settings allow. Call it with the user's row locked.
 * @param adding ids of the tokens that are about to count
 * @throws Failure LimitReached `user.token_limit`
 */
export async function requireRoomFor(
  tx: Transaction,
  deps: Deps,
  user: { id: string; userName: string },
  adding: readonly string[],
): Promise<void> {
  const { maxTokensPerUser: limit } = await readSettings(tx);
  const held = await countHeld(tx, deps, user.id, adding);
  if (held <= limit) return;
  throw tokenLimit(user, held - adding.length, limit);
}

/** The refusal of one token more than the settings allow. */
export const tokenLimit = ({ userName }: { userName: string }, held: number, limit: number): Failure =>
  new Failure(
    'LimitReached',
    'user.token_limit',
    `${userName} has ${held} of at most ${limit} tokens. Unassign or disable one first.`,
    { userName, held, limit },
    { limit },
  );

/** Refuses an empty or too long list of ids. @throws Failure InvalidInput */
export function requireTokenIds(ids: readonly string[]): void {
  if (ids.length >= 1 && ids.length <= MAX_AT_ONCE) return;
  throw new Failure(
    'InvalidInput',
    'input.invalid',
    `Name 1 to ${MAX_AT_ONCE} tokens.`,
    {},
    {
      fields: [{ path: 'tokenIds', code: 'tokens.count', message: `Name 1 to ${MAX_AT_ONCE} tokens.` }],
    },
  );
}

const MAX_AT_ONCE = 200;
