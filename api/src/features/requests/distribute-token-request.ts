import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { tokens } from '../tokens/table.ts';
import { type DecisionInput, decide } from './decide-request.ts';
import { isServed, serveRequest } from './serve-request.ts';
import type { TokenRequestRow } from './table.ts';

/**
 * The distribution step: gives an approved request a token, a chosen one or the one that fits. It serves those that
 * wait for a token, too.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.none_free`, … · LimitReached · Conflict · Unsupported
 */
export const distributeTokenRequest = (
  deps: ActionDeps,
  input: DecisionInput & { tokenId?: string | null | undefined },
): Promise<TokenRequestRow> =>
  decide(deps, input, 'DISTRIBUTE', async (tx, { request, requester }, comment) => {
    const tokenId = input.tokenId ?? null;
    if (tokenId) {
      // Whoever picks for another request at the same time skips a locked token, so it is free when we have it.
      await tx.select().from(tokens).where(eq(tokens.id, tokenId)).for('update');
    }
    const served = await serveRequest(tx, deps, request, requester, { tokenId, comment, isFirst: false });
    if (isServed(served)) return served;
    throw new Failure(
      'InvalidState',
      'token.none_free',
      'No token is free that fits. Make or free one; the request goes on by itself then.',
    );
  });
