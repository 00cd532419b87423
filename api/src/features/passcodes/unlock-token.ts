import { requireAuthorityOver } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import type { TokenRow } from '../tokens/table.ts';
import { freeToken } from './passcode-lock.ts';

/**
 * The help desk frees a token that too many wrong codes have locked for programs. Its owner is told.
 * @throws Failure NotFound · InvalidState `token.not_locked`, `user.outranks_you`, `user.is_yourself`
 */
export function unlockToken(deps: ActionDeps, input: { tokenId: string }): Promise<TokenRow> {
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, [input.tokenId]);
    const token = locked.tokens[0]!;
    const owner = token.ownerId ? locked.users.get(token.ownerId) : undefined;
    if (owner) requireAuthorityOver(deps.actor, owner, 'refused');
    if (!(await freeToken(tx, token))) {
      throw new Failure('InvalidState', 'token.not_locked', 'This token is not locked.', {
        serialNumber: token.serialNumber,
      });
    }
    await recordAudit(tx, deps, { action: 'passcode.unlocked', token, targetUser: owner });
    await notifyOwner(tx, deps, token, {
      event: 'UNUSUAL_ACTIVITY',
      values: { activity: 'An administrator has unlocked this token after too many wrong codes.' },
    });
    return { ...token, lockedAt: null };
  });
}
