import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockTokens } from './lock-tokens.ts';
import { type TokenRow, tokens } from './table.ts';

/** Whether a nickname can be used. */
export const isNickname = (nickname: string): boolean => /^\P{C}{0,50}$/u.test(nickname);

/** Names a token of one's own; an empty name takes it away. @throws Failure InvalidInput · NotFound */
export async function renameToken(
  deps: ActionDeps,
  input: { tokenId: string; nickname?: string | null | undefined },
): Promise<TokenRow> {
  const nickname = input.nickname?.trim() || null;
  new FieldChecks()
    .require(isNickname(nickname ?? ''), 'nickname', 'nickname.long', 'A nickname has at most 50 characters.')
    .done();
  return deps.db.transaction(async (tx) => {
    const token = (await lockTokens(tx, [input.tokenId])).tokens[0]!;
    if (deps.actor.kind !== 'user' || token.ownerId !== deps.actor.id) {
      throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
    }
    if (token.nickname === nickname) return token;
    const [named] = await tx.update(tokens).set({ nickname }).where(eq(tokens.id, token.id)).returning();
    await recordAudit(tx, deps, {
      action: 'token.renamed',
      token,
      targetUser: deps.actor,
      details: { 'nickname before': token.nickname, nickname },
    });
    return named!;
  });
}
