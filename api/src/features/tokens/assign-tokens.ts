import { inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import { type Moment, momentOf } from '../../lib/clock.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { disabledUser } from '../users/find-user.ts';
import { lockTokens, requireRoomFor, requireTokenIds } from './lock-tokens.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Gives tokens an owner, all or none, and tells the owner.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.disabled`, `token.expired`, `user.disabled`, … ·
 *   Conflict `token.already_assigned` · LimitReached `user.token_limit`; each names the serial number
 */
export async function assignTokens(
  deps: ActionDeps,
  input: { userId: string; tokenIds: readonly string[] },
): Promise<TokenRow[]> {
  requireTokenIds(input.tokenIds);
  return deps.db.transaction(async (tx) => {
    const rows = await assignTokensIn(tx, deps, input);
    for (const token of rows) await notifyOwner(tx, deps, token, { event: 'TOKEN_ASSIGNED' });
    return rows;
  });
}

/**
 * The same in the caller's transaction, without the mail.
 * @param input.replacesTokenId the token that the new one takes the place of, once it is confirmed
 */
export async function assignTokensIn(
  tx: Transaction,
  deps: ActionDeps,
  input: { userId: string; tokenIds: readonly string[]; replacesTokenId?: string | null },
): Promise<TokenRow[]> {
  const now = momentOf(deps.clock);
  const { replacesTokenId = null } = input;
  const locked = await lockTokens(tx, input.tokenIds, input.userId);
  const user = locked.users.get(input.userId)!;
  requireAuthorityOver(deps.actor, user, 'refused');
  if (!user.enabled) throw disabledUser(user);
  for (const token of locked.tokens) requireAssignable(token, now);
  const ids = locked.tokens.map(({ id }) => id);
  const rows = await tx
    .update(tokens)
    .set({ ownerId: user.id, assignedAt: now.at, replacesTokenId })
    .where(inArray(tokens.id, ids))
    .returning();
  await requireRoomFor(tx, deps, user, ids);
  await recordAudit(
    tx,
    deps,
    ...rows.map((token) => ({ action: 'token.assigned' as const, token, targetUser: user })),
  );
  return rows;
}

function requireAssignable(token: TokenRow, { day }: Moment): void {
  const { serialNumber } = token;
  const refuse = (code: string, message: string) =>
    new Failure('InvalidState', code, message, { serialNumber });
  if (token.ownerId) {
    throw new Failure(
      'Conflict',
      'token.already_assigned',
      `Token ${serialNumber} has an owner. Choose another.`,
      {
        serialNumber,
      },
    );
  }
  if (token.replacedAt) throw refuse('token.replaced', `Token ${serialNumber} was replaced. Choose another.`);
  if (token.expiresOn !== null && token.expiresOn < day) {
    throw refuse('token.expired', `Token ${serialNumber} has expired. Choose another.`);
  }
  if (!token.enabled) {
    throw refuse('token.disabled', `Token ${serialNumber} is disabled. Enable it first, then assign it.`);
  }
}
