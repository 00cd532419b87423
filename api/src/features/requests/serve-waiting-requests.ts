import { and, eq, gt, notInArray } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { endRequest } from './end-request.ts';
import { lockRequest } from './lock-request.ts';
import { isServed, serveRequest } from './serve-request.ts';
import { tokenRequests } from './table.ts';

/**
 * Gives tokens to approved requests that wait for one, in the order in which people asked, as long as there are any. One
 * that cannot be served any more (its requester has the most tokens allowed, is disabled, the profile is retired) fails and
 * says why; one that breaks is left for the next time and keeps no other from its token.
 */
export async function serveWaitingRequests(deps: ActionDeps): Promise<void> {
  const usedUp: ('SECURID' | 'TOTP')[] = [];
  for (let after = ''; ; ) {
    const [next] = await deps.db
      .select({ id: tokenRequests.id, algorithm: tokenProfiles.algorithm })
      .from(tokenRequests)
      .innerJoin(tokenProfiles, eq(tokenProfiles.id, tokenRequests.profileId))
      .where(
        and(
          eq(tokenRequests.status, 'WAITING_FOR_TOKEN'),
          after ? gt(tokenRequests.id, after) : undefined,
          usedUp.length > 0 ? notInArray(tokenProfiles.algorithm, usedUp) : undefined,
        ),
      )
      .orderBy(tokenRequests.id)
      .limit(1);
    if (!next) return;
    after = next.id;
    try {
      if (await isNoneFree(deps, next.id)) usedUp.push(next.algorithm);
    } catch (error) {
      deps.log.error({ err: error, requestId: next.id }, 'A waiting request could not be served');
    }
  }
}

/** Serves one request; answers whether there was no token for it. */
const isNoneFree = (deps: ActionDeps, id: string): Promise<boolean> =>
  deps.db.transaction(async (tx) => {
    const { request, requester } = await lockRequest(tx, id);
    if (request.status !== 'WAITING_FOR_TOKEN') return false;
    const served = await tx
      .transaction((inner) =>
        serveRequest(inner, deps, request, requester, { comment: null, isFirst: false }),
      )
      .catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
    if (!(served instanceof Failure)) return !isServed(served);
    await endRequest(tx, deps, request, requester, { status: 'FAILED', failure: served.message });
    return false;
  });
