import type { JobRow } from './table.ts';

/** How fast a running job is, and how long it will take at that pace. Undefined while that cannot be said. */
export function paceOf(
  { state, startedAt, position, total }: Pick<JobRow, 'state' | 'startedAt' | 'position' | 'total'>,
  now: Date,
): { rowsPerSecond: number; secondsLeft: number | null } | undefined {
  if (state !== 'RUNNING' || !startedAt || position === 0) return undefined;
  const seconds = (now.getTime() - startedAt.getTime()) / 1000;
  if (seconds < 1) return undefined;
  const rowsPerSecond = position / seconds;
  const secondsLeft = total === null ? null : Math.ceil(Math.max(0, total - position) / rowsPerSecond);
  return { rowsPerSecond, secondsLeft };
}
