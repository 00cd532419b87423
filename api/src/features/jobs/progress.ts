import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { insertMany } from '../../db/insert-many.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { type JobLogRow, type JobRow, jobRows, jobs } from './table.ts';

/** Rows that the log of one job keeps; beyond them only the counts go on. */
export const MOST_LOGGED = 10_000;

/** The job was ended from outside: by somebody, or by another process that had it. */
export class JobStopped extends Error {}

/**
 * Notes that a job's first batch begins, or its first one after a kill or a pause: what went before says nothing of its
 * pace.
 */
export const beginBatches = async (
  { db, clock }: Pick<ActionDeps, 'db' | 'clock'>,
  { id, position }: Pick<JobRow, 'id' | 'position'>,
): Promise<void> =>
  void (await db.update(jobs).set({ pacedSince: clock.now(), pacedFrom: position }).where(eq(jobs.id, id)));

/** What one batch did. */
export type Step = {
  /** Place in the input behind the batch. */
  position: number;
  done?: number;
  skipped?: number;
  failed?: number;
  counts?: Record<string, number>;
  log?: Omit<JobLogRow, 'jobId'>[];
};

/**
 * Notes what a batch did, in the batch's transaction: its work and its progress stand or fall together.
 * @throws JobStopped when the job is not at `from` any more, or is to end
 */
export async function advanceJob(
  tx: Transaction,
  deps: ActionDeps,
  { id, from }: { id: string; from: number },
  step: Step,
): Promise<JobRow> {
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id)).for('update');
  if (!job || job.state !== 'RUNNING' || job.position !== from || job.cancelRequestedAt)
    throw new JobStopped();
  const { position, done = 0, skipped = 0, failed = 0, counts = {}, log = [] } = step;
  const rows = log.slice(0, Math.max(0, MOST_LOGGED - job.logged)).map((row) => ({ ...row, jobId: id }));
  if (rows.length > 0) await insertMany(tx, jobRows, rows);
  const sums = { ...job.counts };
  for (const [name, number] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + number;
  const [row] = await tx
    .update(jobs)
    .set({
      position,
      done: sql`${jobs.done} + ${done}`,
      skipped: sql`${jobs.skipped} + ${skipped}`,
      failed: sql`${jobs.failed} + ${failed}`,
      logged: job.logged + log.length,
      counts: sums,
    })
    .where(eq(jobs.id, id))
    .returning();
  await deps.bus.publish(tx, 'job', id);
  return row!;
}
