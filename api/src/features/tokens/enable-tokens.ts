import { inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import { momentOf } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { endActivationsOfToken } from '../activation/end-activations.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { wakeWaitingRequests } from '../requests/wake-waiting-requests.ts';
import { lockTokens, requireRoomFor, requireTokenIds } from './lock-tokens.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Lets tokens work again, all or none; one that was reported lost is found again. Tokens that are enabled already are left as they are.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.replaced`, `user.outranks_you`, `user.is_yourself` ·
 *   LimitReached `user.token_limit`
 */
export const enableTokens = (deps: ActionDeps, input: { tokenIds: readonly string[] }): Promise<TokenRow[]> =>
  setEnabled(deps, input.tokenIds, true);

/**
 * Stops tokens, all or none: their codes are refused, and open activations end. Seeds stay, for enabling again.
 * @throws Failure InvalidInput · NotFound · InvalidState `user.outranks_you`, `user.is_yourself`
 */
export const disableTokens = (
  deps: ActionDeps,
  input: { tokenIds: readonly string[] },
): Promise<TokenRow[]> => setEnabled(deps, input.tokenIds, false);

async function setEnabled(
  deps: ActionDeps,
  tokenIds: readonly string[],
  enabled: boolean,
): Promise<TokenRow[]> {
  requireTokenIds(tokenIds);
  const { day } = momentOf(deps.clock);
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, tokenIds);
    const changing = locked.tokens.filter((token) => token.enabled !== enabled);
    for (const token of changing) {
      const owner = token.ownerId ? locked.users.get(token.ownerId) : undefined;
      if (owner) requireAuthorityOver(deps.actor, owner, 'refused');
      if (enabled && token.replacedAt) {
        const { serialNumber } = token;
        throw new Failure(
          'InvalidState',
          'token.replaced',
          `Token ${serialNumber} was replaced and stays stopped.`,
          {
            serialNumber,
          },
        );
      }
      if (!enabled) await endActivationsOfToken(tx, deps, token.id, 'token disabled');
      await recordAudit(tx, deps, {
        action: enabled ? 'token.enabled' : 'token.disabled',
        token,
        targetUser: owner,
      });
      await notifyOwner(tx, deps, token, { event: enabled ? 'TOKEN_ENABLED' : 'TOKEN_DISABLED' });
    }
    if (enabled) {
      for (const user of locked.users.values()) {
        const counting = changing.filter(
          (token) => token.ownerId === user.id && (token.expiresOn === null || token.expiresOn >= day),
        );
        if (counting.length > 0)
          await requireRoomFor(
            tx,
            deps,
            user,
            counting.map(({ id }) => id),
          );
      }
    }
    if (changing.length > 0) {
      await tx
        .update(tokens)
        // One that is enabled again was found again.
        .set({ enabled, ...(enabled ? { lostAt: null } : {}) })
        .where(
          inArray(
            tokens.id,
            changing.map(({ id }) => id),
          ),
        );
    }
    if (enabled) await wakeWaitingRequests(tx);
    return locked.tokens.map((token) => ({ ...token, enabled }));
  });
}
