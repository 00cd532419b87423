import type { JobRow } from './table.ts';

/** How fast a running job is, and how long it will take at that pace. Undefined while that cannot be said. */
export function paceOf(
  job: Pick<JobRow, 'state' | 'pacedSince' | 'pacedFrom' | 'position' | 'total'>,
  now: Date,
): { rowsPerSecond: number; secondsLeft: number | null } | undefined {
  const { state, pacedSince, pacedFrom, position, total } = job;
  if (state !== 'RUNNING' || !pacedSince || pacedFrom === null || position === pacedFrom) return undefined;
  const seconds = (now.getTime() - pacedSince.getTime()) / 1000;
  if (seconds < 1) return undefined;
  const rowsPerSecond = (position - pacedFrom) / seconds;
  const secondsLeft = total === null ? null : Math.ceil(Math.max(0, total - position) / rowsPerSecond);
  return { rowsPerSecond, secondsLeft };
}
