import { and, eq, isNotNull, or } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { completeRequestsOfToken } from '../requests/end-request.ts';
import { retireReplaced } from '../tokens/retire-replaced.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import { confirmSeed } from '../tokens/seeds.ts';
import type { TokenRow, TokenSeedRow } from '../tokens/table.ts';
import { activations } from './table.ts';

/**
 * Makes a provisional seed the live one, in the transaction in which a code of it was accepted; only now the former
 * seed ends, and the token that this one replaces. The caller has locked the token.
 */
export async function confirmActivation(
  tx: Transaction,
  deps: ActionDeps,
  input: {
    seed: TokenSeedRow;
    token: TokenRow;
    owner: { id: string; userName: string };
  },
): Promise<void> {
  const { seed, token, owner } = input;
  const now = deps.clock.now();
  await confirmSeed(tx, seed, now);
  if (seed.distributionId) await setDistributionState(tx, seed.distributionId, 'CONFIRMED', { endedAt: now });
  if (seed.activationId) {
    await tx
      .update(activations)
      .set({ state: 'CONFIRMED', endedAt: now })
      .where(
        and(
          eq(activations.id, seed.activationId),
          or(
            eq(activations.state, 'ACTIVATED'),
            and(eq(activations.state, 'OPEN'), isNotNull(activations.confirmUntil)),
          ),
        ),
      );
    await deps.bus.publish(tx, 'activation', seed.activationId);
  }
  await recordAudit(tx, deps, {
    action: 'activation.confirmed',
    token,
    targetUser: owner,
    details: { device: seed.device },
  });
  await notifyOwner(tx, deps, token, {
    event: 'TOKEN_ACTIVATED',
    profileId: token.profileId,
    values: { device: seed.device },
  });
  await retireReplaced(tx, deps, token);
  await completeRequestsOfToken(tx, deps, token.id);
}
