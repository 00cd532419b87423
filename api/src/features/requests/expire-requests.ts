import { and, eq, inArray, lte } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { UserWithRoles } from '../users/find-user.ts';
import { endRequest } from './end-request.ts';
import { lockRequest } from './lock-request.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';

const BATCH = 200;

/** Writes down that an undecided request's time is over. The caller has locked it. */
export const endAsExpired = (
  tx: Transaction,
  deps: ActionDeps,
  request: TokenRequestRow,
  requester: UserWithRoles,
): Promise<TokenRequestRow> => endRequest(tx, deps, request, requester, { status: 'EXPIRED' });

/** Writes down which undecided requests have expired, and tells the requesters. */
export async function expireRequests(deps: ActionDeps): Promise<void> {
  const now = deps.clock.now();
  const isDue = and(
    inArray(tokenRequests.status, ['PENDING', 'DEFERRED']),
    lte(tokenRequests.expiresAt, now),
  );
  const due = await deps.db.select({ id: tokenRequests.id }).from(tokenRequests).where(isDue).limit(BATCH);
  for (const { id } of due) {
    await deps.db.transaction(async (tx) => {
      const { request, requester } = await lockRequest(tx, id);
      const [still] = await tx
        .select()
        .from(tokenRequests)
        .where(and(eq(tokenRequests.id, id), isDue));
      if (still) await endAsExpired(tx, deps, request, requester);
    });
  }
}
