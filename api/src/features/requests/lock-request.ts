import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import { lockUser, type UserWithRoles } from '../users/find-user.ts';
import {
  inOrder,
  type RequestDecisionRow,
  requestDecisions,
  type TokenRequestRow,
  tokenRequests,
} from './table.ts';

export type LockedRequest = {
  request: TokenRequestRow;
  requester: UserWithRoles;
  /** Oldest first. */
  decisions: RequestDecisionRow[];
};

/**
 * Locks a request until the transaction ends, after its requester: users come before requests, and requests before
 * tokens, wherever several are locked.
 * @throws Failure NotFound `request.not_found`
 */
export async function lockRequest(tx: Transaction, id: string): Promise<LockedRequest> {
  const [seen] = await tx
    .select({ requesterId: tokenRequests.requesterId })
    .from(tokenRequests)
    .where(eq(tokenRequests.id, id));
  if (!seen) throw requestNotFound();
  const requester = await lockUser(tx, seen.requesterId);
  const [request] = await tx.select().from(tokenRequests).where(eq(tokenRequests.id, id)).for('update');
  const decisions = await tx
    .select()
    .from(requestDecisions)
    .where(eq(requestDecisions.requestId, id))
    .orderBy(...inOrder);
  return { request: request!, requester, decisions };
}

export const requestNotFound = () =>
  new Failure('NotFound', 'request.not_found', 'There is no such request.');
