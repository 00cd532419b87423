import { useEffect, useState } from 'react';

/**
 * Seconds left, counted down from what the server answered at `since` (a value of `performance.now()`): a wrong clock of
 * this machine does no harm.
 */
export function useCountdown(secondsLeft: number, since: number): number {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const passed = Math.max(0, now - since) / 1000;
  return Math.max(0, Math.ceil(secondsLeft - passed));
}

/** `277` as `4:37`. */
export const minutesText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
