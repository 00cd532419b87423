import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { endDistributionsOfToken } from '../distribution/end-distributions.ts';
import { groupedSerial, notifyOwner } from '../notifications/notify.ts';
import { deleteSeeds } from './seeds.ts';
import { type TokenRow, tokens } from './table.ts';

/**
 * Stops the token that a confirmed one replaces: it is REPLACED, and its seeds are gone. One that went to somebody else
 * meanwhile is left alone.
 */
export async function retireReplaced(tx: Transaction, deps: ActionDeps, token: TokenRow): Promise<void> {
  if (!token.replacesTokenId || !token.ownerId) return;
  const [former] = await tx
    .select()
    .from(tokens)
    .where(
      and(eq(tokens.id, token.replacesTokenId), eq(tokens.ownerId, token.ownerId), isNull(tokens.replacedAt)),
    )
    .for('update');
  if (!former) return;
  await endDistributionsOfToken(tx, deps, former.id, 'REVOKED');
  await deleteSeeds(tx, former.id, ['LIVE', 'PROVISIONAL']);
  await tx.update(tokens).set({ replacedAt: deps.clock.now() }).where(eq(tokens.id, former.id));
  await recordAudit(tx, deps, {
    action: 'token.replaced',
    token: former,
    details: { by: token.serialNumber },
  });
  await notifyOwner(tx, deps, token, {
    event: 'TOKEN_REPLACED',
    profileId: token.profileId,
    values: { replacedSerialNumber: groupedSerial(former.serialNumber) },
  });
}
