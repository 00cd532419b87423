import { and, eq, gt, lt, ne, or } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { dropOctets, writeOctets } from './file-octets.ts';
import { type FileRow, files } from './table.ts';

/** How long a file waits to be claimed, and how long its address then works. */
const UNCLAIMED_SECONDS = 24 * 3600;
const CLAIMED_SECONDS = 10 * 60;
/** An upload that still comes after so long has broken off. */
const WRITING_SECONDS = 2 * 3600;

/** Keeps a file that holds seeds, sealed, for whoever acts: they alone may claim it, once. */
export async function keepOneTimeFile(
  tx: Transaction,
  deps: ActionDeps,
  { name, mediaType, octets }: { name: string; mediaType: string; octets: Uint8Array },
): Promise<FileRow> {
  const now = deps.clock.now();
  const id = newId(deps);
  await tx.insert(files).values({
    id,
    kind: 'ONE_TIME',
    state: 'WRITING',
    name,
    mediaType,
    size: 0,
    sha256: '',
    createdBy: deps.actor.kind === 'user' ? deps.actor.id : null,
    createdAt: now,
    expiresAt: plusSeconds(now, UNCLAIMED_SECONDS),
  });
  const written = await writeOctets(tx, deps, id, [octets]);
  const [file] = await tx
    .update(files)
    .set({ state: 'READY', ...written })
    .where(eq(files.id, id))
    .returning();
  return file!;
}

export type ClaimedFile = { url: string; expiresAt: Date };

/**
 * Answers the address of a one-time file, once and only to whoever made it. The address works for ten minutes or until it
 * was fetched whole; then nothing is left of the file.
 * @throws Failure NotFound `file.not_found` · InvalidState `file.claimed`, `file.gone`
 */
export const claimFile = (deps: ActionDeps, { fileId }: { fileId: string }): Promise<ClaimedFile> =>
  deps.db.transaction(async (tx) => {
    const { actor } = deps;
    const now = deps.clock.now();
    const [file] = await tx.select().from(files).where(eq(files.id, fileId)).for('update');
    if (!file || file.kind !== 'ONE_TIME' || actor.kind !== 'user' || file.createdBy !== actor.id)
      throw new Failure('NotFound', 'file.not_found', 'There is no such file.');
    if (file.state === 'CLAIMED') {
      throw new Failure(
        'InvalidState',
        'file.claimed',
        'This file was claimed before. If that was not you, distribute the token again.',
      );
    }
    if (file.state !== 'READY' || file.expiresAt <= now) {
      throw new Failure(
        'InvalidState',
        'file.gone',
        'Nothing is left of this file. Distribute the token again to make another.',
      );
    }
    const ticket = Buffer.from(deps.random.bytes(24)).toString('base64url');
    const expiresAt = plusSeconds(now, CLAIMED_SECONDS);
    await tx
      .update(files)
      .set({ state: 'CLAIMED', expiresAt, ticketHash: deps.vault.lookupHash('file', ticket) })
      .where(eq(files.id, fileId));
    await recordAudit(tx, deps, {
      action: 'file.claimed',
      details: { file: file.name, size: file.size, sha256: file.sha256 },
    });
    // Each where their session is: administrators may have an address of their own.
    const base = actor.permissions.size > 0 ? deps.config.adminUrl : deps.config.publicUrl;
    return { url: new URL(`/files/${ticket}`, base).href, expiresAt };
  });

/** The claimed file behind a ticket, for whoever claimed it; undefined for everybody else and after its time. */
export async function findClaimed(deps: ActionDeps, ticket: string): Promise<FileRow | undefined> {
  if (deps.actor.kind !== 'user') return undefined;
  const [file] = await deps.db
    .select()
    .from(files)
    .where(
      and(
        eq(files.ticketHash, deps.vault.lookupHash('file', ticket)),
        eq(files.createdBy, deps.actor.id),
        eq(files.state, 'CLAIMED'),
        gt(files.expiresAt, deps.clock.now()),
      ),
    );
  return file;
}

/** Notes that a claimed file has arrived, and deletes it. */
export const endClaim = (deps: ActionDeps, file: FileRow): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await dropOctets(tx, file.id);
    await recordAudit(tx, deps, { action: 'file.downloaded', details: { file: file.name } });
  });

/** Deletes the octets of files whose time is over, and of uploads that broke off. */
export async function sweepFiles({ db, clock }: ActionDeps): Promise<void> {
  const now = clock.now();
  const over = await db
    .select({ id: files.id })
    .from(files)
    .where(
      and(
        ne(files.state, 'GONE'),
        or(
          // What an import works on is dropped by its job.
          and(lt(files.expiresAt, now), ne(files.state, 'USED')),
          and(eq(files.state, 'WRITING'), lt(files.createdAt, plusSeconds(now, -WRITING_SECONDS))),
        ),
      ),
    )
    .limit(100);
  for (const { id } of over) await db.transaction((tx) => dropOctets(tx, id));
}
