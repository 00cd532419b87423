import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { endActivationsOfToken } from '../activation/end-activations.ts';
import { dropOctets } from '../files/file-octets.ts';
import { distributions } from './table.ts';

/**
 * Ends what is open of a token's distributions, and with them its codes. One past its time becomes EXPIRED instead.
 * The caller has locked the token, and deletes the provisional seed.
 */
export async function endDistributionsOfToken(
  tx: Transaction,
  deps: ActionDeps,
  tokenId: string,
  as: 'SUPERSEDED' | 'REVOKED',
): Promise<void> {
  const now = deps.clock.now();
  const ended = await tx
    .update(distributions)
    .set({
      state: sql`CASE WHEN ${distributions.state} = 'PENDING' AND ${lte(distributions.expiresAt, now)}
        THEN 'EXPIRED' ELSE ${as} END`,
      endedAt: now,
    })
    .where(
      and(
        eq(distributions.tokenId, tokenId),
        inArray(distributions.state, ['PENDING', 'ACTIVATED', 'DELIVERED']),
      ),
    )
    .returning();
  // A file of a seed that is dead by now would only mislead whoever claims it.
  for (const { fileId } of ended) if (fileId) await dropOctets(tx, fileId);
  const reason = as === 'SUPERSEDED' ? 'distributed again' : 'distribution ended';
  await endActivationsOfToken(tx, deps, tokenId, reason, ['OPEN', 'CONTACTED', 'ACTIVATED']);
}
