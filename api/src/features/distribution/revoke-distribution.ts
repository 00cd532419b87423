import { eq } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { failRequestsOfToken } from '../requests/end-request.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { deleteSeeds } from '../tokens/seeds.ts';
import { distributionStateAt } from './distribution-state.ts';
import { endDistributionsOfToken } from './end-distributions.ts';
import { type DistributionRow, distributions } from './table.ts';

/**
 * Ends an open distribution: its code dies, a seed that its owner has not confirmed is thrown away, and so does the request
 * that asked for it. The owner is told.
 * @throws Failure NotFound · InvalidState `distribution.not_open`, `user.outranks_you`, `user.is_yourself`
 */
export async function revokeDistribution(
  deps: ActionDeps,
  input: { distributionId: string },
): Promise<DistributionRow> {
  return deps.db.transaction(async (tx) => {
    const find = () => tx.select().from(distributions).where(eq(distributions.id, input.distributionId));
    const [seen] = await find();
    if (!seen) throw new Failure('NotFound', 'distribution.not_found', 'There is no such distribution.');
    const locked = await lockTokens(tx, [seen.tokenId]);
    const token = locked.tokens[0]!;
    const owner = token.ownerId ? locked.users.get(token.ownerId) : undefined;
    if (owner) requireAuthorityOver(deps.actor, owner, 'refused');
    const [present] = await find();
    const state = distributionStateAt(present!, deps.clock.now());
    if (state !== 'PENDING' && state !== 'ACTIVATED') {
      throw new Failure('InvalidState', 'distribution.not_open', 'This distribution is over already.');
    }
    await endDistributionsOfToken(tx, deps, token.id, 'REVOKED');
    await deleteSeeds(tx, token.id, ['PROVISIONAL']);
    await failRequestsOfToken(tx, deps, token.id);
    await recordAudit(tx, deps, { action: 'token.distribution_revoked', token, targetUser: owner });
    await notifyOwner(tx, deps, token, { event: 'DISTRIBUTION_REVOKED' });
    return { ...present!, state: 'REVOKED', endedAt: deps.clock.now() };
  });
}
