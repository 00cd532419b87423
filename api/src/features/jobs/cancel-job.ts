import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { enqueue } from '../../lib/queue.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { files } from '../files/table.ts';
import { cancelledAt, endJob } from './run-job.ts';
import { type JobRow, jobs } from './table.ts';

async function lockJob(tx: Transaction, id: string): Promise<JobRow> {
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id)).for('update');
  if (!job) throw new Failure('NotFound', 'job.not_found', 'There is no such job.');
  return job;
}

const jobNow = async (tx: Transaction, id: string): Promise<JobRow> =>
  (await tx.select().from(jobs).where(eq(jobs.id, id)))[0]!;

/**
 * Ends a job that waits, or tells one that runs to end after its batch; what was done until then stays.
 * @throws Failure NotFound · InvalidState `job.over`
 */
export const cancelJob = (deps: ActionDeps, { jobId }: { jobId: string }): Promise<JobRow> =>
  deps.db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId);
    if (job.state !== 'QUEUED' && job.state !== 'RUNNING')
      throw new Failure('InvalidState', 'job.over', 'This job has ended already.');
    if (job.state === 'QUEUED') {
      await endJob(tx, deps, job, { state: 'CANCELLED', message: cancelledAt(job) });
    } else if (!job.cancelRequestedAt) {
      await tx.update(jobs).set({ cancelRequestedAt: deps.clock.now() }).where(eq(jobs.id, jobId));
      await deps.bus.publish(tx, 'job', jobId);
    }
    return jobNow(tx, jobId);
  });

/** Whether the file that a job needs is still there; also of one that needs none. */
async function hasFile(db: Pick<Transaction, 'select'>, { fileId }: JobRow): Promise<boolean> {
  if (!fileId) return true;
  const [file] = await db.select({ state: files.state }).from(files).where(eq(files.id, fileId));
  return file?.state === 'USED' || file?.state === 'READY';
}

/** Whether `retryJob` would let it go on. */
export const isRetryable = async ({ db }: Pick<ActionDeps, 'db'>, job: JobRow): Promise<boolean> =>
  (job.state === 'FAILED' || job.state === 'CANCELLED') && hasFile(db, job);

/**
 * Lets a job that failed or was cancelled go on from where it was.
 * @throws Failure NotFound · InvalidState `job.not_ended`, `file.gone` when its file is no longer there
 */
export const retryJob = (deps: ActionDeps, { jobId }: { jobId: string }): Promise<JobRow> =>
  deps.db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId);
    if (job.state !== 'FAILED' && job.state !== 'CANCELLED')
      throw new Failure(
        'InvalidState',
        'job.not_ended',
        'Only a job that failed or was cancelled can go on.',
      );
    if (!(await hasFile(tx, job)))
      throw new Failure('InvalidState', 'file.gone', 'Its file is no longer there. Upload it again.');
    await tx
      .update(jobs)
      .set({ state: 'QUEUED', message: null, finishedAt: null, cancelRequestedAt: null })
      .where(eq(jobs.id, jobId));
    await recordAudit(tx, deps, { action: 'job.retried', details: { job: job.name, kind: job.kind } });
    await enqueue(tx, 'run_job', { jobId }, `job ${jobId}`);
    await deps.bus.publish(tx, 'job', jobId);
    return jobNow(tx, jobId);
  });
