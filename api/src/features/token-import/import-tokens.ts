import { TokenFileError } from '@symbolon/token-files/errors';
import type { Unlocking } from '@symbolon/token-files/token-record';
import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { dropOctets, readOctets } from '../files/file-octets.ts';
import { lockOpenUpload } from '../files/open-uploads.ts';
import { type FileRow, files } from '../files/table.ts';
import { createJob } from '../jobs/create-job.ts';
import type { JobRow } from '../jobs/table.ts';
import type { ImportInput } from './import-row.ts';
import { openTokenFile } from './open-token-file.ts';

/** A file up to this size is read whole before the job is made, so that a bad row is told at once. */
const READ_AT_ONCE = 4 * 1024 * 1024;
const MAX_PASSWORD = 256;

export type ImportTokensInput = {
  fileId: string;
  password?: string | null | undefined;
  deviceId?: string | null | undefined;
  onDuplicate?: 'SKIP' | 'OVERWRITE' | null | undefined;
  overwriteAssigned?: boolean | null | undefined;
  onBadRow?: 'REFUSE_FILE' | 'SKIP_ROW' | null | undefined;
  seedsInUse?: boolean | null | undefined;
  managedElsewhere?: boolean | null | undefined;
  dryRun?: boolean | null | undefined;
};

/**
 * Looks into an upload and queues its import. An upload that is refused here is gone; one that wants a password stays, and
 * so does one of a dry run.
 * @throws Failure InvalidInput · NotFound `file.not_found` · BadPassword `file.password_required`, `file.wrong_password`,
 *   `file.key_required`, `file.wrong_key`, `file.device_required`, `file.wrong_device` · BadFile `file.malformed`, … with line and serial number
 */
export async function importTokens(deps: ActionDeps, input: ImportTokensInput): Promise<JobRow> {
  new FieldChecks()
    .require(
      !(input.seedsInUse && input.managedElsewhere),
      'managedElsewhere',
      'seeds.both',
      'Tokens are on devices and verified here, or managed by another system: not both.',
    )
    .require(
      !input.overwriteAssigned || input.onDuplicate === 'OVERWRITE',
      'overwriteAssigned',
      'overwrite.unused',
      'This goes with onDuplicate: OVERWRITE.',
    )
    .require(
      (input.password?.length ?? 0) <= MAX_PASSWORD,
      'password',
      'file_password.long',
      `A password has at most ${MAX_PASSWORD} characters.`,
    )
    .done();
  const wanted: ImportInput = {
    onDuplicate: input.onDuplicate ?? 'SKIP',
    overwriteAssigned: input.overwriteAssigned === true,
    onBadRow: input.onBadRow ?? 'REFUSE_FILE',
    seeds: input.managedElsewhere ? 'ELSEWHERE' : input.seedsInUse ? 'IN_USE' : 'STOCK',
    dryRun: input.dryRun === true,
  };
  const unlocking = { password: input.password ?? undefined, deviceId: input.deviceId ?? undefined };
  const file = await deps.db.transaction((tx) => lockOpenUpload(tx, deps, input.fileId));
  const refusal = await lookInto(deps, file, unlocking, wanted);
  if (refusal?.kind === 'BadFile') await refuse(deps, file, refusal);
  if (refusal) throw refusal;
  return deps.db.transaction(async (tx) => {
    await lockOpenUpload(tx, deps, file.id);
    if (!wanted.dryRun) await tx.update(files).set({ state: 'USED' }).where(eq(files.id, file.id));
    return createJob(tx, deps, {
      kind: 'IMPORT_TOKENS',
      name: file.name,
      input: wanted,
      fileId: file.id,
      secret: JSON.stringify(unlocking),
    });
  });
}

/** What is wrong with the file, as far as its beginning tells; a small one is read to its end. */
async function lookInto(
  deps: ActionDeps,
  file: FileRow,
  unlocking: Unlocking,
  { onBadRow, dryRun }: ImportInput,
): Promise<Failure | undefined> {
  const isWhole = file.size <= READ_AT_ONCE;
  try {
    for await (const row of openTokenFile(readOctets(deps.db, deps, file.id), unlocking)) {
      if (!isWhole) return undefined;
      if (row.kind === 'bad' && onBadRow === 'REFUSE_FILE' && !dryRun) {
        return new Failure('BadFile', row.code, badRowText(row), {}, { line: row.line, ...serialOf(row) });
      }
    }
  } catch (error) {
    if (error instanceof TokenFileError) return failureOf(error);
    throw error;
  }
  return undefined;
}

const serialOf = ({ serialNumber }: { serialNumber?: string }) => (serialNumber ? { serialNumber } : {});

/** A bad row in words, for a file that is refused because of it. */
export const badRowText = (row: { line: number; serialNumber?: string; message: string }): string =>
  `Line ${row.line}${row.serialNumber ? `, serial number ${row.serialNumber}` : ''}: ${row.message} Nothing was imported. Mend it, or have wrong rows left out.`;

/** What a reader of files refuses, as an expected failure. */
export function failureOf(error: TokenFileError): Failure {
  const { code, message, line } = error;
  const text = `${line ? `Line ${line}: ` : ''}${message}.`;
  const bad = (failureCode: string) => new Failure('BadFile', failureCode, text, {}, line ? { line } : {});
  const locked = (failureCode: string, wish: string) => new Failure('BadPassword', failureCode, wish);
  switch (code) {
    case 'password-required':
      return locked('file.password_required', 'This file has a password or key. Type it.');
    case 'wrong-password':
      return locked('file.wrong_password', 'The password does not open this file. Type it again.');
    case 'key-required':
      return locked(
        'file.key_required',
        'This file was locked with a key that both sides have. Type it in hexadecimal digits.',
      );
    case 'wrong-key':
      return locked('file.wrong_key', 'The key does not open this file. Type it again.');
    case 'device-required':
      return locked('file.device_required', 'This token is bound to a device. Type the device id.');
    case 'wrong-device':
      return locked('file.wrong_device', 'The device id does not open this token. Type it again.');
    case 'damaged':
      return bad('file.damaged');
    case 'doctype':
      return bad('file.doctype');
    case 'too-large':
      return bad('file.over_limits');
    case 'unsupported':
      return bad('file.unsupported');
    case 'malformed':
    case 'invalid-argument':
      return bad('file.malformed');
  }
}

const refuse = (deps: ActionDeps, file: FileRow, { message }: Failure): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await dropOctets(tx, file.id);
    await recordAudit(tx, deps, {
      action: 'file.discarded',
      outcome: 'REFUSED',
      details: { file: file.name, message },
    });
  });
