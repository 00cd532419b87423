import { and, count, eq, gt, inArray, sql } from 'drizzle-orm';
import { mayActor, type UserActor } from '../../auth/actor.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { dropOctets, writeOctets } from './file-octets.ts';
import { type FileRow, files } from './table.ts';

/** Octets of one upload. */
export const MAX_UPLOAD = 512 * 1024 * 1024;
/** Uploads of one person that no import has taken yet. */
const MAX_OPEN = 5;
const DAY = 24 * 3600;
const MAX_NAME = 200;

/**
 * Keeps a file that somebody brings, sealed, until an import takes it, a day at most. Nothing of it stays when the octets
 * end with an error.
 * @param octets at most `MAX_UPLOAD`; the door counts them
 * @throws Failure InvalidState `file.not_allowed` without a permission that can use it, `file.gone` · LimitReached `file.open_uploads`
 */
export async function uploadFile(
  deps: ActionDeps,
  { name, mediaType, octets }: { name: string; mediaType: string; octets: AsyncIterable<Uint8Array> },
): Promise<FileRow> {
  const file = await openUpload(deps, nameOf(name), mediaType.slice(0, 100));
  try {
    const written = await writeOctets(deps.db, deps, file.id, octets);
    return await deps.db.transaction(async (tx) => {
      const [ready] = await tx
        .update(files)
        .set({ state: 'READY', ...written })
        .where(and(eq(files.id, file.id), eq(files.state, 'WRITING')))
        .returning();
      // It came so slowly that it was taken for one that had broken off.
      if (!ready)
        throw new Failure('InvalidState', 'file.gone', 'The upload took too long. Upload the file again.');
      await recordAudit(tx, deps, {
        action: 'file.uploaded',
        details: { file: file.name, size: written.size, sha256: written.sha256 },
      });
      return ready;
    });
  } catch (error) {
    await dropOctets(deps.db, file.id);
    throw error;
  }
}

/** Refuses who may not upload, before any octet is read. @throws Failure InvalidState `file.not_allowed` */
export function requireUploader(deps: ActionDeps): UserActor {
  const { actor } = deps;
  if (actor.kind === 'user' && mayActor(actor, 'TOKENS_MANAGE')) return actor;
  throw new Failure('InvalidState', 'file.not_allowed', 'Uploading needs the permission TOKENS_MANAGE.');
}

function openUpload(deps: ActionDeps, name: string, mediaType: string): Promise<FileRow> {
  const { id: createdBy, apiKey } = requireUploader(deps);
  return deps.db.transaction(async (tx) => {
    // Of uploads that begin at once each sees the others.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext(${`symbolon uploads ${createdBy}`}))`);
    const now = deps.clock.now();
    const [open] = await tx
      .select({ number: count() })
      .from(files)
      .where(
        and(
          eq(files.createdBy, createdBy),
          eq(files.kind, 'UPLOAD'),
          inArray(files.state, ['WRITING', 'READY']),
          gt(files.expiresAt, now),
        ),
      );
    if ((open?.number ?? 0) >= MAX_OPEN) {
      throw new Failure(
        'LimitReached',
        'file.open_uploads',
        `${MAX_OPEN} uploads of yours wait to be imported. Import or discard one first; unused ones are gone after a day.`,
        { limit: MAX_OPEN },
        { limit: MAX_OPEN },
      );
    }
    const [file] = await tx
      .insert(files)
      .values({
        id: newId(deps),
        kind: 'UPLOAD',
        state: 'WRITING',
        name,
        mediaType,
        size: 0,
        sha256: '',
        createdBy,
        apiKeyId: apiKey?.id ?? null,
        createdAt: now,
        expiresAt: plusSeconds(now, DAY),
      })
      .returning();
    return file!;
  });
}

/** The last part of what the browser says, in one line. */
function nameOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/\p{C}/gu, '').trim().slice(0, MAX_NAME);
  return clean === '' ? 'unnamed' : clean;
}
