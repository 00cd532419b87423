import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { endActivationsOfToken } from '../activation/end-activations.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { failRequestsOfToken } from '../requests/end-request.ts';
import { type TokenRow, tokens } from './table.ts';

/** Stops a token that its owner reports as lost or broken, at once. The caller has locked it. */
export async function stopReportedToken(
  tx: Transaction,
  deps: ActionDeps,
  token: TokenRow,
  problem: 'LOST' | 'BROKEN',
  comment: string | null,
): Promise<TokenRow> {
  await endActivationsOfToken(tx, deps, token.id, 'reported by its owner');
  const lostAt = problem === 'LOST' ? deps.clock.now() : token.lostAt;
  const [stopped] = await tx
    .update(tokens)
    .set({ enabled: false, lostAt })
    .where(eq(tokens.id, token.id))
    .returning();
  await failRequestsOfToken(tx, deps, token.id);
  await recordAudit(tx, deps, {
    action: problem === 'LOST' ? 'token.reported_lost' : 'token.reported_broken',
    token,
    details: { comment },
  });
  await notifyOwner(tx, deps, token, { event: problem === 'LOST' ? 'TOKEN_LOST' : 'TOKEN_DISABLED' });
  return stopped!;
}
