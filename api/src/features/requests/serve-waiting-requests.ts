import { and, eq, gt } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { endRequest } from './end-request.ts';
import { lockRequest } from './lock-request.ts';
import { serveRequest } from './serve-request.ts';
import { tokenRequests } from './table.ts';

/**
 * Gives tokens to approved requests that wait for one, in the order in which people asked. One that cannot be served
 * any more (its requester has the most tokens allowed, is disabled, the profile is retired) fails and says why.
 */
export async function serveWaitingRequests(deps: ActionDeps): Promise<void> {
  for (let after = ''; ; ) {
    const [next] = await deps.db
      .select({ id: tokenRequests.id })
      .from(tokenRequests)
      .where(
        and(eq(tokenRequests.status, 'WAITING_FOR_TOKEN'), after ? gt(tokenRequests.id, after) : undefined),
      )
      .orderBy(tokenRequests.id)
      .limit(1);
    if (!next) return;
    after = next.id;
    await serveOne(deps, next.id);
  }
}

const serveOne = (deps: ActionDeps, id: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const { request, requester } = await lockRequest(tx, id);
    if (request.status !== 'WAITING_FOR_TOKEN') return;
    const served = await tx
      .transaction((inner) =>
        serveRequest(inner, deps, request, requester, { comment: null, isFirst: false }),
      )
      .catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
    if (!(served instanceof Failure)) return;
    await endRequest(tx, deps, request, requester, { status: 'FAILED', failure: served.message });
  });
