import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { fullName } from '../notifications/notify.ts';
import { findUser } from '../users/find-user.ts';
import { advance, nameOfProfile } from './advance.ts';
import { isRemark } from './check-request.ts';
import { endRequest } from './end-request.ts';
import { type LockedRequest, lockRequest } from './lock-request.ts';
import { hindranceFor, type RequestVerb, verbsFor } from './may-decide.ts';
import { statusAt, stepOf } from './request-state.ts';
import { requestDecisions, type TokenRequestRow, tokenRequests } from './table.ts';
import { tellDeciders, tellRequester } from './tell.ts';
import { whyNotServed } from './why-not-served.ts';

export type DecisionInput = {
  requestId: string;
  /** Goes to the requester by mail. */
  comment?: string | null | undefined;
  /** For administrators only. */
  note?: string | null | undefined;
  /** The step that the decider saw; another one by now is a Conflict. */
  step?: number | null | undefined;
};

/**
 * Gives one approval. The last one assigns and distributes a token, or leaves the request to the distribution step, or
 * waiting for a token.
 * @throws Failure InvalidInput · NotFound · InvalidState `request.own`, `request.not_open`, `user.no_email`, … ·
 *   LimitReached · Conflict `request.decided` when somebody else was first
 */
export const approveTokenRequest = (deps: ActionDeps, input: DecisionInput): Promise<TokenRequestRow> =>
  decide(deps, input, 'APPROVE', async (tx, locked, comment) => {
    // Also where no token is given yet: nobody is told of an approval that is known to fail.
    const refusal = await whyNotServed(tx, deps, locked.request, locked.requester);
    if (refusal) throw refusal;
    const approvalsGiven = locked.request.approvalsGiven + 1;
    const [request] = await tx
      .update(tokenRequests)
      .set({ approvalsGiven, status: 'PENDING' })
      .where(eq(tokenRequests.id, locked.request.id))
      .returning();
    await audit(tx, deps, locked, 'request.approved', { comment, step: approvalsGiven });
    const next = { ...locked, request: request! };
    if (approvalsGiven >= request!.approvalSteps) return advance(tx, deps, next, comment);
    const profileName = await nameOfProfile(tx, request!);
    await tellDeciders(tx, deps, { ...next, profileName }, await decisionsOf(tx, request!));
    return request!;
  });

/** @throws Failure InvalidInput · NotFound · InvalidState · Conflict, as `approveTokenRequest` */
export const rejectTokenRequest = (deps: ActionDeps, input: DecisionInput): Promise<TokenRequestRow> =>
  decide(deps, input, 'REJECT', (tx, { request, requester }, comment) =>
    endRequest(tx, deps, request, requester, { status: 'REJECTED', comment }),
  );

/** Leaves the decision for later. @throws Failure InvalidInput · NotFound · InvalidState · Conflict */
export const deferTokenRequest = (deps: ActionDeps, input: DecisionInput): Promise<TokenRequestRow> =>
  decide(deps, input, 'DEFER', async (tx, locked, comment) => {
    const [request] = await tx
      .update(tokenRequests)
      .set({ status: 'DEFERRED' })
      .where(eq(tokenRequests.id, locked.request.id))
      .returning();
    await audit(tx, deps, locked, 'request.deferred', { comment });
    const profileName = await nameOfProfile(tx, request!);
    const told = { request: request!, requester: locked.requester, profileName };
    await tellRequester(tx, deps, told, 'REQUEST_DEFERRED', { comment });
    return request!;
  });

/** Makes one decision under the locks: judges who may, keeps it, and does what follows from it. */
export async function decide(
  deps: ActionDeps,
  input: DecisionInput,
  verb: RequestVerb,
  follow: (tx: Transaction, locked: LockedRequest, comment: string | null) => Promise<TokenRequestRow>,
): Promise<TokenRequestRow> {
  const { actor } = deps;
  if (actor.kind !== 'user') throw new Error('A request is decided by a person.');
  const comment = input.comment?.trim() || null;
  const note = input.note?.trim() || null;
  new FieldChecks()
    .require(isRemark(comment), 'comment', 'comment.long', 'A comment has at most 2000 characters.')
    .require(isRemark(note), 'note', 'note.long', 'A note has at most 2000 characters.')
    .done();
  return deps.db.transaction(async (tx) => {
    const locked = await lockRequest(tx, input.requestId);
    const { request, requester, decisions } = locked;
    const at = deps.clock.now();
    const isOtherStep = input.step && input.step !== stepOf(request);
    if (!verbsFor(request, at).includes(verb) || isOtherStep) throw await tooLate(tx, deps, locked, verb);
    const hindrance = hindranceFor(request, actor, requester, decisions, at);
    if (hindrance) throw new Failure('InvalidState', hindrance.code, hindrance.message);
    await tx.insert(requestDecisions).values({
      id: newId(deps),
      requestId: request.id,
      step: stepOf(request),
      verb,
      byId: actor.id,
      at,
      comment,
      note,
    });
    const decided = await follow(tx, locked, comment);
    await deps.bus.publish(tx, 'request', request.id);
    return decided;
  });
}

/** Says who was first, or what became of the request. */
async function tooLate(
  tx: Transaction,
  deps: ActionDeps,
  { request, decisions }: LockedRequest,
  verb: RequestVerb,
): Promise<Failure> {
  const status = statusAt(request, deps.clock.now());
  const last = decisions.at(-1);
  const isDecidable = status === 'PENDING' || status === 'DEFERRED';
  if (isDecidable && verb === 'DISTRIBUTE') {
    return new Failure('InvalidState', 'request.not_yet', 'An approver decides first.', { status });
  }
  const isSelf = deps.actor.kind === 'user' && deps.actor.id === last?.byId;
  const isDeferredAlready = verb === 'DEFER' && status === 'DEFERRED' && isSelf;
  if (last && status !== 'CANCELLED' && status !== 'EXPIRED' && !isDeferredAlready) {
    const by = fullName(await findUser(tx, last.byId));
    const what = isSelf ? `You decided before: ${done[last.verb]}.` : `${by} was first: ${done[last.verb]}.`;
    return new Failure('Conflict', 'request.decided', `${what} Look again.`, {
      by,
      verb: last.verb,
      status,
    });
  }
  const message = isDeferredAlready
    ? 'This request is deferred already.'
    : `This request is ${status.toLowerCase().replaceAll('_', ' ')}, so nothing is left to decide here.`;
  return new Failure('InvalidState', 'request.not_open', message, { status });
}

const done: Record<RequestVerb, string> = {
  APPROVE: 'the request is approved',
  REJECT: 'the request is rejected',
  DEFER: 'the request is deferred',
  DISTRIBUTE: 'the token is distributed',
};

const decisionsOf = (tx: Transaction, { id }: TokenRequestRow) =>
  tx.select().from(requestDecisions).where(eq(requestDecisions.requestId, id));

const audit = async (
  tx: Transaction,
  deps: ActionDeps,
  { request, requester }: LockedRequest,
  action: 'request.approved' | 'request.deferred',
  details: { comment: string | null; step?: number },
): Promise<void> =>
  recordAudit(tx, deps, {
    action,
    targetUser: requester,
    details: { request: request.id, profile: await nameOfProfile(tx, request), ...details },
  });
