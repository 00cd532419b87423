import type { Queryable } from '../../db/client.ts';
import { enqueue } from '../../lib/queue.ts';

/** Has approved requests that wait for a token looked at, once the caller's transaction commits. */
export const wakeWaitingRequests = (tx: Queryable): Promise<void> =>
  enqueue(tx, 'serve_waiting_requests', {}, 'serve waiting requests');
