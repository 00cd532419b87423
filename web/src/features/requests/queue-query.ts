import type {
  RequestWaitsFor,
  TokenRequestFilter,
  TokenRequestKind,
  TokenRequestStatus,
} from '../../gql/graphql';
import type { PageCursor } from '../../ui/Pager.tsx';
import type { QueueRequest } from './request-documents.ts';

export const queueTabs = ['open', 'forMe', 'closed', 'all'] as const;
export type QueueTab = (typeof queueTabs)[number];
export const requestKinds: TokenRequestKind[] = ['NEW', 'ADDITIONAL', 'REPLACEMENT'];

/** What the address holds: filters, page and the request that is shown. */
export type QueueQuery = PageCursor & {
  status?: 'closed' | 'all';
  forMe?: 1;
  kind?: TokenRequestKind;
  q?: string;
  id?: string;
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined;

/** Reads the address; what it does not know is left out. */
export function readQueueQuery(search: Record<string, unknown>): QueueQuery {
  const { status, forMe, kind } = search;
  const given = {
    status: status === 'closed' || status === 'all' ? status : undefined,
    forMe: forMe === 1 || forMe === true ? 1 : undefined,
    kind: requestKinds.find((known) => known === kind),
    q: text(search['q']),
    id: text(search['id']),
    after: text(search['after']),
    before: text(search['before']),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as QueueQuery;
}

export const tabOf = ({ status, forMe }: QueueQuery): QueueTab => (forMe ? 'forMe' : (status ?? 'open'));

/** The address of a tab. */
export const tabQuery = (tab: QueueTab): QueueQuery => {
  if (tab === 'forMe') return { forMe: 1 };
  return tab === 'open' ? {} : { status: tab };
};

const closed: TokenRequestStatus[] = ['REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED', 'COMPLETED'];
/** An approved request with its token waits for its owner only. */
const toDo: RequestWaitsFor[] = ['APPROVER', 'DISTRIBUTOR', 'TOKEN'];

/** What waits comes oldest first, what is over newest first. */
export const isNewestFirst = (query: QueueQuery): boolean => ['closed', 'all'].includes(tabOf(query));

const PAGE = 50;

/** The API's paging arguments and filter; the API itself sorts oldest first only. */
export function queueVariables(query: QueueQuery) {
  const { after, before } = query;
  const tab = tabOf(query);
  const filter: TokenRequestFilter = {
    status: tab === 'closed' ? closed : null,
    waitsFor: tab === 'open' ? toDo : null,
    kind: query.kind ? [query.kind] : null,
    search: query.q ?? null,
    forMe: query.forMe ? true : null,
  };
  if (isNewestFirst(query)) {
    return { ...(before ? { first: PAGE, after: before } : { last: PAGE, before: after ?? null }), filter };
  }
  return { ...(before ? { last: PAGE, before } : { first: PAGE, after: after ?? null }), filter };
}

/** Whether a request belongs to what a tab shows. */
export const belongsTo = (tab: QueueTab, request: QueueRequest): boolean => {
  if (tab === 'open') return toDo.some((what) => what === request.waitsFor);
  if (tab === 'forMe') return request.mayDecide.length > 0;
  return tab === 'all' || closed.includes(request.status);
};
