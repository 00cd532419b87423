import { and, count, eq, gt } from 'drizzle-orm';
import { type Connection, type PageArgs, pageOf } from '../../db/keyset.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { type JobLogRow, type JobRow, jobRows, jobs } from './table.ts';

/** Seconds for which a failed job is worth a look. */
const FRESH = 7 * 24 * 3600;

/** All jobs, newest first. */
export const listJobs = (deps: Deps, args: PageArgs): Promise<Connection<JobRow>> =>
  pageOf(deps, { table: jobs, key: 'id', direction: 'desc' }, args);

/** The rows that a job did not take as they were, in the order of its input. */
export function listJobRows(
  deps: Deps,
  jobId: string,
  args: PageArgs,
  outcome?: JobLogRow['outcome'] | null,
): Promise<Connection<JobLogRow>> {
  const matches = and(eq(jobRows.jobId, jobId), outcome ? eq(jobRows.outcome, outcome) : undefined);
  return pageOf(deps, { table: jobRows, key: 'position', direction: 'asc', matches }, args);
}

/** Jobs that failed within the last 7 days and were not tried again. */
export async function countFailedJobs({ db, clock }: Deps): Promise<number> {
  const [row] = await db
    .select({ number: count() })
    .from(jobs)
    .where(and(eq(jobs.state, 'FAILED'), gt(jobs.finishedAt, plusSeconds(clock.now(), -FRESH))));
  return row?.number ?? 0;
}
