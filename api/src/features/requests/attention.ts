import { count, eq, inArray } from 'drizzle-orm';
import { mayActor } from '../../auth/actor.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { rolesOf } from '../../auth/session.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { countAddressTrouble } from '../addresses/list-address-checks.ts';
import { countFailedJobs } from '../jobs/list-jobs.ts';
import { countMails } from '../notifications/list-mails.ts';
import { countFree } from './decide-requests.ts';
import { listDeciders } from './deciders.ts';
import { decidableBy } from './list-requests.ts';
import { hindranceFor, verbsFor } from './may-decide.ts';
import { isOpenRequest } from './request-state.ts';
import { requestDecisions, tokenRequests } from './table.ts';

export type Attention = {
  requestsForMe: number;
  requestsNobodyCanDecide: number;
  requestsWaitingForToken: number;
  failedMails: number;
  addressTrouble: number;
  freeTokens: number;
  failedJobs: number;
};

/** Open requests that are looked at for «nobody can decide»; more have other troubles. */
const LOOKED_AT = 200;

/** What waits for the caller; 0 where they may not look. */
export async function readAttention(deps: ActionDeps): Promise<Attention> {
  const { db, actor } = deps;
  const countRequests = async (where: ReturnType<typeof decidableBy>) =>
    (await db.select({ count: count() }).from(tokenRequests).where(where))[0]!.count;
  const reads = mayActor(actor, 'REQUESTS_READ');
  return {
    requestsForMe: await countRequests(decidableBy(deps)),
    requestsNobodyCanDecide: reads ? await countStuck(deps) : 0,
    requestsWaitingForToken: reads ? await countRequests(eq(tokenRequests.status, 'WAITING_FOR_TOKEN')) : 0,
    failedMails: mayActor(actor, 'SETTINGS_READ') ? await countMails(deps, 'FAILED') : 0,
    addressTrouble: mayActor(actor, 'SETTINGS_READ') ? await countAddressTrouble(deps) : 0,
    freeTokens: mayActor(actor, 'TOKENS_READ') ? await countFree(deps) : 0,
    failedJobs: mayActor(actor, 'TOKENS_READ') ? await countFailedJobs(deps) : 0,
  };
}

async function countStuck({ db, clock }: ActionDeps): Promise<number> {
  const at = clock.now();
  const open = await db
    .select()
    .from(tokenRequests)
    .where(isOpenRequest)
    .orderBy(tokenRequests.id)
    .limit(LOOKED_AT);
  if (open.length === 0) return 0;
  const decisions = await db
    .select()
    .from(requestDecisions)
    .where(
      inArray(
        requestDecisions.requestId,
        open.map(({ id }) => id),
      ),
    );
  const deciders = await listDeciders(db);
  const roles = await rolesOf(
    db,
    open.map(({ requesterId }) => requesterId),
  );
  return open.filter((request) => {
    const requester = {
      id: request.requesterId,
      permissions: permissionsOf(roles.get(request.requesterId) ?? []),
    };
    const own = decisions.filter(({ requestId }) => requestId === request.id);
    return (
      verbsFor(request, at).length > 0 &&
      !deciders.some((decider) => !hindranceFor(request, decider, requester, own, at))
    );
  }).length;
}
