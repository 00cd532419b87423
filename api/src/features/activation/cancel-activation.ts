import { eq } from 'drizzle-orm';
import { isSelf, mayActor, requireAuthorityOver } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { stateAt } from './activation-state.ts';
import { endActivationsOfToken } from './end-activations.ts';
import { throwAwayProvisional } from './start-activation.ts';
import { type ActivationRow, activations } from './table.ts';

/**
 * Ends an open activation, or throws away its provisional seed («I did not scan this»); a former seed goes on. For the
 * token's owner, and for administrators who may distribute tokens of that person.
 * @throws Failure NotFound · InvalidState `activation.over`, `user.outranks_you`
 */
export async function cancelActivation(
  deps: ActionDeps,
  input: { activationId: string },
): Promise<ActivationRow> {
  return deps.db.transaction(async (tx) => {
    const find = () => tx.select().from(activations).where(eq(activations.id, input.activationId));
    const [seen] = await find();
    const locked = seen ? await lockTokens(tx, [seen.tokenId]) : undefined;
    const token = locked?.tokens[0];
    const isOwner = isSelf(deps.actor, token?.ownerId) && isSelf(deps.actor, seen?.ownerId);
    if (!token || (!isOwner && !mayActor(deps.actor, 'TOKENS_DISTRIBUTE'))) {
      throw new Failure('NotFound', 'activation.not_found', 'There is no such activation.');
    }
    const owner = token.ownerId ? locked.users.get(token.ownerId) : undefined;
    if (owner && !isOwner) requireAuthorityOver(deps.actor, owner, 'refused');

    const [present] = await find();
    const state = stateAt(present!, deps.clock.now());
    if (state === 'OPEN' || state === 'CONTACTED') {
      await endActivationsOfToken(tx, deps, token.id, isOwner ? 'by the owner' : 'by an administrator');
    } else if (state === 'ACTIVATED') {
      await throwAwayProvisional(tx, deps, token, { id: present!.distributionId });
    } else {
      throw new Failure('InvalidState', 'activation.over', 'This activation is over already.');
    }
    return (await find())[0]!;
  });
}
