import { and, eq, inArray, lte, or, sql } from 'drizzle-orm';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import { distributions } from '../distribution/table.ts';
import { deleteSeeds } from '../tokens/seeds.ts';
import { tokens } from '../tokens/table.ts';
import { FINISH_SECONDS, stateAt } from './activation-state.ts';
import { activations, ctKipSessions } from './table.ts';

const BATCH = 200;
const KEEP_SESSIONS_SECONDS = 24 * 3600;

/**
 * Writes down what has expired, with its audit row, and forgets old protocol sessions. Only tidiness: expiry itself is
 * judged wherever a code is used. Several instances may run it at once.
 */
export async function expireActivations(deps: ActionDeps): Promise<void> {
  while ((await expireBatch(deps)) === BATCH);
  await deps.db
    .delete(ctKipSessions)
    .where(lte(ctKipSessions.startedAt, plusSeconds(deps.clock.now(), -KEEP_SESSIONS_SECONDS)));
}

function expireBatch(deps: ActionDeps): Promise<number> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const due = await tx
      .select({ activation: activations, token: tokens, deliveryMethod: distributions.deliveryMethod })
      .from(activations)
      .innerJoin(tokens, eq(tokens.id, activations.tokenId))
      .innerJoin(distributions, eq(distributions.id, activations.distributionId))
      .where(
        and(
          inArray(activations.state, ['OPEN', 'CONTACTED']),
          lte(sql`coalesce(${activations.confirmUntil}, ${activations.expiresAt})`, now.toISOString()),
          or(
            eq(activations.state, 'OPEN'),
            lte(sql`${activations.sessionStartedAt}`, plusSeconds(now, -FINISH_SECONDS).toISOString()),
          ),
        ),
      )
      .orderBy(tokens.id)
      .limit(BATCH)
      .for('update', { of: tokens, skipLocked: true });
    for (const { activation, token, deliveryMethod } of due) {
      if (stateAt(activation, now) !== 'EXPIRED') continue;
      const [ended] = await tx
        .update(activations)
        .set({ state: 'EXPIRED', endedAt: now })
        .where(and(eq(activations.id, activation.id), inArray(activations.state, ['OPEN', 'CONTACTED'])))
        .returning({ id: activations.id });
      if (!ended) continue;
      // Nobody proved the seed of an otpauth QR code in time.
      if (activation.confirmUntil) await deleteSeeds(tx, token.id, ['PROVISIONAL']);
      if (deliveryMethod === 'CT_KIP_URL') {
        await setDistributionState(tx, activation.distributionId, 'EXPIRED', { endedAt: now });
      }
      await deps.bus.publish(tx, 'activation', activation.id);
      await recordAudit(tx, deps, { action: 'activation.expired', token, details: { deliveryMethod } });
    }
    return due.length;
  });
}
