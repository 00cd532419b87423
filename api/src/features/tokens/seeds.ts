import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { newId } from '../../lib/random.ts';
import type { TokenProfileRow } from '../token-profiles/table.ts';
import { type TokenSeedRow, tokenSeeds, tokens } from './table.ts';

const placeOf = (id: string) => ({ table: 'token_seeds', id, purpose: 'seed' });

/** What a new generation is told about its use. */
export type NewSeed = Pick<
  TokenSeedRow,
  | 'tokenId'
  | 'tokencodeLength'
  | 'tokencodeInterval'
  | 'hashAlgorithm'
  | 'pinStyle'
  | 'confirmation'
  | 'activationId'
  | 'distributionId'
  | 'device'
  | 'deviceId'
> & {
  /** 16 octets for SECURID; 20, 32 or 64 for TOTP by hash function. */
  seed: Uint8Array;
};

/** Octets of a TOTP seed: as many as the hash function gives (RFC 4226 section 4, RFC 6238 section 5.1). */
const totpOctets = { SHA1: 20, SHA256: 32, SHA512: 64 } as const;

/** A new seed and its settings, for a delivery in which the seed itself travels. */
export function newSeed(deps: Pick<Deps, 'random'>, profile: TokenProfileRow) {
  const { algorithm, tokencodeLength, tokencodeInterval, pinStyle } = profile;
  const hashAlgorithm = algorithm === 'TOTP' ? (profile.hashAlgorithm ?? 'SHA1') : null;
  const seed = deps.random.bytes(hashAlgorithm ? totpOctets[hashAlgorithm] : 16);
  return { seed, tokencodeLength, tokencodeInterval, hashAlgorithm, pinStyle };
}

/** Keeps a seed, sealed, as the token's provisional generation; a former provisional one is gone. */
export async function addProvisionalSeed(tx: Transaction, deps: Deps, input: NewSeed): Promise<void> {
  const { seed, ...facts } = input;
  await deleteSeeds(tx, facts.tokenId, ['PROVISIONAL']);
  await tx.insert(tokenSeeds).values({
    ...facts,
    ...sealedSeed(deps, seed),
    state: 'PROVISIONAL',
    createdAt: deps.clock.now(),
  });
}

/** A new generation's id and its seed, sealed for it. */
export function sealedSeed(deps: Deps, seed: Uint8Array): { id: string; sealedSeed: Uint8Array } {
  const id = newId(deps);
  return { id, sealedSeed: deps.vault.seal(seed, placeOf(id)) };
}

/** Opens a sealed seed. The caller drops it after use. */
export const openSeed = (deps: Deps, row: Pick<TokenSeedRow, 'id' | 'sealedSeed'>): Uint8Array =>
  deps.vault.open(row.sealedSeed, placeOf(row.id));

/** Deletes generations: a seed that no longer counts cannot leak. Answers how many there were. */
export async function deleteSeeds(
  tx: Queryable,
  tokenId: string,
  states: readonly TokenSeedRow['state'][],
): Promise<number> {
  const gone = await tx
    .delete(tokenSeeds)
    .where(and(eq(tokenSeeds.tokenId, tokenId), inArray(tokenSeeds.state, [...states])))
    .returning({ id: tokenSeeds.id });
  return gone.length;
}

/** Deletes what a token's owner agreed with us; a seed that was imported with its device stays in it. */
export async function deleteSeedsOfUse(tx: Queryable, tokenId: string): Promise<void> {
  await tx
    .delete(tokenSeeds)
    .where(
      and(
        eq(tokenSeeds.tokenId, tokenId),
        or(
          eq(tokenSeeds.state, 'PROVISIONAL'),
          and(eq(tokenSeeds.state, 'LIVE'), eq(tokenSeeds.imported, false)),
        ),
      ),
    );
}

/** Whether the token has a seed that works today. */
export async function hasLiveSeed(tx: Queryable, tokenId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: tokenSeeds.id })
    .from(tokenSeeds)
    .where(and(eq(tokenSeeds.tokenId, tokenId), eq(tokenSeeds.state, 'LIVE')));
  return rows.length > 0;
}

/**
 * Marks a step as used. Answers false when this step or a later one counted before: of two equal codes, on however many
 * instances, one wins.
 */
export async function acceptStep(
  tx: Transaction,
  seedId: string,
  accepted: { step: number; drift: number },
): Promise<boolean> {
  const rows = await tx
    .update(tokenSeeds)
    .set({ lastStep: accepted.step, drift: accepted.drift, awaitedAfterSteps: null, awaitedUntil: null })
    .where(
      and(eq(tokenSeeds.id, seedId), or(isNull(tokenSeeds.lastStep), lt(tokenSeeds.lastStep, accepted.step))),
    )
    .returning({ id: tokenSeeds.id });
  return rows.length > 0;
}

/** Notes the steps that a far-off code may have come from: the code of one behind them is waited for; null ends the wait. */
export async function awaitNextCode(
  tx: Transaction,
  seedId: string,
  awaited: { steps: number[]; until: Date } | null,
): Promise<void> {
  await tx
    .update(tokenSeeds)
    .set({ awaitedAfterSteps: awaited?.steps ?? null, awaitedUntil: awaited?.until ?? null })
    .where(eq(tokenSeeds.id, seedId));
}

/** Makes the provisional generation the live one; the former live one is gone. */
export async function confirmSeed(tx: Transaction, seed: TokenSeedRow, at: Date): Promise<void> {
  await deleteSeeds(tx, seed.tokenId, ['LIVE']);
  // What it was imported with is on no device of its owner's any more.
  await tx
    .update(tokens)
    .set({ onDevice: false })
    .where(and(eq(tokens.id, seed.tokenId), eq(tokens.onDevice, true)));
  await tx.update(tokenSeeds).set({ state: 'LIVE', confirmedAt: at }).where(eq(tokenSeeds.id, seed.id));
}

/** Notes that a code of the token was accepted. */
export async function touchToken(tx: Transaction, tokenId: string, at: Date): Promise<void> {
  await tx.update(tokens).set({ lastUsedAt: at }).where(eq(tokens.id, tokenId));
}

/** Notes what a distribution decided for the token. */
export async function markDistributed(
  tx: Transaction,
  tokenId: string,
  facts: {
    profileId: string;
    deviceBinding: 'CLASS' | 'DEVICE' | 'FIRST';
    boundDeviceId: string | null;
    nickname?: string | null | undefined;
    distributedAt: Date;
  },
): Promise<void> {
  const { nickname, ...rest } = facts;
  await tx
    .update(tokens)
    .set({ ...rest, ...(nickname === undefined ? {} : { nickname }) })
    .where(eq(tokens.id, tokenId));
}

/** Binds a token that went to whichever device came first to that device. */
export async function bindToDevice(tx: Transaction, tokenId: string, deviceId: string): Promise<void> {
  await tx.update(tokens).set({ boundDeviceId: deviceId }).where(eq(tokens.id, tokenId));
}
