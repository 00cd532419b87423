import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { revokeUrlDistributions } from '../distribution/distribution-state.ts';
import { deleteSeeds } from '../tokens/seeds.ts';
import { tokens } from '../tokens/table.ts';
import { type ActivationRow, activations } from './table.ts';

/**
 * Ends the open activation of a token in the caller's transaction: its code is dead. A URL distribution has only this
 * one code, so it is revoked; a QR distribution stays, and its owner may open another activation.
 */
export async function endActivationsOfToken(
  tx: Transaction,
  deps: ActionDeps,
  tokenId: string,
  reason: string,
  /** ACTIVATED, too, where the caller throws its unconfirmed seed away. */
  states: ActivationRow['state'][] = ['OPEN', 'CONTACTED'],
): Promise<void> {
  const ended = await tx
    .update(activations)
    .set({ state: 'CANCELLED', endedAt: deps.clock.now() })
    .where(and(eq(activations.tokenId, tokenId), inArray(activations.state, states)))
    .returning({
      id: activations.id,
      distributionId: activations.distributionId,
      confirmUntil: activations.confirmUntil,
    });
  if (ended.length === 0) return;
  const [token] = await tx.select().from(tokens).where(eq(tokens.id, tokenId));
  for (const { id, distributionId, confirmUntil } of ended) {
    // The seed that stands in an otpauth QR code dies with it.
    if (confirmUntil) await deleteSeeds(tx, tokenId, ['PROVISIONAL']);
    await revokeUrlDistributions(tx, deps, distributionId);
    await deps.bus.publish(tx, 'activation', id);
    await recordAudit(tx, deps, { action: 'activation.cancelled', token, details: { reason } });
  }
}

/** The same for all tokens of a user, whose row the caller has locked. */
export async function endActivationsOfUser(
  tx: Transaction,
  deps: ActionDeps,
  userId: string,
  reason: string,
): Promise<void> {
  const owned = await tx
    .select({ id: tokens.id })
    .from(tokens)
    .where(eq(tokens.ownerId, userId))
    .orderBy(tokens.id)
    .for('update');
  for (const { id } of owned) await endActivationsOfToken(tx, deps, id, reason);
}
