import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { RateLimited } from '../../lib/failure.ts';
import { passcodeFailures } from './table.ts';

/** Wrong codes in a row that cost nothing. */
const FREE = 4;
const MAX_DELAY_SECONDS = 15 * 60;

const delayAfter = (failures: number): number =>
  failures <= FREE ? 0 : Math.min(2 ** Math.min(failures - FREE - 1, 20), MAX_DELAY_SECONDS);

/**
 * From the fifth wrong code in a row on, the next one is looked at only after a wait, 1 s doubling to 15 min; it is
 * per caller and token.
 * @throws RateLimited with the seconds to wait
 */
export async function requireNoDelay(
  tx: Transaction,
  deps: ActionDeps,
  caller: string,
  tokenIds: readonly string[],
): Promise<void> {
  if (tokenIds.length === 0) return;
  const rows = await tx
    .select()
    .from(passcodeFailures)
    .where(and(eq(passcodeFailures.caller, caller), inArray(passcodeFailures.tokenId, [...tokenIds])));
  const now = deps.clock.now();
  const waits = rows.map(({ failures, lastFailureAt }) => {
    const until = plusSeconds(lastFailureAt, delayAfter(failures));
    return Math.ceil((until.getTime() - now.getTime()) / 1000);
  });
  const wait = Math.max(0, ...waits);
  if (wait > 0) throw new RateLimited(wait);
}

/** Notes a wrong code; answers how many there were in a row. */
export async function countFailure(
  tx: Transaction,
  deps: ActionDeps,
  caller: string,
  tokenId: string,
): Promise<number> {
  const lastFailureAt = deps.clock.now();
  const [row] = await tx
    .insert(passcodeFailures)
    .values({ caller, tokenId, failures: 1, lastFailureAt })
    .onConflictDoUpdate({
      target: [passcodeFailures.caller, passcodeFailures.tokenId],
      set: { failures: sql`${passcodeFailures.failures} + 1`, lastFailureAt },
    })
    .returning({ failures: passcodeFailures.failures });
  return row!.failures;
}

/** A right code ends the row of wrong ones. */
export async function clearFailures(tx: Transaction, caller: string, tokenId: string): Promise<void> {
  await tx
    .delete(passcodeFailures)
    .where(and(eq(passcodeFailures.caller, caller), eq(passcodeFailures.tokenId, tokenId)));
}
