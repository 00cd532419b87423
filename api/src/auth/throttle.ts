import { eq, inArray, sql } from 'drizzle-orm';
import type { Deps } from '../lib/deps.ts';
import { attemptCounters } from './table.ts';

/** `free` failures cost nothing; each later one doubles the wait, from `firstDelay` to `maxDelay` seconds. */
export type Limit = { key: string; free: number; windowSeconds: number; firstDelay: number; maxDelay: number };

/** Ten failures for one account from one address, then a growing delay of up to 15 minutes for that pair. */
export const accountLimit = (userNameKey: string, address: string): Limit => ({
  key: `sign-in account ${userNameKey} from ${address}`,
  free: 10,
  windowSeconds: 24 * 3600,
  firstDelay: 1,
  maxDelay: 15 * 60,
});

/** A hundred failures an hour from one address, whatever the accounts. */
export const addressLimit = (address: string): Limit => ({
  key: `sign-in address ${address}`,
  free: 100,
  windowSeconds: 3600,
  firstDelay: 3600,
  maxDelay: 3600,
});

/** Seconds until another attempt is taken; 0: now. Only failures count. */
export async function secondsToWait(deps: Deps, limits: Limit[]): Promise<number> {
  const now = deps.clock.now().getTime();
  const rows = await deps.db
    .select()
    .from(attemptCounters)
    .where(inArray(attemptCounters.key, limits.map((limit) => limit.key)));
  const waits = limits.map((limit) => {
    const row = rows.find(({ key }) => key === limit.key);
    if (!row || row.windowStartedAt.getTime() + limit.windowSeconds * 1000 <= now) return 0;
    const beyond = row.failures - limit.free;
    if (beyond < 0) return 0;
    const delay = Math.min(limit.firstDelay * 2 ** Math.min(beyond, 20), limit.maxDelay);
    return Math.ceil((row.lastFailureAt.getTime() + delay * 1000 - now) / 1000);
  });
  return Math.max(0, ...waits);
}

/** Counts a failure on every limit; a window that is over begins anew. */
export async function countFailure(deps: Deps, limits: Limit[]): Promise<void> {
  const now = deps.clock.now();
  for (const limit of limits) {
    const over = new Date(now.getTime() - limit.windowSeconds * 1000).toISOString();
    const at = now.toISOString();
    await deps.db
      .insert(attemptCounters)
      .values({ key: limit.key, failures: 1, windowStartedAt: now, lastFailureAt: now })
      .onConflictDoUpdate({
        target: attemptCounters.key,
        set: {
          failures: sql`CASE WHEN ${attemptCounters.windowStartedAt} <= ${over} THEN 1 ELSE ${attemptCounters.failures} + 1 END`,
          windowStartedAt: sql`CASE WHEN ${attemptCounters.windowStartedAt} <= ${over} THEN ${at} ELSE ${attemptCounters.windowStartedAt} END`,
          lastFailureAt: now,
        },
      });
  }
}

/** A success clears the account's count from that address; the address's own count stays. */
export async function forgetFailures(deps: Deps, limit: Limit): Promise<void> {
  await deps.db.delete(attemptCounters).where(eq(attemptCounters.key, limit.key));
}
