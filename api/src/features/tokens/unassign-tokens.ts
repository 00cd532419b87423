import { inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { failRequestsOfToken } from '../requests/end-request.ts';
import { wakeWaitingRequests } from '../requests/wake-waiting-requests.ts';
import { endDistributionsOfToken } from '../distribution/end-distributions.ts';
import { lockTokens, requireTokenIds } from './lock-tokens.ts';
import { deleteSeedsOfUse } from './seeds.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Takes tokens from their owners, all or none. What the former owner's phone holds must not work for the next one, so
 * the seeds are deleted and open distributions end; but for a seed that came with a device, which goes with it.
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
      const { ownerId, serialNumber } = token;
      const owner = ownerId ? locked.users.get(ownerId) : undefined;
      if (!owner) {
        throw new Failure('InvalidState', 'token.not_assigned', `Token ${serialNumber} has no owner.`, {
          serialNumber,
        });
      }
      requireAuthorityOver(deps.actor, owner, 'refused');
      await endUse(tx, deps, token, owner);
    }
    const rows = await freeTokens(
      tx,
      locked.tokens.map(({ id }) => id),
    );
    await wakeWaitingRequests(tx);
    return rows;
  });
}

/** Ends what a token's owner has of it, and tells them. The caller has locked both. */
export async function endUse(
  tx: Transaction,
  deps: ActionDeps,
  token: TokenRow,
  owner: { id: string; userName: string },
): Promise<void> {
  await endDistributionsOfToken(tx, deps, token.id, 'REVOKED');
  await deleteSeedsOfUse(tx, token.id);
  await failRequestsOfToken(tx, deps, token.id);
  await recordAudit(tx, deps, { action: 'token.unassigned', token, targetUser: owner });
  await notifyOwner(tx, deps, token, { event: 'TOKEN_UNASSIGNED' });
}

/** Makes tokens nobody's. */
export async function freeTokens(tx: Transaction, ids: readonly string[]): Promise<TokenRow[]> {
  // What was to replace them stands for itself now.
  await tx
    .update(tokens)
    .set({ replacesTokenId: null })
    .where(inArray(tokens.replacesTokenId, [...ids]));
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
    .where(inArray(tokens.id, [...ids]))
    .returning();
}
