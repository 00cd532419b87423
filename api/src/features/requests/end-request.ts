import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { AuditAction } from '../audit/actions.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { MailEvent } from '../notifications/mail-events.ts';
import { findUser, type UserWithRoles } from '../users/find-user.ts';
import { nameOfProfile } from './advance.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';
import { tellRequester } from './tell.ts';

type End = 'REJECTED' | 'CANCELLED' | 'EXPIRED' | 'FAILED' | 'COMPLETED';

/** What the audit log and the requester are told; a completed one is told by its token. */
const endings: Record<End, { action: AuditAction; event: MailEvent | null }> = {
  REJECTED: { action: 'request.rejected', event: 'REQUEST_REJECTED' },
  CANCELLED: { action: 'request.cancelled', event: 'REQUEST_CANCELLED' },
  EXPIRED: { action: 'request.expired', event: 'REQUEST_EXPIRED' },
  FAILED: { action: 'request.failed', event: 'REQUEST_FAILED' },
  COMPLETED: { action: 'request.completed', event: null },
};

/** Ends a request, whose row the caller has locked, and tells the requester. */
export async function endRequest(
  tx: Transaction,
  deps: ActionDeps,
  request: TokenRequestRow,
  requester: UserWithRoles,
  end: { status: End; failure?: string; comment?: string | null },
): Promise<TokenRequestRow> {
  const { status, failure = null, comment = null } = end;
  const [ended] = await tx
    .update(tokenRequests)
    .set({ status, failure, endedAt: deps.clock.now() })
    .where(eq(tokenRequests.id, request.id))
    .returning();
  const { action, event } = endings[status];
  const profileName = await nameOfProfile(tx, request);
  await recordAudit(tx, deps, {
    action,
    targetUser: requester,
    details: { request: request.id, profile: profileName, failure, comment },
  });
  if (event) {
    await tellRequester(tx, deps, { request: ended!, requester, profileName }, event, { failure, comment });
  }
  await deps.bus.publish(tx, 'request', request.id);
  return ended!;
}

/** Completes what asked for a token whose owner has confirmed it. The caller has locked the token. */
export const completeRequestsOfToken = (tx: Transaction, deps: ActionDeps, tokenId: string): Promise<void> =>
  endRequestsOfToken(tx, deps, tokenId, { status: 'COMPLETED' });

/** Ends what asked for a token that was taken away, or reported as lost or broken, before it was in use. The caller has locked the token. */
export const failRequestsOfToken = (tx: Transaction, deps: ActionDeps, tokenId: string): Promise<void> =>
  endRequestsOfToken(tx, deps, tokenId, {
    status: 'FAILED',
    failure: 'The token was taken away or stopped before it was activated.',
  });

async function endRequestsOfToken(
  tx: Transaction,
  deps: ActionDeps,
  tokenId: string,
  end: { status: End; failure?: string },
): Promise<void> {
  const rows = await tx
    .select()
    .from(tokenRequests)
    .where(and(eq(tokenRequests.tokenId, tokenId), eq(tokenRequests.status, 'APPROVED')))
    .for('update');
  for (const request of rows) {
    // Read without a lock: the caller holds the token's, which comes after the user's.
    await endRequest(tx, deps, request, await findUser(tx, request.requesterId), end);
  }
}
