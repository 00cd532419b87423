import { findStep, type StepAnswer } from '@symbolon/tokencode/find-step';
import { totpCode } from '@symbolon/tokencode/totp';
import { and, eq, gte, isNull, or } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { type Moment, momentOf, unixSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { confirmActivation } from '../activation/confirm-activation.ts';
import { isConfirmable } from '../activation/otpauth-seed.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { acceptStep, openSeed, touchToken } from '../tokens/seeds.ts';
import { type TokenRow, type TokenSeedRow, tokenSeeds, tokens } from '../tokens/table.ts';
import { userNameKey } from '../users/user-name.ts';
import { users } from '../users/table.ts';
import { clearFailures, countFailure, requireNoDelay } from './passcode-failures.ts';

/** Either a user (any of that user's usable tokens may answer) or one token. */
export type PasscodeTarget = {
  userName?: string | null | undefined;
  serialNumber?: string | null | undefined;
};

export type PasscodeVerdict = { outcome: 'ACCEPTED' | 'REJECTED' | 'REPLAYED'; tokenId: string | null };

/** No user has this id. */
const NO_OWNER = '00000000-0000-0000-0000-000000000000';
/** Intervals on both sides of the expected one (design §4). */
const WINDOW = 10;
/** So many wrong codes in a row are told to the owner. */
const UNUSUAL_FAILURES = 10;

type Candidate = { token: TokenRow; seed: TokenSeedRow; owner: { id: string; userName: string } };

/**
 * Verifies a SECURID tokencode. Unknown, foreign, disabled, expired and provisional are all REJECTED; a provisional
 * seed is live from the moment its owner enters a code of it, or, with FIRST_USE, anybody who may ask. A code counts
 * once, also in a race on two instances.
 * @throws Failure InvalidInput; RateLimited from the fifth wrong code in a row on
 */
export async function verifyPasscode(
  deps: ActionDeps,
  input: { target: PasscodeTarget; passcode: string },
): Promise<PasscodeVerdict> {
  const passcode = input.passcode.replaceAll(' ', '');
  new FieldChecks()
    .require(/^.{1,64}$/.test(passcode), 'passcode', 'passcode.length', 'A passcode has 1 to 64 characters.')
    .done();
  const now = momentOf(deps.clock);
  const verdict = await deps.db.transaction(async (tx) => {
    const candidates = await lockCandidates(tx, deps, input.target, now);
    // Nothing was looked at, so there is nothing to write down: nobody fills the log with made-up serial numbers.
    if (candidates.length === 0) return { outcome: 'REJECTED' as const, tokenId: null };
    const caller = callerOf(deps);
    const tokenIds = [...new Set(candidates.map(({ token }) => token.id))];
    await requireNoDelay(tx, deps, caller, tokenIds);

    let replayed: Candidate | undefined;
    for (const candidate of candidates) {
      const found = search(deps, candidate, passcode, now);
      if (found.outcome === 'none') continue;
      const isNew = found.outcome === 'match' && (await acceptStep(tx, candidate.seed.id, found));
      if (isNew) {
        await accept(tx, deps, candidate, caller, now);
        return { outcome: 'ACCEPTED' as const, tokenId: candidate.token.id };
      }
      replayed ??= candidate;
    }
    for (const tokenId of tokenIds) {
      const failures = await countFailure(tx, deps, caller, tokenId);
      const { token } = candidates.find((candidate) => candidate.token.id === tokenId)!;
      if (failures === UNUSUAL_FAILURES) await tellUnusual(tx, deps, token);
    }
    const refused = replayed ?? candidates[0]!;
    const outcome = replayed ? ('REPLAYED' as const) : ('REJECTED' as const);
    await recordAudit(tx, deps, {
      action: 'passcode.rejected',
      outcome: 'REFUSED',
      token: refused.token,
      targetUser: refused.owner,
      details: { outcome },
    });
    return { outcome, tokenId: null };
  });
  return verdict;
}

const tellUnusual = (tx: Transaction, deps: ActionDeps, token: TokenRow): Promise<void> =>
  notifyOwner(tx, deps, token, {
    event: 'UNUSUAL_ACTIVITY',
    values: { activity: `${UNUSUAL_FAILURES} wrong codes in a row were typed for this token.` },
  });

/** Wrong codes are counted per caller, so that a stranger's guesses slow nobody else down. */
const callerOf = ({ actor }: ActionDeps): string => (actor.kind === 'user' ? `user ${actor.id}` : actor.kind);

/**
 * Seeds that may answer, their tokens locked so that a burst of guesses is looked at one by one; the provisional ones
 * first. Whoever is signed in may ask for own tokens only.
 */
async function lockCandidates(
  tx: Transaction,
  { actor }: ActionDeps,
  target: PasscodeTarget,
  { at, day }: Moment,
): Promise<Candidate[]> {
  const rows = await tx
    .select({ token: tokens, seed: tokenSeeds, owner: { id: users.id, userName: users.userName } })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.ownerId))
    .innerJoin(tokenSeeds, eq(tokenSeeds.tokenId, tokens.id))
    .where(
      and(
        target.serialNumber
          ? eq(tokens.serialKey, target.serialNumber.replaceAll(' ', '').toLowerCase())
          : eq(users.userNameKey, userNameKey(target.userName ?? '')),
        actor.kind === 'system' ? undefined : eq(tokens.ownerId, actor.kind === 'user' ? actor.id : NO_OWNER),
        eq(tokens.enabled, true),
        isNull(tokens.lostAt),
        isNull(tokens.replacedAt),
        or(isNull(tokens.expiresOn), gte(tokens.expiresOn, day)),
        eq(users.enabled, true),
      ),
    )
    .orderBy(tokens.id, tokenSeeds.state)
    // The seeds, too: else whoever waited here would go on with the seed as it was before the wait.
    .for('update', { of: [tokens, tokenSeeds] });
  const mayConfirm = ({ token, seed }: Candidate) =>
    seed.state === 'LIVE' ||
    seed.confirmation === 'FIRST_USE' ||
    (actor.kind === 'user' && actor.id === token.ownerId);
  const candidates: Candidate[] = [];
  for (const candidate of rows.filter(mayConfirm)) {
    const isLive = candidate.seed.state === 'LIVE';
    if (isLive || (await isConfirmable(tx, at, candidate.seed))) candidates.push(candidate);
  }
  return candidates.toSorted((a, b) => b.seed.state.localeCompare(a.seed.state));
}

function search(deps: ActionDeps, { token, seed }: Candidate, code: string, { at }: Moment): StepAnswer {
  if (token.algorithm === 'TOTP') return searchTotp(deps, seed, code, at);
  return findStep({
    seed: openSeed(deps, seed),
    serialNumber: token.serialNumber,
    digits: seed.tokencodeLength as 6 | 8,
    intervalSeconds: seed.tokencodeInterval as 30 | 60,
    at: unixSeconds(at),
    drift: seed.drift,
    window: WINDOW,
    after: seed.lastStep ?? undefined,
    code,
  });
}

/** One interval on both sides (design §4). */
function searchTotp(deps: ActionDeps, seed: TokenSeedRow, code: string, at: Date): StepAnswer {
  const intervalSeconds = seed.tokencodeInterval as 30 | 60;
  const now = Math.floor(unixSeconds(at) / intervalSeconds);
  const shown = {
    seed: openSeed(deps, seed),
    digits: seed.tokencodeLength as 6 | 8,
    intervalSeconds,
    hashAlgorithm: seed.hashAlgorithm ?? 'SHA1',
  };
  for (const offset of [0, -1, 1]) {
    const step = now + offset;
    if (totpCode({ ...shown, at: step * intervalSeconds }) !== code) continue;
    return { outcome: step > (seed.lastStep ?? -1) ? 'match' : 'replayed', step, offset, drift: offset };
  }
  return { outcome: 'none' };
}

async function accept(
  tx: Transaction,
  deps: ActionDeps,
  { token, seed, owner }: Candidate,
  caller: string,
  { at }: Moment,
): Promise<void> {
  await touchToken(tx, token.id, at);
  await clearFailures(tx, caller, token.id);
  if (seed.state === 'PROVISIONAL') await confirmActivation(tx, deps, { seed, token, owner });
  await recordAudit(tx, deps, { action: 'passcode.accepted', token, targetUser: owner });
}
