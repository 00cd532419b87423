/** The only source of time in the program; instances follow the database's clock. */
export type Clock = {
  now(): Date;
};

/** A clock `offsetMs` milliseconds ahead of this machine's; tests and the database's clock move it. */
export type AdjustableClock = Clock & { setOffset(offsetMs: number): void };

export function createClock(): AdjustableClock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    setOffset: (offsetMs) => {
      offset = offsetMs;
    },
  };
}

/** What this machine's own clock says, for telling how far it is from others; everything else asks `deps.clock`. */
export const machineNow = (): Date => new Date();

/** Whole seconds since 1970, UTC. */
export const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

export const plusSeconds = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000);

/** The UTC day of a moment, YYYY-MM-DD. */
export const utcDay = (at: Date): string => at.toISOString().slice(0, 10);

/** A moment and its UTC day: what has ended by `at` is compared with one of the two. */
export type Moment = { at: Date; day: string };

export function momentOf(clock: Clock): Moment {
  const at = clock.now();
  return { at, day: utcDay(at) };
}

/**
 * Begins to count: answers a wait until a whole number of `tickMs` milliseconds has passed since now. Real time, which no
 * test moves: what is hidden by it is how long our own work took.
 */
export function ticksFromNow(tickMs: number): () => Promise<void> {
  const startedAt = performance.now();
  return () => {
    const left = tickMs - ((performance.now() - startedAt) % tickMs);
    return new Promise((resolve) => setTimeout(resolve, left));
  };
}
