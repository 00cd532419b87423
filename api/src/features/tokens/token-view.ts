import { and, eq, getColumns, inArray } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../db/client.ts';
import type { Moment } from '../../lib/clock.ts';
import { type DistributionRow, distributions } from '../distribution/table.ts';
import { type TokenProfileRow, tokenProfiles } from '../token-profiles/table.ts';
import { type UserRow, users } from '../users/table.ts';
import { type TokenRow, tokenSeeds, tokens } from './table.ts';
import { statusOf, type TokenStatus } from './token-status.ts';

const facts = (table: typeof tokenSeeds) => ({
  tokencodeLength: table.tokencodeLength,
  tokencodeInterval: table.tokencodeInterval,
  pinStyle: table.pinStyle,
  activationId: table.activationId,
  device: table.device,
  createdAt: table.createdAt,
  confirmedAt: table.confirmedAt,
});
const live = alias(tokenSeeds, 'live');
const provisional = alias(tokenSeeds, 'provisional');

type SeedFacts = {
  tokencodeLength: number;
  tokencodeInterval: number;
  pinStyle: 'NONE' | 'PINPAD' | 'FOB';
  /** Null when the seed came by file, string or import. */
  activationId: string | null;
  device: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
};

/** A token with all that its status and settings follow from; seeds themselves are never read for it. */
export type TokenView = TokenRow & {
  status: TokenStatus;
  owner: UserRow | null;
  profile: TokenProfileRow | null;
  live: SeedFacts | null;
  provisional: SeedFacts | null;
  /** The open distribution. */
  pending: DistributionRow | null;
};

/** One statement for a page of tokens and all that hangs on them. Add `where`, order and limit. */
export const selectTokens = (db: Queryable) =>
  db
    .select({
      token: getColumns(tokens),
      owner: getColumns(users),
      profile: getColumns(tokenProfiles),
      live: facts(live as unknown as typeof tokenSeeds),
      provisional: facts(provisional as unknown as typeof tokenSeeds),
      pending: getColumns(distributions),
    })
    .from(tokens)
    .leftJoin(users, eq(users.id, tokens.ownerId))
    .leftJoin(tokenProfiles, eq(tokenProfiles.id, tokens.profileId))
    .leftJoin(live, and(eq(live.tokenId, tokens.id), eq(live.state, 'LIVE')))
    .leftJoin(provisional, and(eq(provisional.tokenId, tokens.id), eq(provisional.state, 'PROVISIONAL')))
    .leftJoin(distributions, and(eq(distributions.tokenId, tokens.id), eq(distributions.state, 'PENDING')));

type Joined = Awaited<ReturnType<typeof selectTokens>>[number];

/** Derives the status of a joined row. */
export function viewOf(row: Joined, now: Moment): TokenView {
  const { token, owner, profile, live: liveSeed, provisional: provisionalSeed } = row;
  const open = row.pending && (!row.pending.expiresAt || row.pending.expiresAt > now.at) ? row.pending : null;
  const status = statusOf(
    { ...token, hasLiveSeed: liveSeed !== null, isWaiting: open !== null || provisionalSeed !== null },
    now,
  );
  return { ...token, status, owner, profile, live: liveSeed, provisional: provisionalSeed, pending: open };
}

/** The tokens with these ids, in no order. */
export async function loadTokenViews(
  db: Queryable,
  ids: readonly string[],
  now: Moment,
): Promise<TokenView[]> {
  const rows = await selectTokens(db).where(inArray(tokens.id, [...ids]));
  return rows.map((row) => viewOf(row, now));
}
