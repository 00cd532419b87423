import { inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { failRequestsOfToken } from '../requests/end-request.ts';
import { wakeWaitingRequests } from '../requests/wake-waiting-requests.ts';
import { endDistributionsOfToken } from '../distribution/end-distributions.ts';
import { lockTokens, requireTokenIds } from './lock-tokens.ts';
import { deleteSeeds } from './seeds.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Takes tokens from their owners, all or none. What the former owner's phone holds must not work for the next one, so
 * the seeds are deleted and open distributions end.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.not_assigned`, `user.outranks_you`, `user.is_yourself`
 */
export async function unassignTokens(
  deps: ActionDeps,
  input: { tokenIds: readonly string[] },
): Promise<TokenRow[]> {
  requireTokenIds(input.tokenIds);
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, input.tokenIds);
    for (const token of locked.tokens) {
      const { id, ownerId, serialNumber } = token;
      const owner = ownerId ? locked.users.get(ownerId) : undefined;
      if (!owner) {
        throw new Failure('InvalidState', 'token.not_assigned', `Token ${serialNumber} has no owner.`, {
          serialNumber,
        });
      }
      requireAuthorityOver(deps.actor, owner, 'refused');
      await endDistributionsOfToken(tx, deps, id, 'REVOKED');
      await deleteSeeds(tx, id, ['LIVE', 'PROVISIONAL']);
      await failRequestsOfToken(tx, deps, id);
      await recordAudit(tx, deps, { action: 'token.unassigned', token, targetUser: owner });
      await notifyOwner(tx, deps, token, { event: 'TOKEN_UNASSIGNED' });
    }
    const ids = locked.tokens.map(({ id }) => id);
    // What was to replace them stands for itself now.
    await tx.update(tokens).set({ replacesTokenId: null }).where(inArray(tokens.replacesTokenId, ids));
    await wakeWaitingRequests(tx);
    return tx
      .update(tokens)
      .set({
        ownerId: null,
        assignedAt: null,
        profileId: null,
        nickname: null,
        deviceBinding: null,
        boundDeviceId: null,
        distributedAt: null,
        lastUsedAt: null,
        replacesTokenId: null,
      })
      .where(inArray(tokens.id, ids))
      .returning();
  });
}
