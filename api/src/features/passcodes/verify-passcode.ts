import { and, eq, gte, inArray, isNull, or } from 'drizzle-orm';
import { type Actor, isInPerson, mayActor } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import { type Moment, momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { confirmActivation } from '../activation/confirm-activation.ts';
import { isConfirmable } from '../activation/otpauth-seed.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { readSettings } from '../settings/read-settings.ts';
import { acceptStep, awaitNextCode, touchToken } from '../tokens/seeds.ts';
import { type TokenRow, type TokenSeedRow, tokenSeeds, tokens } from '../tokens/table.ts';
import { userNameKey } from '../users/user-name.ts';
import { users } from '../users/table.ts';
import { clearFailures, countFailure, requireNoDelay } from './passcode-failures.ts';
import { countWrongPasscode, freeToken } from './passcode-lock.ts';
import { searchPasscode } from './search-passcode.ts';

/** Either a user (any of that user's usable tokens may answer) or one token. */
export type PasscodeTarget = {
  userName?: string | null | undefined;
  serialNumber?: string | null | undefined;
};

export type PasscodeVerdict = {
  outcome: 'ACCEPTED' | 'REJECTED' | 'REPLAYED' | 'NEXT_TOKENCODE' | 'LOCKED';
  /** The token that answered, when ACCEPTED. */
  tokenId: string | null;
};

/** No user has this id. */
const NO_OWNER = '00000000-0000-0000-0000-000000000000';
/** So many wrong codes in a row are told to the owner. */
const UNUSUAL_FAILURES = 10;
/** For so long the next code is waited for: it has to appear, and to be typed. */
const AWAIT_SECONDS = 300;

type Candidate = { token: TokenRow; seed: TokenSeedRow; owner: { id: string; userName: string } };
type Refused = { outcome: Exclude<PasscodeVerdict['outcome'], 'ACCEPTED'>; candidate: Candidate };

/**
 * Verifies a tokencode of a SECURID or TOTP token. Unknown, foreign, disabled, expired and provisional are all REJECTED; a
 * provisional seed is live from the moment its owner, in a session, enters a code of it, or, with FIRST_USE, anybody who
 * may ask. A code counts once, also in a race on two instances. One that is right but far off the expected time answers
 * NEXT_TOKENCODE: only with the next one it counts, and the drift is learned. LOCKED is told to programs only.
 * @throws Failure InvalidInput; InvalidState `test.switched_off`; RateLimited from the fifth wrong code in a row on
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
  return deps.db.transaction(async (tx): Promise<PasscodeVerdict> => {
    const all = await lockCandidates(tx, deps, input.target, now);
    // Nothing was looked at, so there is nothing to write down: nobody fills the log with made-up serial numbers.
    if (all.length === 0) return { outcome: 'REJECTED', tokenId: null };
    const candidates = all.filter(({ token }) => !token.lockedAt || isInPerson(deps.actor));
    if (candidates.length === 0) return { outcome: 'LOCKED', tokenId: null };
    await requireTestAllowed(tx, deps, candidates);
    const caller = callerOf(deps);
    await requireNoDelay(tx, deps, caller, tokenIdsOf(candidates));

    const found = candidates.map((candidate) => ({
      candidate,
      finding: searchPasscode(deps, candidate, passcode, now.at),
    }));
    for (const { candidate, finding } of found) {
      if (finding.outcome !== 'match' || !(await acceptStep(tx, candidate.seed.id, finding))) continue;
      await accept(tx, deps, candidate, caller, now);
      return { outcome: 'ACCEPTED', tokenId: candidate.token.id };
    }
    // A match that was not accepted was taken meanwhile.
    const replayed = found.find(({ finding }) => ['match', 'replayed'].includes(finding.outcome));
    const isFar = found.some(({ finding }) => finding.outcome === 'far');
    if (!replayed && isFar) {
      const until = plusSeconds(now.at, AWAIT_SECONDS);
      for (const { candidate, finding } of found) {
        if (finding.outcome !== 'far') continue;
        const { token, seed, owner } = candidate;
        await awaitNextCode(tx, seed.id, { steps: finding.steps, until });
        await recordAudit(tx, deps, { action: 'passcode.next_asked', token, targetUser: owner });
      }
      return { outcome: 'NEXT_TOKENCODE', tokenId: null };
    }
    const outcome = replayed ? 'REPLAYED' : 'REJECTED';
    await refuse(tx, deps, candidates, { outcome, candidate: replayed?.candidate ?? candidates[0]! }, caller);
    return { outcome, tokenId: null };
  });
}

/**
 * Whether people may type codes for no other end than to see whether they work; to confirm a seed, or to free a locked
 * token, they always may.
 */
async function requireTestAllowed(
  tx: Transaction,
  { actor }: ActionDeps,
  candidates: readonly Candidate[],
): Promise<void> {
  const isTest = candidates.every(({ token, seed }) => seed.state === 'LIVE' && !token.lockedAt);
  if (!isInPerson(actor) || !isTest || (await readSettings(tx)).testEnabled) return;
  throw new Failure('InvalidState', 'test.switched_off', 'Testing a token is switched off here.');
}

const tokenIdsOf = (candidates: readonly Candidate[]): string[] => [
  ...new Set(candidates.map(({ token }) => token.id)),
];

/** Counts and writes down a code that was not taken; a wait for a next code ends with it. */
async function refuse(
  tx: Transaction,
  deps: ActionDeps,
  candidates: readonly Candidate[],
  { outcome, candidate: refused }: Refused,
  caller: string,
): Promise<void> {
  for (const { seed } of candidates) if (seed.awaitedUntil) await awaitNextCode(tx, seed.id, null);
  for (const tokenId of tokenIdsOf(candidates)) {
    const candidate = candidates.find(({ token }) => token.id === tokenId)!;
    const failures = await countFailure(tx, deps, caller, tokenId);
    if (failures === UNUSUAL_FAILURES) await tellUnusual(tx, deps, candidate.token);
    // The owner in self-service, who could free it at once, locks nothing.
    if (!isInPerson(deps.actor)) await countWrongPasscode(tx, deps, candidate);
  }
  await recordAudit(tx, deps, {
    action: 'passcode.rejected',
    outcome: 'REFUSED',
    token: refused.token,
    targetUser: refused.owner,
    details: { outcome },
  });
}

const tellUnusual = (tx: Transaction, deps: ActionDeps, token: TokenRow): Promise<void> =>
  notifyOwner(tx, deps, token, {
    event: 'UNUSUAL_ACTIVITY',
    values: { activity: `${UNUSUAL_FAILURES} wrong codes in a row were typed for this token.` },
  });

/** Wrong codes are counted per caller, so that a stranger's guesses slow nobody else down. */
function callerOf({ actor }: ActionDeps): string {
  if (actor.kind !== 'user') return actor.kind;
  return actor.apiKey ? `key ${actor.apiKey.id}` : `user ${actor.id}`;
}

/**
 * Seeds that may answer, their tokens locked so that a burst of guesses is looked at one by one; the provisional ones
 * first. Whoever is signed in may ask for own tokens only; a program with the permission for anybody's.
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
        mayAskForAll(actor) ? undefined : eq(tokens.ownerId, isInPerson(actor) ? actor.id : NO_OWNER),
        eq(tokens.enabled, true),
        isNull(tokens.lostAt),
        isNull(tokens.replacedAt),
        or(isNull(tokens.expiresOn), gte(tokens.expiresOn, day)),
        eq(users.enabled, true),
        // A seed of the stock opens nothing. Nor does one of a token that asks for a PIN: a code alone is not what it shows.
        inArray(tokenSeeds.state, ['LIVE', 'PROVISIONAL']),
        eq(tokenSeeds.pinStyle, 'NONE'),
      ),
    )
    .orderBy(tokens.id, tokenSeeds.state)
    // The seeds, too: else whoever waited here would go on with the seed as it was before the wait.
    .for('update', { of: [tokens, tokenSeeds] });
  const mayConfirm = ({ token, seed }: Candidate) =>
    seed.state === 'LIVE' ||
    seed.confirmation === 'FIRST_USE' ||
    (isInPerson(actor) && actor.id === token.ownerId);
  const candidates: Candidate[] = [];
  for (const candidate of rows.filter(mayConfirm)) {
    const isLive = candidate.seed.state === 'LIVE';
    if (isLive || (await isConfirmable(tx, at, candidate.seed))) candidates.push(candidate);
  }
  return candidates.toSorted((a, b) => b.seed.state.localeCompare(a.seed.state));
}

const mayAskForAll = (actor: Actor): boolean =>
  actor.kind === 'system' ||
  (actor.kind === 'user' && actor.apiKey !== undefined && mayActor(actor, 'PASSCODES_VERIFY'));

async function accept(
  tx: Transaction,
  deps: ActionDeps,
  { token, seed, owner }: Candidate,
  caller: string,
  { at }: Moment,
): Promise<void> {
  await touchToken(tx, token.id, at);
  await clearFailures(tx, caller, token.id);
  if (isInPerson(deps.actor) && (await freeToken(tx, token)))
    await recordAudit(tx, deps, { action: 'passcode.unlocked', token, targetUser: owner });
  if (seed.state === 'PROVISIONAL') await confirmActivation(tx, deps, { seed, token, owner });
  await recordAudit(tx, deps, { action: 'passcode.accepted', token, targetUser: owner });
}
