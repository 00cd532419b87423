import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { endRequest } from './end-request.ts';
import { lockRequest, requestNotFound } from './lock-request.ts';
import { waitsFor } from './request-state.ts';
import type { TokenRequestRow } from './table.ts';

/**
 * Takes one's own request back, as long as no token was given for it.
 * @throws Failure NotFound · InvalidState `request.not_open`
 */
export const cancelTokenRequest = (
  deps: ActionDeps,
  input: { requestId: string },
): Promise<TokenRequestRow> =>
  deps.db.transaction(async (tx) => {
    const { request, requester } = await lockRequest(tx, input.requestId);
    if (deps.actor.kind !== 'user' || deps.actor.id !== requester.id) throw requestNotFound();
    const waiting = waitsFor(request, deps.clock.now());
    if (waiting === null || waiting === 'ACTIVATION') {
      throw new Failure(
        'InvalidState',
        'request.not_open',
        waiting
          ? 'The token is there already. If you do not want it, tell your help desk.'
          : 'This request is over already.',
      );
    }
    return endRequest(tx, deps, request, requester, { status: 'CANCELLED' });
  });
