import { and, desc, eq, gt } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { dropOctets } from './file-octets.ts';
import { type FileRow, files, isMaker } from './table.ts';

/** The caller's uploads that no import has taken yet, newest first. */
export async function listOpenUploads({ db, actor, clock }: ActionDeps): Promise<FileRow[]> {
  if (actor.kind !== 'user') return [];
  const rows = await db
    .select()
    .from(files)
    .where(
      and(
        eq(files.createdBy, actor.id),
        eq(files.kind, 'UPLOAD'),
        eq(files.state, 'READY'),
        gt(files.expiresAt, clock.now()),
      ),
    )
    .orderBy(desc(files.id));
  return rows.filter((row) => isMaker(actor, row));
}

/** Locks an upload of the caller's that waits to be imported. @throws Failure NotFound `file.not_found` */
export async function lockOpenUpload(tx: Transaction, deps: ActionDeps, fileId: string): Promise<FileRow> {
  const [file] = await tx.select().from(files).where(eq(files.id, fileId)).for('update');
  const isOpen = file?.kind === 'UPLOAD' && file.state === 'READY' && file.expiresAt > deps.clock.now();
  if (!isOpen || !isMaker(deps.actor, file)) {
    throw new Failure(
      'NotFound',
      'file.not_found',
      'There is no such upload. It may be used, refused, or older than a day: upload the file again.',
    );
  }
  return file;
}

/** Deletes an upload that no import has taken. @throws Failure NotFound `file.not_found` */
export const discardUpload = (deps: ActionDeps, { fileId }: { fileId: string }): Promise<FileRow> =>
  deps.db.transaction(async (tx) => {
    const file = await lockOpenUpload(tx, deps, fileId);
    await dropOctets(tx, fileId);
    await recordAudit(tx, deps, { action: 'file.discarded', details: { file: file.name } });
    return { ...file, state: 'GONE' };
  });
