import { eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { insertMany } from '../../db/insert-many.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { wakeWaitingRequests } from '../requests/wake-waiting-requests.ts';
import { sealedSeed } from '../tokens/seeds.ts';
import { type TokenRow, tokenSeeds, tokens } from '../tokens/table.ts';
import { endUse, freeTokens } from '../tokens/unassign-tokens.ts';
import type { Owners } from './file-owners.ts';
import type { ImportInput, TakenToken } from './import-row.ts';
import { seedHashOf } from './judge-known.ts';

/** What is known of a token that was just written. */
export type KeptToken = Pick<TokenRow, 'id' | 'serialNumber'>;

/**
 * Writes tokens of a file with their seeds and audit rows; in the order given. What was here before under their serial
 * numbers is taken from its owner, who is told, and its seeds are gone.
 */
export async function keepTokens(
  tx: Transaction,
  deps: ActionDeps,
  input: ImportInput,
  taken: readonly TakenToken[],
  owners: Owners,
): Promise<KeptToken[]> {
  if (taken.length === 0) return [];
  await clear(
    tx,
    deps,
    taken.flatMap(({ former }) => former ?? []),
    owners,
  );
  const added = taken.filter(({ former }) => !former);
  const rows = new Map<string, KeptToken>();
  if (added.length > 0) {
    const made = added.map((one) => ({
      id: newId(deps),
      serialNumber: one.token.serialNumber,
      serialKey: one.key,
      algorithm: one.token.algorithm,
      createdAt: deps.clock.now(),
      ...factsOf(deps, input, one),
    }));
    await insertMany(tx, tokens, made);
    for (const row of made) rows.set(row.serialKey, row);
  }
  for (const one of taken) {
    if (!one.former) continue;
    const [row] = await tx
      .update(tokens)
      .set({ ...factsOf(deps, input, one), lostAt: null, lockedAt: null })
      .where(eq(tokens.id, one.former.id))
      .returning();
    rows.set(one.key, row!);
  }
  const kept = taken.map(({ key }) => rows.get(key)!);
  if (input.seeds !== 'ELSEWHERE') {
    await insertMany(
      tx,
      tokenSeeds,
      taken.map((one, at) => seedRowOf(deps, input, one, kept[at]!)),
    );
  }
  await recordAudit(
    tx,
    deps,
    ...taken.map(({ former, token }, at) => ({
      action: former ? ('token.overwritten' as const) : ('token.imported' as const),
      token: kept[at]!,
      details: { seeds: input.seeds, algorithm: token.algorithm, expiresOn: token.expiresOn },
    })),
  );
  if (input.seeds === 'STOCK') await wakeWaitingRequests(tx);
  return kept;
}

/** Gives a token that was just written to the user whom the file names, and tells them. */
export async function assignKept(
  tx: Transaction,
  deps: ActionDeps,
  token: KeptToken,
  user: { id: string; userName: string },
): Promise<void> {
  await tx
    .update(tokens)
    .set({ ownerId: user.id, assignedAt: deps.clock.now() })
    .where(eq(tokens.id, token.id));
  await recordAudit(tx, deps, { action: 'token.assigned', token, targetUser: user });
  await notifyOwner(tx, deps, { ...token, ownerId: user.id }, { event: 'TOKEN_ASSIGNED' });
}

async function clear(
  tx: Transaction,
  deps: ActionDeps,
  former: readonly TokenRow[],
  owners: Owners,
): Promise<void> {
  if (former.length === 0) return;
  for (const token of former) {
    const owner = owners.byId(token.ownerId);
    if (owner) await endUse(tx, deps, token, owner);
  }
  const ids = former.map(({ id }) => id);
  await freeTokens(tx, ids);
  await tx.delete(tokenSeeds).where(inArray(tokenSeeds.tokenId, ids));
}

const factsOf = (deps: ActionDeps, { seeds }: ImportInput, { token }: TakenToken) => ({
  enabled: true,
  expiresOn: token.expiresOn ?? null,
  nickname: seeds === 'STOCK' ? null : (token.nickname?.slice(0, 50) ?? null),
  managedElsewhere: seeds === 'ELSEWHERE',
  onDevice: seeds === 'IN_USE',
  importedLength: token.digits,
  importedInterval: token.intervalSeconds,
  importedPinStyle: token.pinStyle,
  importedHashAlgorithm: token.hashAlgorithm ?? null,
  importedSeedHash: seedHashOf(deps, token),
});

function seedRowOf(
  deps: ActionDeps,
  { seeds }: ImportInput,
  { token }: TakenToken,
  { id: tokenId }: KeptToken,
): typeof tokenSeeds.$inferInsert {
  const now = deps.clock.now();
  const isInUse = seeds === 'IN_USE';
  return {
    ...sealedSeed(deps, token.seed),
    tokenId,
    state: isInUse ? 'LIVE' : 'STOCK',
    tokencodeLength: token.digits,
    tokencodeInterval: token.intervalSeconds,
    hashAlgorithm: token.algorithm === 'TOTP' ? (token.hashAlgorithm ?? 'SHA1') : null,
    pinStyle: token.pinStyle,
    confirmation: 'FIRST_USE',
    imported: isInUse,
    createdAt: now,
    confirmedAt: isInUse ? now : null,
  };
}
