import { countedAddress } from '@symbolon/serving/counted-address';
import { eq, inArray, sql } from 'drizzle-orm';
import { plusSeconds } from '../lib/clock.ts';
import type { Deps } from '../lib/deps.ts';
import { attemptCounters } from './table.ts';

const MINUTE_SECONDS = 60;

/** `free` failures cost nothing; each later one doubles the wait, from `firstDelay` to `maxDelay` seconds. */
export type Limit = {
  key: string;
  free: number;
  windowSeconds: number;
  firstDelay: number;
  maxDelay: number;
};

/** Ten failures for one account from one address, then a growing delay of up to 15 minutes for that pair. */
export const accountLimit = (userNameKey: string, address: string): Limit => ({
  key: `sign-in account ${userNameKey} from ${countedAddress(address)}`,
  free: 10,
  windowSeconds: 24 * 3600,
  firstDelay: 1,
  maxDelay: 15 * 60,
});

/** A hundred failures an hour from one address, whatever the accounts. */
export const addressLimit = (address: string): Limit => ({
  key: `sign-in address ${countedAddress(address)}`,
  free: 100,
  windowSeconds: 3600,
  firstDelay: 3600,
  maxDelay: 3600,
});

/**
 * Thirty requests an hour from one address with keys that are none, then a growing delay of up to a minute. Only wrong
 * keys meet it: a right one passes, whoever else sits behind the address.
 */
export const wrongKeyLimit = (address: string): Limit => ({
  key: `api key refused ${countedAddress(address)}`,
  free: 30,
  windowSeconds: 3600,
  firstDelay: 1,
  maxDelay: 60,
});

const waitFor = (limit: Limit, row: typeof attemptCounters.$inferSelect, now: number): number => {
  const beyond = row.failures - limit.free;
  if (beyond < 0) return 0;
  const delay = Math.min(limit.firstDelay * 2 ** Math.min(beyond, 20), limit.maxDelay);
  return Math.max(0, Math.ceil((row.lastFailureAt.getTime() + delay * 1000 - now) / 1000));
};

/**
 * Counts an attempt as failed before it is tried, so that a burst of parallel guesses cannot slip through, and answers
 * 0; or answers the seconds to wait, and counts nothing. `undoAttempt` takes it back when the attempt succeeds.
 */
export async function reserveAttempt(deps: Deps, limits: Limit[]): Promise<number> {
  const now = deps.clock.now();
  const sorted = limits.toSorted((a, b) => a.key.localeCompare(b.key));
  return deps.db.transaction(async (tx) => {
    const fresh = { failures: 0, windowStartedAt: now, lastFailureAt: now };
    let wait = 0;
    for (const limit of sorted) {
      const [row] = await tx
        .insert(attemptCounters)
        .values({ key: limit.key, ...fresh })
        // Locks the row, also against a success elsewhere that is about to delete it.
        .onConflictDoUpdate({ target: attemptCounters.key, set: { key: sql`excluded.key` } })
        .returning();
      const over = row!.windowStartedAt.getTime() + limit.windowSeconds * 1000 <= now.getTime();
      if (over) await tx.update(attemptCounters).set(fresh).where(eq(attemptCounters.key, limit.key));
      wait = Math.max(wait, over ? 0 : waitFor(limit, row!, now.getTime()));
    }
    if (wait === 0) {
      await tx
        .update(attemptCounters)
        .set({ failures: sql`${attemptCounters.failures} + 1`, lastFailureAt: now })
        .where(
          inArray(
            attemptCounters.key,
            sorted.map(({ key }) => key),
          ),
        );
    }
    return wait;
  });
}

/** Only failures count: a success clears the account's count from that address and takes back one of the address's. */
export async function undoAttempt(deps: Deps, account: Limit, address: Limit): Promise<void> {
  await deps.db.delete(attemptCounters).where(eq(attemptCounters.key, account.key));
  await deps.db
    .update(attemptCounters)
    .set({ failures: sql`greatest(${attemptCounters.failures} - 1, 0)` })
    .where(eq(attemptCounters.key, address.key));
}

/**
 * Counts one more of each and answers how many there are in this minute, which begins anew with the first after it. Any
 * number of instances count together.
 */
export async function countThisMinute(deps: Deps, keys: string[]): Promise<Map<string, number>> {
  const now = deps.clock.now();
  const over = sql`${attemptCounters.windowStartedAt} <= ${plusSeconds(now, -MINUTE_SECONDS).toISOString()}`;
  const rows = await deps.db
    .insert(attemptCounters)
    // In one order everywhere, so that two instances do not wait for each other.
    .values(keys.toSorted().map((key) => ({ key, failures: 1, windowStartedAt: now, lastFailureAt: now })))
    .onConflictDoUpdate({
      target: attemptCounters.key,
      set: {
        failures: sql`CASE WHEN ${over} THEN 1 ELSE ${attemptCounters.failures} + 1 END`,
        windowStartedAt: sql`CASE WHEN ${over} THEN excluded.window_started_at ELSE ${attemptCounters.windowStartedAt} END`,
        lastFailureAt: sql`excluded.last_failure_at`,
      },
    })
    .returning({ key: attemptCounters.key, failures: attemptCounters.failures });
  return new Map(rows.map(({ key, failures }) => [key, failures]));
}
