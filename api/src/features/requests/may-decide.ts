import type { Permission } from '../../auth/permissions.ts';
import { statusAt, waitsFor } from './request-state.ts';
import type { RequestDecisionRow, TokenRequestRow } from './table.ts';

export type RequestVerb = RequestDecisionRow['verb'];
export type Decider = { id: string; permissions: ReadonlySet<Permission> };

/** Why somebody may not decide: a stable code and a sentence. */
export type Hindrance = { code: string; message: string };

/**
 * Why a person may not make the decision for which a request waits; null when they may. Nobody decides their own
 * request, nobody approves two steps, and nobody gives tokens to a person who holds a permission that they lack.
 */
export function hindranceFor(
  request: TokenRequestRow,
  decider: Decider,
  requester: Decider,
  decisions: readonly RequestDecisionRow[],
  at: Date,
): Hindrance | null {
  const waiting = waitsFor(request, at);
  const needed =
    waiting === 'DISTRIBUTOR' || waiting === 'TOKEN' ? 'REQUESTS_DISTRIBUTE' : 'REQUESTS_APPROVE';
  if (decider.id === requester.id) {
    return { code: 'request.own', message: 'Nobody decides their own request. Somebody else has to.' };
  }
  if (!decider.permissions.has(needed)) {
    const who = needed === 'REQUESTS_APPROVE' ? 'A request approver' : 'A token distributor';
    return { code: 'request.not_yours', message: `${who} decides this step.` };
  }
  if ([...requester.permissions].some((permission) => !decider.permissions.has(permission))) {
    return {
      code: 'user.outranks_you',
      message: 'This person may do things that you may not, so somebody with those rights has to decide.',
    };
  }
  const hasApproved = decisions.some(({ verb, byId }) => verb === 'APPROVE' && byId === decider.id);
  if (needed === 'REQUESTS_APPROVE' && hasApproved) {
    return {
      code: 'request.approved_by_you',
      message: 'You approved an earlier step. A different approver decides this one.',
    };
  }
  return null;
}

/** What can be done with a request as it stands, by whoever nothing hinders. */
export function verbsFor(request: TokenRequestRow, at: Date): RequestVerb[] {
  switch (waitsFor(request, at)) {
    case 'APPROVER':
      return statusAt(request, at) === 'PENDING' ? ['APPROVE', 'REJECT', 'DEFER'] : ['APPROVE', 'REJECT'];
    case 'DISTRIBUTOR':
    case 'TOKEN':
      return ['DISTRIBUTE'];
    default:
      return [];
  }
}
