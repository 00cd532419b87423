import type { MailEvent, MailState } from '../../gql/graphql';
import { listSearch } from '../../lib/list-search.ts';

export const mailStates: MailState[] = ['QUEUED', 'SENT', 'FAILED', 'NOT_SENT'];

/** What the address holds: filters and page. */
export type OutboxQuery = {
  search?: string;
  after?: string;
  before?: string;
  state?: MailState;
  event?: MailEvent;
};

/** Reads the address; what it does not know is left out. */
export function readOutboxQuery(given: Record<string, unknown>): OutboxQuery {
  const state = mailStates.find((known) => known === given['state']);
  const event = given['event'];
  return {
    ...listSearch(given),
    ...(state ? { state } : {}),
    ...(typeof event === 'string' && /^[A-Z_]{1,40}$/.test(event) ? { event: event as MailEvent } : {}),
  };
}
