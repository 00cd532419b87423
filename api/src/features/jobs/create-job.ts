import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { enqueue } from '../../lib/queue.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type JobRow, jobs } from './table.ts';

/** What a job of each kind is asked for. */
export type JobInputs = {
  IMPORT_TOKENS: {
    onDuplicate: 'SKIP' | 'OVERWRITE';
    overwriteAssigned: boolean;
    onBadRow: 'REFUSE_FILE' | 'SKIP_ROW';
    /** STOCK: seeds are replaced at distribution. IN_USE: they are on devices. ELSEWHERE: another system manages them. */
    seeds: 'STOCK' | 'IN_USE' | 'ELSEWHERE';
    dryRun: boolean;
  };
};
export type JobKind = keyof JobInputs;

const placeOf = (id: string) => ({ table: 'jobs', id, purpose: 'secret' });

/** Notes work and queues it in the caller's transaction. `secret` is kept sealed and deleted at the end. */
export async function createJob<Kind extends JobKind>(
  tx: Transaction,
  deps: ActionDeps,
  job: { kind: Kind; name: string; input: JobInputs[Kind]; fileId?: string; secret?: string | undefined },
): Promise<JobRow> {
  const { kind, name, input, fileId, secret } = job;
  const id = newId(deps);
  const [row] = await tx
    .insert(jobs)
    .values({
      id,
      kind,
      name,
      state: 'QUEUED',
      done: 0,
      skipped: 0,
      failed: 0,
      input,
      sealedSecret: secret ? deps.vault.seal(Buffer.from(secret), placeOf(id)) : null,
      fileId: fileId ?? null,
      position: 0,
      counts: {},
      createdBy: deps.actor.kind === 'user' ? deps.actor.id : null,
      apiKeyId: deps.actor.kind === 'user' ? (deps.actor.apiKey?.id ?? null) : null,
      apiKeyName: deps.actor.kind === 'user' ? (deps.actor.apiKey?.name ?? null) : null,
      requestId: deps.request.id,
      address: deps.request.address,
      createdAt: deps.clock.now(),
    })
    .returning();
  await recordAudit(tx, deps, { action: 'job.created', details: { job: name, kind, ...input } });
  await enqueue(tx, 'run_job', { jobId: id }, `job ${id}`);
  return row!;
}

/** What only the job itself may know, if anything. */
export const secretOf = (deps: ActionDeps, { id, sealedSecret }: JobRow): string | undefined =>
  sealedSecret ? Buffer.from(deps.vault.open(sealedSecret, placeOf(id))).toString() : undefined;
