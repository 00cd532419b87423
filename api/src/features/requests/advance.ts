import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import type { LockedRequest } from './lock-request.ts';
import { isServed, serveRequest } from './serve-request.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';
import { tellDeciders, tellRequester } from './tell.ts';

/**
 * Takes a request on whose last approval has been given: to the distribution step where there is one, else to a token,
 * or to the queue of those that wait for one.
 * @throws Failure when a person approved and the token cannot be given: LimitReached, InvalidState, …
 */
export async function advance(
  tx: Transaction,
  deps: ActionDeps,
  locked: LockedRequest,
  comment: string | null = null,
): Promise<TokenRequestRow> {
  const { requester, decisions } = locked;
  const profileName = await nameOfProfile(tx, locked.request);
  if (!locked.request.distributionStep) {
    // The requester approved nothing; with no step it is the system that gives.
    const isOwn = deps.actor.kind === 'user' && deps.actor.id === requester.id;
    const giver: ActionDeps = isOwn ? { ...deps, actor: { kind: 'system' } } : deps;
    const served = await serveRequest(tx, giver, locked.request, requester, { comment, isFirst: true });
    if (isServed(served)) return served;
  }
  const status = locked.request.distributionStep ? ('APPROVED' as const) : ('WAITING_FOR_TOKEN' as const);
  const [request] = await tx
    .update(tokenRequests)
    .set({ status })
    .where(eq(tokenRequests.id, locked.request.id))
    .returning();
  const told = { request: request!, requester, profileName };
  if (status === 'WAITING_FOR_TOKEN') {
    await recordAudit(tx, deps, {
      action: 'request.waiting_for_token',
      targetUser: requester,
      details: { request: request!.id, profile: profileName },
    });
  }
  await tellRequester(tx, deps, told, 'REQUEST_APPROVED_WAITING', { comment });
  await tellDeciders(tx, deps, told, decisions);
  await deps.bus.publish(tx, 'request', request!.id);
  return request!;
}

/** The name of the profile that is asked for. */
export async function nameOfProfile(
  tx: Transaction,
  { profileId }: Pick<TokenRequestRow, 'profileId'>,
): Promise<string> {
  const [row] = await tx
    .select({ name: tokenProfiles.name })
    .from(tokenProfiles)
    .where(eq(tokenProfiles.id, profileId));
  return row!.name;
}
