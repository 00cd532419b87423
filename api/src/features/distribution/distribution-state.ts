import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { type DistributionRow, distributions } from './table.ts';

/** Marks a URL distribution as revoked whose only code has ended; others stay as they are. */
export async function revokeUrlDistributions(
  tx: Transaction,
  deps: ActionDeps,
  distributionId: string,
): Promise<void> {
  await tx
    .update(distributions)
    .set({ state: 'REVOKED', endedAt: deps.clock.now() })
    .where(
      and(
        eq(distributions.id, distributionId),
        eq(distributions.deliveryMethod, 'CT_KIP_URL'),
        eq(distributions.state, 'PENDING'),
      ),
    );
}

/** Moves a distribution on when its seed is agreed, confirmed, or thrown away. */
export async function setDistributionState(
  tx: Transaction,
  distributionId: string,
  state: DistributionRow['state'],
  change: { endedAt?: Date | null; expiresAt?: Date; boundDeviceId?: string } = {},
): Promise<void> {
  await tx
    .update(distributions)
    .set({ state, ...change })
    .where(eq(distributions.id, distributionId));
}

/** The state as of a moment: a pending one past its time is EXPIRED, whether or not the row says so. */
export const distributionStateAt = (
  { state, expiresAt }: DistributionRow,
  at: Date,
): DistributionRow['state'] => (state === 'PENDING' && expiresAt && expiresAt <= at ? 'EXPIRED' : state);
