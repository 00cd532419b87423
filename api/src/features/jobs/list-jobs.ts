import { and, count, eq, gt, sql } from 'drizzle-orm';
import { type Connection, connectionOf, type PageArgs, planPage } from '../../db/keyset.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { type JobLogRow, type JobRow, jobRows, jobs } from './table.ts';

const COUNT_UP_TO = 10_000;
/** Seconds for which a failed job is worth a look. */
const FRESH = 7 * 24 * 3600;

/** All jobs, newest first. */
export async function listJobs(deps: Deps, args: PageArgs): Promise<Connection<JobRow>> {
  const plan = planPage(jobs.id, 'desc', args);
  const rows = await deps.db
    .select()
    .from(jobs)
    .where(plan.where)
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    ({ id }) => id,
    async () => {
      const some = deps.db
        .select({ one: sql`1`.as('one') })
        .from(jobs)
        .limit(COUNT_UP_TO + 1)
        .as('some');
      const [{ number } = { number: 0 }] = await deps.db.select({ number: count() }).from(some);
      return number > COUNT_UP_TO ? null : number;
    },
  );
}

/** The rows that a job did not take as they were, in the order of its input. */
export async function listJobRows(
  deps: Deps,
  jobId: string,
  args: PageArgs,
  outcome?: JobLogRow['outcome'] | null,
): Promise<Connection<JobLogRow>> {
  const plan = planPage(jobRows.position, 'asc', args);
  const matches = and(eq(jobRows.jobId, jobId), outcome ? eq(jobRows.outcome, outcome) : undefined);
  const rows = await deps.db
    .select()
    .from(jobRows)
    .where(and(matches, plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows,
    ({ position }) => position,
    async () => (await deps.db.select({ number: count() }).from(jobRows).where(matches))[0]?.number ?? 0,
  );
}

/** Jobs that failed within the last 7 days and were not tried again. */
export async function countFailedJobs({ db, clock }: Deps): Promise<number> {
  const [row] = await db
    .select({ number: count() })
    .from(jobs)
    .where(and(eq(jobs.state, 'FAILED'), gt(jobs.finishedAt, plusSeconds(clock.now(), -FRESH))));
  return row?.number ?? 0;
}
