import { count, eq, inArray } from 'drizzle-orm';
import { utcDay, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { readSettings } from '../settings/read-settings.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { tokens } from '../tokens/table.ts';
import { findUser } from '../users/find-user.ts';
import { approveTokenRequest, deferTokenRequest, rejectTokenRequest } from './decide-request.ts';
import { hindranceFor, type RequestVerb, verbsFor } from './may-decide.ts';
import { isFree } from './serve-request.ts';
import { requestDecisions, type TokenRequestRow, tokenRequests } from './table.ts';
import { whyNotServed } from './why-not-served.ts';

const MAX_AT_ONCE = 200;

/** What was, or would be, done with one request; `code` and `message` say why not. */
export type RequestOutcome = { request: TokenRequestRow; code: string | null; message: string | null };
export type DecisionPreview = {
  outcomes: RequestOutcome[];
  willDo: number;
  /** Tokens that the approvals take now. */
  tokensNeeded: number;
  /** Free tokens of the algorithms that are needed; where one of them runs out, as many as can be served. */
  freeTokens: number;
  generateTokens: boolean;
};

type Chosen = { requestIds: readonly string[]; verb: RequestVerb };

/**
 * Decides up to 200 requests alike, each by itself: one that cannot be decided keeps no other from it.
 * @throws Failure InvalidInput
 */
export async function decideTokenRequests(
  deps: ActionDeps,
  input: Chosen & {
    comment?: string | null | undefined;
    note?: string | null | undefined;
    /** The step of each that the decider saw, in the order of `requestIds`; another one by now is a Conflict. */
    steps?: readonly number[] | null | undefined;
  },
): Promise<RequestOutcome[]> {
  const { comment, note, steps } = input;
  new FieldChecks()
    .require(
      !steps || steps.length === input.requestIds.length,
      'steps',
      'steps.count',
      'Name the step of each request.',
    )
    .done();
  const stepOfId = new Map(input.requestIds.map((id, place) => [id, steps?.[place]]));
  const outcomes: RequestOutcome[] = [];
  for (const seen of await chosen(deps, input)) {
    try {
      const act = actions[input.verb as keyof typeof actions];
      outcomes.push({
        request: await act(deps, { requestId: seen.id, comment, note, step: stepOfId.get(seen.id) }),
        code: null,
        message: null,
      });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'InvalidInput') throw error;
      const [request] = await deps.db.select().from(tokenRequests).where(eq(tokenRequests.id, seen.id));
      outcomes.push({ request: request!, code: error.code, message: error.message });
    }
  }
  return outcomes;
}

const actions = { APPROVE: approveTokenRequest, REJECT: rejectTokenRequest, DEFER: deferTokenRequest };

/** What `decideTokenRequests` would do now; nothing changes. @throws Failure InvalidInput */
export async function previewRequestDecisions(deps: ActionDeps, input: Chosen): Promise<DecisionPreview> {
  const { actor } = deps;
  if (actor.kind !== 'user') throw new Error('A request is decided by a person.');
  const at = deps.clock.now();
  const rows = await chosen(deps, input);
  const decisions = rows.length
    ? await deps.db
        .select()
        .from(requestDecisions)
        .where(
          inArray(
            requestDecisions.requestId,
            rows.map(({ id }) => id),
          ),
        )
    : [];
  const outcomes: RequestOutcome[] = [];
  for (const request of rows) {
    const own = decisions.filter(({ requestId }) => requestId === request.id);
    const requester = await findUser(deps.db, request.requesterId);
    const hindrance = verbsFor(request, at).includes(input.verb)
      ? (hindranceFor(request, actor, requester, own, at) ??
        (input.verb === 'APPROVE' ? await whyNotServed(deps.db, deps, request, requester) : null))
      : { code: 'request.not_open', message: 'This cannot be decided any more.' };
    outcomes.push({ request, code: hindrance?.code ?? null, message: hindrance?.message ?? null });
  }
  const done = outcomes.filter(({ code }) => code === null);
  const taking = done.filter(({ request }) => takesToken(request, input.verb));
  const { generateTokens } = await readSettings(deps.db);
  return {
    outcomes,
    willDo: done.length,
    tokensNeeded: taking.length,
    freeTokens: await countFreeFor(
      deps,
      taking.map(({ request }) => request.profileId),
    ),
    generateTokens,
  };
}

/** Whether this very decision gives a token. */
const takesToken = (request: TokenRequestRow, verb: RequestVerb): boolean =>
  verb === 'APPROVE' && !request.distributionStep && request.approvalsGiven + 1 >= request.approvalSteps;

/** Tokens that a request could be given now, of one algorithm or of any. */
export async function countFree({ db, clock }: ActionDeps, algorithm?: 'SECURID' | 'TOTP'): Promise<number> {
  const { minimumTokenDays } = await readSettings(db);
  const day = utcDay(plusSeconds(clock.now(), minimumTokenDays * 24 * 3600));
  const [row] = await db.select({ count: count() }).from(tokens).where(isFree(algorithm, day));
  return row!.count;
}

/** See `DecisionPreview.freeTokens`; one profile a token that is needed. */
async function countFreeFor(deps: ActionDeps, profileIds: readonly string[]): Promise<number> {
  if (profileIds.length === 0) return countFree(deps);
  const profiles = await deps.db
    .select()
    .from(tokenProfiles)
    .where(inArray(tokenProfiles.id, [...new Set(profileIds)]));
  const algorithmOf = new Map(profiles.map(({ id, algorithm }) => [id, algorithm]));
  let free = 0;
  let missing = 0;
  for (const algorithm of ['SECURID', 'TOTP'] as const) {
    const needed = profileIds.filter((id) => algorithmOf.get(id) === algorithm).length;
    const there = needed > 0 ? await countFree(deps, algorithm) : 0;
    free += there;
    missing += Math.max(0, needed - there);
  }
  return missing > 0 ? profileIds.length - missing : free;
}

/** Whether a token of the profile's algorithm is free. */
export async function isNoneFree({ db, clock }: ActionDeps, profileId: string): Promise<boolean> {
  const { minimumTokenDays, generateTokens } = await readSettings(db);
  if (generateTokens) return false;
  const [profile] = await db.select().from(tokenProfiles).where(eq(tokenProfiles.id, profileId));
  const day = utcDay(plusSeconds(clock.now(), minimumTokenDays * 24 * 3600));
  const rows = await db
    .select({ id: tokens.id })
    .from(tokens)
    .where(isFree(profile!.algorithm, day))
    .limit(1);
  return rows.length === 0;
}

async function chosen(deps: ActionDeps, { requestIds, verb }: Chosen): Promise<TokenRequestRow[]> {
  const ids = [...new Set(requestIds)];
  new FieldChecks()
    .require(
      ids.length >= 1 && ids.length <= MAX_AT_ONCE,
      'requestIds',
      'requests.count',
      `Name 1 to ${MAX_AT_ONCE} requests.`,
    )
    .require(
      verb !== 'DISTRIBUTE',
      'verb',
      'verb.unsupported',
      'Approve, reject or defer; distribute one by one.',
    )
    .done();
  return deps.db.select().from(tokenRequests).where(inArray(tokenRequests.id, ids)).orderBy(tokenRequests.id);
}
