import { eq } from 'drizzle-orm';
import type { Actor } from '../../auth/actor.ts';
import { permissionsNow } from '../../auth/session.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { dropOctets } from '../files/file-octets.ts';
import { users } from '../users/table.ts';
import type { JobKind } from './create-job.ts';
import { JobStopped } from './progress.ts';
import { type JobRow, jobs } from './table.ts';

/** How a job of one kind ends: with a sentence for people, and whether its work was done. */
export type JobEnd = { state: 'SUCCEEDED' | 'FAILED'; message: string };
/** Does a job from its position on, in batches that `advanceJob` notes; asked again after a kill it goes on. */
export type JobRunner = (deps: ActionDeps, job: JobRow) => Promise<JobEnd>;

/**
 * Runs a job to its end, as whoever asked for it and with the rights that they have now. Asked for one that has ended, it
 * does nothing. What nobody expected is thrown, for the queue to try again.
 * @param isLastTry then the job fails for good instead
 */
export async function runJob(
  system: ActionDeps,
  runners: Record<JobKind, JobRunner>,
  { jobId, isLastTry }: { jobId: string; isLastTry: boolean },
): Promise<void> {
  const job = await begin(system, jobId);
  if (!job) return;
  const deps = {
    ...system,
    actor: await actorOf(system, job),
    request: { id: job.requestId, address: job.address },
  };
  try {
    await finish(deps, job, await runners[job.kind](deps, job));
  } catch (error) {
    if (error instanceof JobStopped) return endCancelled(deps, job);
    deps.log.error({ err: error, jobId }, 'A job broke off');
    if (!isLastTry) throw error;
    await finish(deps, job, {
      state: 'FAILED',
      message: 'It broke off again and again. The log of the server says why; then try again.',
    });
  }
}

const begin = ({ db, clock, bus }: ActionDeps, jobId: string): Promise<JobRow | undefined> =>
  db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, jobId)).for('update');
    if (!job || !['QUEUED', 'RUNNING'].includes(job.state)) return undefined;
    const [running] = await tx
      .update(jobs)
      .set({ state: 'RUNNING', startedAt: job.startedAt ?? clock.now(), pacedSince: null, pacedFrom: null })
      .where(eq(jobs.id, jobId))
      .returning();
    await bus.publish(tx, 'job', jobId);
    return running;
  });

/** Whoever asked for it, with the rights of now: who may no longer do it makes it fail. */
async function actorOf(deps: ActionDeps, job: JobRow): Promise<Actor> {
  if (job.createdBy === null) return { kind: 'system' };
  const [user] = await deps.db.select().from(users).where(eq(users.id, job.createdBy));
  if (!user?.enabled) return { kind: 'nobody' };
  const { id, userName } = user;
  const apiKey = job.apiKeyId ? { id: job.apiKeyId, name: job.apiKeyName ?? '' } : undefined;
  return { kind: 'user', id, userName, apiKey, permissions: await permissionsNow(deps, { id, apiKey }) };
}

const finish = (deps: ActionDeps, { id }: JobRow, end: JobEnd): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, id)).for('update');
    if (job?.state === 'RUNNING') await endJob(tx, deps, job, end);
  });

const endCancelled = (deps: ActionDeps, { id }: JobRow): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, id)).for('update');
    if (job?.state !== 'RUNNING' || !job.cancelRequestedAt) return;
    await endJob(tx, deps, job, { state: 'CANCELLED', message: cancelledAt(job) });
  });

/** How far a cancelled job came. */
export const cancelledAt = ({ done }: Pick<JobRow, 'done'>): string =>
  done === 0 ? 'Cancelled before anything was done.' : `Cancelled. What was done until then (${done}) stays.`;

/** Ends a job whose row is locked: its secret goes, and its file unless it can be tried again. */
export async function endJob(
  tx: Transaction,
  deps: ActionDeps,
  job: JobRow,
  end: { state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'; message: string },
): Promise<void> {
  const isOver = end.state === 'SUCCEEDED';
  await tx
    .update(jobs)
    .set({ ...end, finishedAt: deps.clock.now(), ...(isOver ? { sealedSecret: null } : {}) })
    .where(eq(jobs.id, job.id));
  if (isOver && job.fileId && !isDryRun(job)) await dropOctets(tx, job.fileId);
  const actions = { SUCCEEDED: 'job.succeeded', FAILED: 'job.failed', CANCELLED: 'job.cancelled' } as const;
  await recordAudit(tx, deps, {
    action: actions[end.state],
    outcome: end.state === 'FAILED' ? 'FAILED' : 'DONE',
    details: { job: job.name, kind: job.kind, message: end.message },
  });
  await deps.bus.publish(tx, 'job', job.id);
}

const isDryRun = ({ input }: JobRow): boolean => (input as { dryRun?: boolean }).dryRun === true;
