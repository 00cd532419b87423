import { and, eq, inArray, isNotNull, lt, ne, or } from 'drizzle-orm';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { dropOctets } from '../files/file-octets.ts';
import { files } from '../files/table.ts';
import { jobs } from './table.ts';

/** How long a job that failed or was cancelled can go on. */
const RETRYABLE_SECONDS = 24 * 3600;

/** Deletes upload and secret of jobs that failed or were cancelled a day ago. */
export async function sweepJobs({ db, clock }: Pick<ActionDeps, 'db' | 'clock'>): Promise<void> {
  const left = await db
    .select({ id: jobs.id })
    .from(jobs)
    .leftJoin(files, and(eq(files.id, jobs.fileId), ne(files.state, 'GONE')))
    .where(
      and(
        inArray(jobs.state, ['FAILED', 'CANCELLED']),
        lt(jobs.finishedAt, plusSeconds(clock.now(), -RETRYABLE_SECONDS)),
        or(isNotNull(jobs.sealedSecret), isNotNull(files.id)),
      ),
    )
    .limit(100);
  for (const { id } of left) {
    await db.transaction(async (tx) => {
      const [job] = await tx.select().from(jobs).where(eq(jobs.id, id)).for('update');
      if (job?.state !== 'FAILED' && job?.state !== 'CANCELLED') return;
      await tx.update(jobs).set({ sealedSecret: null }).where(eq(jobs.id, id));
      if (job.fileId) await dropOctets(tx, job.fileId);
    });
  }
}
