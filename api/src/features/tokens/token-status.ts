import { and, eq, gte, isNotNull, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import type { Moment } from '../../lib/clock.ts';
import { distributions } from '../distribution/table.ts';
import { tokenSeeds, tokens } from './table.ts';

export const tokenStatuses = [
  'UNASSIGNED',
  'ASSIGNED',
  'PENDING',
  'ACTIVE',
  'DISABLED',
  'LOST',
  'EXPIRED',
  'REPLACED',
] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

/** What a token's status follows from. */
export type StatusFacts = {
  replacedAt: Date | null;
  lostAt: Date | null;
  expiresOn: string | null;
  enabled: boolean;
  ownerId: string | null;
  hasLiveSeed: boolean;
  /** An open distribution, or a seed that its owner has not confirmed yet. */
  isWaiting: boolean;
};

/** The status is derived, never stored: the first that matches, in the contract's order. */
export function statusOf(facts: StatusFacts, { day }: Pick<Moment, 'day'>): TokenStatus {
  if (facts.replacedAt) return 'REPLACED';
  if (facts.expiresOn !== null && facts.expiresOn < day) return 'EXPIRED';
  if (facts.lostAt) return 'LOST';
  if (!facts.enabled) return 'DISABLED';
  if (!facts.ownerId) return 'UNASSIGNED';
  if (facts.hasLiveSeed) return 'ACTIVE';
  return facts.isWaiting ? 'PENDING' : 'ASSIGNED';
}

/** The same derivation as a condition on `tokens`, for lists. */
export function statusIs(status: TokenStatus, { at, day }: Moment): SQL {
  const expired = and(isNotNull(tokens.expiresOn), lt(tokens.expiresOn, day))!;
  const alive = and(isNull(tokens.replacedAt), or(isNull(tokens.expiresOn), gte(tokens.expiresOn, day)))!;
  const usable = and(alive, isNull(tokens.lostAt), eq(tokens.enabled, true))!;
  const owned = and(usable, isNotNull(tokens.ownerId))!;
  const has = (state: 'LIVE' | 'PROVISIONAL') =>
    sql`EXISTS (SELECT 1 FROM ${tokenSeeds} WHERE ${tokenSeeds.tokenId} = ${tokens.id} AND ${tokenSeeds.state} = ${state})`;
  const distributed = sql`EXISTS (SELECT 1 FROM ${distributions} WHERE ${distributions.tokenId} = ${tokens.id}
    AND ${distributions.state} = 'PENDING'
    AND (${distributions.expiresAt} IS NULL OR ${distributions.expiresAt} > ${at.toISOString()}))`;
  const waiting = or(has('PROVISIONAL'), distributed)!;
  switch (status) {
    case 'REPLACED':
      return isNotNull(tokens.replacedAt);
    case 'EXPIRED':
      return and(isNull(tokens.replacedAt), expired)!;
    case 'LOST':
      return and(alive, isNotNull(tokens.lostAt))!;
    case 'DISABLED':
      return and(alive, isNull(tokens.lostAt), eq(tokens.enabled, false))!;
    case 'UNASSIGNED':
      return and(usable, isNull(tokens.ownerId))!;
    case 'ACTIVE':
      return and(owned, has('LIVE'))!;
    case 'PENDING':
      return and(owned, not(has('LIVE')), waiting)!;
    case 'ASSIGNED':
      return and(owned, not(has('LIVE')), not(waiting))!;
  }
}

/** Tokens that count towards the limit of a user: all but REPLACED, LOST, EXPIRED and DISABLED, and those of other systems. */
export const countsForLimit = ({ day }: Pick<Moment, 'day'>): SQL =>
  and(
    eq(tokens.managedElsewhere, false),
    isNull(tokens.replacedAt),
    isNull(tokens.lostAt),
    eq(tokens.enabled, true),
    or(isNull(tokens.expiresOn), gte(tokens.expiresOn, day)),
  )!;
