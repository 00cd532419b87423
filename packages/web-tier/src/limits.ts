import { RateLimiterMemory } from 'rate-limiter-flexible';
import { countedAddress } from '@symbolon/serving/counted-address';
import type { Door } from './doors.ts';

/** Requests a minute from one address; phones of a whole office may stand behind one. */
const perMinute: Record<Door['kind'], number> = { phones: 600, 'sign-in': 120, api: 1200, pages: 2400 };
/** WebSockets open at once from one address. */
const MOST_SOCKETS = 100;

/** Counts what comes, in memory: each tier guards itself, and the inside has limits of its own. */
export function createLimits() {
  const limiters = Object.fromEntries(
    Object.entries(perMinute).map(([kind, points]) => [
      kind,
      new RateLimiterMemory({ points, duration: 60 }),
    ]),
  ) as Record<Door['kind'], RateLimiterMemory>;
  const sockets = new Map<string, number>();
  return {
    /** Seconds to wait, or 0 when the request may go on. */
    async take(kind: Door['kind'], address: string): Promise<number> {
      try {
        await limiters[kind].consume(countedAddress(address));
        return 0;
      } catch (refused) {
        return Math.max(1, Math.ceil((refused as { msBeforeNext: number }).msBeforeNext / 1000));
      }
    },
    /** Holds a place for a socket; undefined when there is none. The answer gives it back. */
    openSocket(address: string): (() => void) | undefined {
      const key = countedAddress(address);
      const open = sockets.get(key) ?? 0;
      if (open >= MOST_SOCKETS) return undefined;
      sockets.set(key, open + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (sockets.get(key) ?? 1) - 1;
        if (left > 0) sockets.set(key, left);
        else sockets.delete(key);
      };
    },
  };
}
