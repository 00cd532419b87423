import { and, eq, gt, inArray, isNotNull, isNull, or, type SQL } from 'drizzle-orm';
import { type TokenRequestRow, tokenRequests } from './table.ts';

export const requestStatuses = [
  'PENDING',
  'DEFERRED',
  'APPROVED',
  'WAITING_FOR_TOKEN',
  'REJECTED',
  'CANCELLED',
  'EXPIRED',
  'FAILED',
  'COMPLETED',
] as const;
export type RequestStatus = (typeof requestStatuses)[number];

/** The status as of a moment: an undecided request past its time is EXPIRED, whether or not the row says so. */
export const statusAt = ({ status, expiresAt }: TokenRequestRow, at: Date): RequestStatus =>
  (status === 'PENDING' || status === 'DEFERRED') && expiresAt <= at ? 'EXPIRED' : status;

/** Requests that nobody has ended and that have no token yet. */
export const isOpenRequest: SQL = or(
  inArray(tokenRequests.status, ['PENDING', 'DEFERRED', 'WAITING_FOR_TOKEN']),
  and(eq(tokenRequests.status, 'APPROVED'), isNull(tokenRequests.tokenId)),
)!;

/** The step that is to be decided now: 1 for the first approval, the distribution step after the last. */
export const stepOf = ({ approvalsGiven }: TokenRequestRow): number => approvalsGiven + 1;

export const waitedFor = ['APPROVER', 'DISTRIBUTOR', 'TOKEN', 'ACTIVATION'] as const;
export type WaitsFor = (typeof waitedFor)[number];

/** Whom or what an open request waits for; null when it is over. */
export function waitsFor(request: TokenRequestRow, at: Date): WaitsFor | null {
  switch (statusAt(request, at)) {
    case 'PENDING':
    case 'DEFERRED':
      return 'APPROVER';
    case 'WAITING_FOR_TOKEN':
      return 'TOKEN';
    case 'APPROVED':
      return request.tokenId ? 'ACTIVATION' : 'DISTRIBUTOR';
    default:
      return null;
  }
}

/** The same as a condition, for lists. */
export function isWaitingFor(what: WaitsFor, at: Date): SQL {
  const { status, expiresAt, tokenId } = tokenRequests;
  switch (what) {
    case 'APPROVER':
      return and(inArray(status, ['PENDING', 'DEFERRED']), gt(expiresAt, at))!;
    case 'DISTRIBUTOR':
      return and(eq(status, 'APPROVED'), isNull(tokenId))!;
    case 'TOKEN':
      return eq(status, 'WAITING_FOR_TOKEN');
    case 'ACTIVATION':
      return and(eq(status, 'APPROVED'), isNotNull(tokenId))!;
  }
}
