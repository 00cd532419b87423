import { and, eq, gt, inArray, lte, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { mayActor } from '../../auth/actor.ts';
import { type Connection, likeAnywhere, type PageArgs, pageOf } from '../../db/keyset.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { roles, rolePermissions } from '../../auth/permissions.ts';
import { userRoles, users } from '../users/table.ts';
import { isWaitingFor, type RequestStatus, type WaitsFor } from './request-state.ts';
import { requestDecisions, type TokenRequestRow, tokenRequests } from './table.ts';

export type TokenRequestFilter = {
  status?: readonly RequestStatus[] | null | undefined;
  kind?: readonly TokenRequestRow['kind'][] | null | undefined;
  search?: string | null | undefined;
  profileId?: string | null | undefined;
  waitsFor?: readonly WaitsFor[] | null | undefined;
  mine?: boolean | null | undefined;
  forMe?: boolean | null | undefined;
};

/** Requests, oldest first. Whoever may not read everybody's gets their own. */
export function listRequests(
  deps: ActionDeps,
  args: PageArgs,
  filter: TokenRequestFilter,
): Promise<Connection<TokenRequestRow>> {
  const at = deps.clock.now();
  const matches = and(
    seenBy(deps),
    filter.mine && deps.actor.kind === 'user' ? eq(tokenRequests.requesterId, deps.actor.id) : undefined,
    filter.forMe ? decidableBy(deps) : undefined,
    filter.status ? (or(...filter.status.map((status) => statusIs(status, at))) ?? sql`false`) : undefined,
    filter.waitsFor
      ? (or(...filter.waitsFor.map((what) => isWaitingFor(what, at))) ?? sql`false`)
      : undefined,
    filter.kind ? inArray(tokenRequests.kind, [...filter.kind]) : undefined,
    filter.profileId ? eq(tokenRequests.profileId, filter.profileId) : undefined,
    searched(filter.search),
  );
  return pageOf(deps, { table: tokenRequests, key: 'id', direction: 'asc', matches }, args);
}

const seenBy = ({ actor }: ActionDeps): SQL | undefined => {
  if (mayActor(actor, 'REQUESTS_READ')) return undefined;
  return actor.kind === 'user' && !actor.apiKey ? eq(tokenRequests.requesterId, actor.id) : sql`false`;
};

const undecided = inArray(tokenRequests.status, ['PENDING', 'DEFERRED']);

function statusIs(status: RequestStatus, at: Date): SQL {
  if (status === 'PENDING' || status === 'DEFERRED') {
    return and(eq(tokenRequests.status, status), gt(tokenRequests.expiresAt, at))!;
  }
  if (status === 'EXPIRED') {
    return or(eq(tokenRequests.status, status), and(undecided, lte(tokenRequests.expiresAt, at)))!;
  }
  return eq(tokenRequests.status, status);
}

/** The rule of `hindranceFor` as a condition: what waits for a decision that the caller may make. */
export function decidableBy({ actor, clock }: ActionDeps): SQL {
  if (actor.kind !== 'user') return sql`false`;
  const at = clock.now();
  const waitsForDistributor = or(isWaitingFor('DISTRIBUTOR', at), isWaitingFor('TOKEN', at))!;
  const approvedByMe = sql`EXISTS (SELECT 1 FROM ${requestDecisions} WHERE ${requestDecisions.requestId} = ${tokenRequests.id}
    AND ${requestDecisions.verb} = 'APPROVE' AND ${requestDecisions.byId} = ${actor.id})`;
  const higher = roles.filter((role) => rolePermissions[role].some((held) => !actor.permissions.has(held)));
  const outranksMe =
    higher.length > 0
      ? sql`EXISTS (SELECT 1 FROM ${userRoles} WHERE ${userRoles.userId} = ${tokenRequests.requesterId}
          AND ${inArray(userRoles.role, higher)})`
      : sql`false`;
  return and(
    ne(tokenRequests.requesterId, actor.id),
    not(outranksMe),
    or(
      actor.permissions.has('REQUESTS_APPROVE')
        ? and(isWaitingFor('APPROVER', at), not(approvedByMe))
        : sql`false`,
      actor.permissions.has('REQUESTS_DISTRIBUTE') ? waitsForDistributor : sql`false`,
    ),
  )!;
}

function searched(search: string | null | undefined): SQL | undefined {
  const wanted = search?.trim().toLowerCase().slice(0, 128);
  if (!wanted) return undefined;
  const pattern = likeAnywhere(wanted);
  return or(
    sql`lower(${tokenRequests.reason}) LIKE ${pattern}`,
    sql`${tokenRequests.requesterId} IN (SELECT ${users.id} FROM ${users}
      WHERE ${users.userNameKey} LIKE ${pattern}
      OR lower(${users.givenName} || ' ' || ${users.familyName}) LIKE ${pattern})`,
  );
}
