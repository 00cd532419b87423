import { inArray } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import { type Moment, momentOf } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockTokens, requireRoomFor, requireTokenIds } from './lock-tokens.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Gives tokens an owner, all or none.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.disabled`, `token.expired`, `user.disabled`, … ·
 *   Conflict `token.already_assigned` · LimitReached `user.token_limit`; each names the serial number
 */
export async function assignTokens(
  deps: ActionDeps,
  input: { userId: string; tokenIds: readonly string[] },
): Promise<TokenRow[]> {
  requireTokenIds(input.tokenIds);
  const now = momentOf(deps.clock);
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, input.tokenIds, input.userId);
    const user = locked.users.get(input.userId)!;
    requireAuthorityOver(deps.actor, user, 'refused');
    if (!user.enabled) {
      throw new Failure(
        'InvalidState',
        'user.disabled',
        `${user.userName} is disabled. Enable this user first.`,
        {
          userName: user.userName,
        },
      );
    }
    for (const token of locked.tokens) requireAssignable(token, now);
    await requireRoomFor(
      tx,
      deps,
      user,
      locked.tokens.map(({ id }) => id),
    );
    const rows = await tx
      .update(tokens)
      .set({ ownerId: user.id, assignedAt: now.at })
      .where(
        inArray(
          tokens.id,
          locked.tokens.map(({ id }) => id),
        ),
      )
      .returning();
    await recordAudit(
      tx,
      deps,
      ...rows.map((token) => ({ action: 'token.assigned' as const, token, targetUser: user })),
    );
    return rows;
  });
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
