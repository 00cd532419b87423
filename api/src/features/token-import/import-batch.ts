import type { FileRow } from '@symbolon/token-files/token-record';
import type { Transaction } from '../../db/client.ts';
import { isAmong } from '../../db/insert-many.ts';
import { momentOf } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { tokens } from '../tokens/table.ts';
import { lockOwners } from './file-owners.ts';
import {
  type BatchOutcome,
  type ImportInput,
  keyOf,
  type PlacedRow,
  type TakenToken,
  type WantedToken,
} from './import-row.ts';
import { judgeKnown } from './judge-known.ts';
import { assignKept, keepTokens } from './keep-tokens.ts';

/**
 * Takes one batch of a file into the stock in the caller's transaction, each token with its seed and audit row; of a dry
 * run only what would be.
 * @param seen serial numbers that came earlier in the file; those of this batch are added
 */
export async function importBatch(
  tx: Transaction,
  deps: ActionDeps,
  input: ImportInput,
  batch: readonly PlacedRow[],
  seen: Set<string>,
): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { done: 0, skipped: 0, failed: 0, counts: {}, log: [] };
  const count = (name: string) => (outcome.counts[name] = (outcome.counts[name] ?? 0) + 1);
  const leave = (
    { position, row: { line, serialNumber } }: PlacedRow,
    kind: 'SKIPPED' | 'FAILED',
    { code, message }: { code: string; message: string },
  ) => {
    outcome[kind === 'SKIPPED' ? 'skipped' : 'failed'] += 1;
    outcome.log.push({ position, line, serialNumber: serialNumber ?? null, outcome: kind, code, message });
  };

  const { day } = momentOf(deps.clock);
  const wanted: WantedToken[] = [];
  for (const placed of batch) {
    const { row, position } = placed;
    if (row.kind === 'bad') leave(placed, 'FAILED', row);
    else if (row.kind === 'skipped') leave(placed, 'SKIPPED', row);
    else if (seen.has(keyOf(row.token)))
      leave(placed, 'SKIPPED', { code: 'row.twice', message: 'The file has this serial number before.' });
    else {
      seen.add(keyOf(row.token));
      const { expiresOn } = row.token;
      if (expiresOn && expiresOn < day) {
        count('expired');
        leave(placed, 'SKIPPED', { code: 'row.expired', message: `It expired on ${expiresOn}.` });
      } else wanted.push({ position, line: row.line, token: row.token, key: keyOf(row.token) });
    }
  }
  if (wanted.length === 0) return outcome;

  // Users before tokens: the one order of locks.
  const owners = await lockOwners(tx, deps, input, wanted);
  const keys = wanted.map(({ key }) => key);
  const known = new Map(
    (
      await tx.select().from(tokens).where(isAmong(tokens.serialKey, keys)).orderBy(tokens.id).for('update')
    ).map((row) => [row.serialKey, row]),
  );
  const taken: TakenToken[] = [];
  for (const one of wanted) {
    const former = known.get(one.key);
    const refusal = former && judgeKnown(deps, input, one.token, former, owners);
    if (refusal) {
      count(refusal.count);
      const { line, token, position } = one;
      const row: FileRow = { line, serialNumber: token.serialNumber, kind: 'token', token };
      leave({ position, row }, 'SKIPPED', refusal);
      continue;
    }
    count(former ? 'overwritten' : 'new');
    outcome.done += 1;
    taken.push({ ...one, former });
  }
  const kept = input.dryRun ? [] : await keepTokens(tx, deps, input, taken, owners);
  for (const [at, { position, line, token }] of taken.entries()) {
    const owner = await owners.find(token);
    if (!owner) continue;
    if ('code' in owner) {
      count('withoutOwner');
      outcome.log.push({ position, line, serialNumber: token.serialNumber, outcome: 'NOTED', ...owner });
      continue;
    }
    count('assigned');
    owners.take(owner.user);
    if (!input.dryRun) await assignKept(tx, deps, kept[at]!, owner.user);
  }
  return outcome;
}
