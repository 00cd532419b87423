import { useEffect, useState } from 'react';

/**
 * Seconds left, counted down from what the server answered at `since` (a value of `performance.now()`): a wrong clock of
 * this machine does no harm.
 */
export function useCountdown(secondsLeft: number, since: number): number {
  const left = () => Math.max(0, Math.ceil(secondsLeft - (performance.now() - since) / 1000));
  const [shown, setShown] = useState(left);
  useEffect(() => {
    setShown(left());
    const timer = setInterval(() => setShown(left()), 250);
    return () => clearInterval(timer);
  }, [secondsLeft, since]);
  return shown;
}

/** `277` as `4:37`. */
export const minutesText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
