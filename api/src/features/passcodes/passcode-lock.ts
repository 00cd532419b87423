import { and, count, eq, lte } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { setLocked } from '../tokens/set-locked.ts';
import type { TokenRow } from '../tokens/table.ts';
import { wrongPasscodes } from './table.ts';

/** So many wrong codes from programs within a day, and the token is LOCKED for them. */
const MOST_WRONG = 20;
const WINDOW_SECONDS = 24 * 3600;

type Owned = { token: TokenRow; owner: { id: string; userName: string } };

/**
 * Counts a wrong code that a program brought. The twentieth within 24 hours locks the token for programs, until its owner
 * has typed a right one in self-service or the help desk unlocks it. The caller has locked the token's row.
 */
export async function countWrongPasscode(
  tx: Transaction,
  deps: ActionDeps,
  { token, owner }: Owned,
): Promise<void> {
  const at = deps.clock.now();
  const ofToken = eq(wrongPasscodes.tokenId, token.id);
  await tx
    .delete(wrongPasscodes)
    .where(and(ofToken, lte(wrongPasscodes.at, plusSeconds(at, -WINDOW_SECONDS))));
  await tx.insert(wrongPasscodes).values({ tokenId: token.id, at });
  const [row] = await tx.select({ count: count() }).from(wrongPasscodes).where(ofToken);
  if (row!.count < MOST_WRONG) return;
  await setLocked(tx, token.id, at);
  await recordAudit(tx, deps, {
    action: 'passcode.locked',
    token,
    targetUser: owner,
    details: { wrongCodes: row!.count, hours: WINDOW_SECONDS / 3600 },
  });
  await notifyOwner(tx, deps, token, {
    event: 'UNUSUAL_ACTIVITY',
    values: {
      activity:
        `${MOST_WRONG} wrong codes were tried for this token within a day, so it is locked where you sign in with it. ` +
        'Type a right code in self-service to free it, or ask the help desk.',
    },
  });
}

/** Frees a token for programs again, and forgets the wrong codes. Answers whether it was locked. */
export async function freeToken(tx: Transaction, { id, lockedAt }: TokenRow): Promise<boolean> {
  await tx.delete(wrongPasscodes).where(eq(wrongPasscodes.tokenId, id));
  if (!lockedAt) return false;
  await setLocked(tx, id, null);
  return true;
}
