import { countedAddress } from '@symbolon/serving/counted-address';
import { eq } from 'drizzle-orm';
import { attemptCounters } from '../../auth/table.ts';
import { countThisMinute } from '../../auth/throttle.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';

const WINDOW_SECONDS = 60;
/** Refusals of unknown or spent codes in a minute that cost nothing: from one address, and in all. */
const FREE = { address: 30, all: 300 } as const;
const MAX_DELAY_MS = 5000;
/** More than this many of one address delayed at once are refused without looking: else a thousand sockets would undo the delay. */
const MAX_WAITING = 20;

const waiting = new Map<string, number>();

const keysOf = (address: string) => ({
  address: `ct-kip refused ${countedAddress(address)}`,
  all: 'ct-kip refused',
});

async function refusalsOf(deps: ActionDeps, key: string): Promise<number> {
  const [row] = await deps.db.select().from(attemptCounters).where(eq(attemptCounters.key, key));
  const isFresh = row && plusSeconds(row.windowStartedAt, WINDOW_SECONDS) > deps.clock.now();
  return isFresh ? row.failures : 0;
}

/**
 * Called before a code is looked up. Where codes are being guessed it waits first, the longer the more there were;
 * phones behind the same address get through, only later. Answers false when too many wait already.
 */
export async function slowDownGuessing(deps: ActionDeps): Promise<boolean> {
  const keys = keysOf(deps.request.address);
  const [fromAddress, inAll] = await Promise.all([
    refusalsOf(deps, keys.address),
    refusalsOf(deps, keys.all),
  ]);
  const beyond = Math.max(fromAddress - FREE.address, inAll - FREE.all);
  if (beyond < 0) return true;
  const address = countedAddress(deps.request.address);
  const others = waiting.get(address) ?? 0;
  // Only an address that guesses itself is refused; what others do costs an honest phone time and no more.
  if (fromAddress > FREE.address && others >= MAX_WAITING) return false;
  waiting.set(address, others + 1);
  try {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.min(500 * 2 ** Math.min(beyond / 5, 4), MAX_DELAY_MS)),
    );
  } finally {
    const left = (waiting.get(address) ?? 1) - 1;
    if (left > 0) waiting.set(address, left);
    else waiting.delete(address);
  }
  return true;
}

/**
 * Counts the refusal of an unknown or spent code. The first over the limit in a minute is audited and logged as a
 * warning; the rest is only counted, so nobody floods the log.
 */
export async function countRefusal(deps: ActionDeps): Promise<void> {
  const keys = keysOf(deps.request.address);
  const counts = await countThisMinute(deps, [keys.address, keys.all]);
  const [fromAddress, inAll] = [counts.get(keys.address) ?? 0, counts.get(keys.all) ?? 0];
  if (fromAddress !== FREE.address + 1 && inAll !== FREE.all + 1) return;
  deps.log.warn({ address: deps.request.address }, 'Activation codes are being guessed; answers are delayed');
  await recordAudit(deps.db, deps, {
    action: 'activation.guessing',
    outcome: 'REFUSED',
    details: { refusalsThisMinute: fromAddress, refusalsFromAllAddresses: inAll },
  });
}

/** Whether this is the minute's first refusal, from this address, of activations that are audited no longer one by one. */
export async function isFirstUnlistedRefusal(deps: ActionDeps): Promise<boolean> {
  const key = `ct-kip refused, unlisted ${countedAddress(deps.request.address)}`;
  return (await countThisMinute(deps, [key])).get(key) === 1;
}
