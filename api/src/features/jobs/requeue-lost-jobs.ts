import { sql } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { enqueue } from '../../lib/queue.ts';

/**
 * Queues jobs again that have not ended and that the queue does not hold any more: whoever had one was killed with its
 * last try.
 */
export async function requeueLostJobs({ db }: ActionDeps): Promise<void> {
  await db.transaction(async (tx) => {
    const lost = await tx.execute<{ id: string }>(sql`SELECT id FROM jobs
      WHERE state IN ('QUEUED', 'RUNNING') AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs AS queued
        WHERE queued.key = 'job ' || jobs.id AND (queued.attempts < queued.max_attempts OR queued.locked_at IS NOT NULL))
      FOR UPDATE SKIP LOCKED`);
    for (const { id } of lost) await enqueue(tx, 'run_job', { jobId: id }, `job ${id}`);
  });
}
