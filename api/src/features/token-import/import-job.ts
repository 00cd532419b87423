import { TokenFileError } from '@symbolon/token-files/errors';
import type { Unlocking } from '@symbolon/token-files/token-record';
import { and, eq } from 'drizzle-orm';
import { mayActor } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { dropOctets, readOctets } from '../files/file-octets.ts';
import { files } from '../files/table.ts';
import { secretOf } from '../jobs/create-job.ts';
import { advanceJob, beginBatches, JobStopped } from '../jobs/progress.ts';
import type { JobEnd, JobRunner } from '../jobs/run-job.ts';
import { type JobRow, jobRows, jobs } from '../jobs/table.ts';
import { importBatch } from './import-batch.ts';
import { type ImportInput, keyOf, type PlacedRow } from './import-row.ts';
import { badRowText, failureOf } from './import-tokens.ts';
import { openTokenFile } from './open-token-file.ts';

/** Tokens of one transaction: what a kill loses at most. */
const BATCH = 500;

/** Reads a token file twice: first whether it can be taken as a whole, then batch by batch into the stock. */
export const importJob: JobRunner = async (deps, job) => {
  if (!mayActor(deps.actor, 'TOKENS_MANAGE'))
    return failed('Whoever asked for this import may not import any more.');
  const input = job.input as ImportInput;
  const rows = () => rowsOf(deps, job);
  try {
    if (job.total === null) {
      const refusal = await countRows(deps, job, input, rows());
      if (refusal) return refusal;
    }
    return await takeRows(deps, job, input, rows());
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    await dropFile(deps, job);
    return failed(`${failureOf(error).message} ${input.dryRun ? '' : 'Nothing was imported.'}`.trim());
  }
};

const failed = (message: string): JobEnd => ({ state: 'FAILED', message });

async function* rowsOf(deps: ActionDeps, job: JobRow): AsyncGenerator<PlacedRow> {
  const unlocking = JSON.parse(secretOf(deps, job) ?? '{}') as Unlocking;
  let position = 0;
  for await (const row of openTokenFile(readOctets(deps.db, deps, job.fileId!), unlocking)) {
    position += 1;
    yield { position, row };
  }
}

/** Counts the rows, and refuses the file for a bad one where that was asked for. */
async function countRows(
  deps: ActionDeps,
  job: JobRow,
  { onBadRow, dryRun }: ImportInput,
  rows: AsyncIterable<PlacedRow>,
): Promise<JobEnd | undefined> {
  let total = 0;
  for await (const { position, row } of rows) {
    total = position;
    if (row.kind === 'bad' && onBadRow === 'REFUSE_FILE' && !dryRun) {
      const { line, serialNumber = null, code, message } = row;
      await deps.db.transaction(async (tx) => {
        await tx
          .insert(jobRows)
          .values({ jobId: job.id, position, line, serialNumber, outcome: 'FAILED', code, message })
          .onConflictDoNothing();
        await tx.update(jobs).set({ failed: 1, logged: 1 }).where(eq(jobs.id, job.id));
        await dropOctets(tx, job.fileId!);
      });
      return failed(badRowText(row));
    }
    if (position % (BATCH * 10) === 0) await requireGoingOn(deps, job.id);
  }
  await deps.db.update(jobs).set({ total }).where(eq(jobs.id, job.id));
  return undefined;
}

async function requireGoingOn({ db }: ActionDeps, id: string): Promise<void> {
  const [job] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.state, 'RUNNING')));
  if (!job || job.cancelRequestedAt) throw new JobStopped();
}

async function takeRows(
  deps: ActionDeps,
  job: JobRow,
  input: ImportInput,
  rows: AsyncIterable<PlacedRow>,
): Promise<JobEnd> {
  const seen = new Set<string>();
  let from = job.position;
  let counts = job.counts;
  let batch: PlacedRow[] = [];
  const take = async () => {
    const to = batch.at(-1)!.position;
    const row = await deps.db.transaction(async (tx) => {
      const outcome = await importBatch(tx, deps, input, batch, seen);
      return advanceJob(tx, deps, { id: job.id, from }, { position: to, ...outcome });
    });
    ({ counts } = row);
    from = to;
    batch = [];
  };
  for await (const placed of rows) {
    // What was committed before a kill is only remembered, for serial numbers that come twice.
    if (placed.position <= job.position) {
      if (placed.row.kind === 'token') seen.add(keyOf(placed.row.token));
      continue;
    }
    if (batch.length === 0 && from === job.position) await beginBatches(deps, job);
    batch.push(placed);
    if (batch.length === BATCH) await take();
  }
  if (batch.length > 0) await take();
  return { state: 'SUCCEEDED', message: summaryOf(input, counts) };
}

function summaryOf({ dryRun }: ImportInput, counts: Record<string, number>): string {
  const { new: added = 0, overwritten = 0 } = counts;
  const would = dryRun ? 'would be ' : '';
  const number = (count: number) => (count === 1 ? '1 token' : `${count} tokens`);
  const all =
    overwritten === 0
      ? `${number(added)} ${would}imported.`
      : added === 0
        ? `${number(overwritten)} ${would}overwritten.`
        : `${number(added)} ${would}imported, ${overwritten} ${would}overwritten.`;
  return dryRun ? `A dry run: ${all}` : all;
}

const dropFile = async ({ db }: ActionDeps, { fileId }: JobRow): Promise<void> => {
  const [file] = await db.select().from(files).where(eq(files.id, fileId!));
  // A dry run leaves the upload to whoever brought it.
  if (file?.state === 'USED') await dropOctets(db, file.id);
};
