import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { fileChunks, files } from './table.ts';

/** Octets sealed together: what one of our processes holds of a file, however large that is. */
const CHUNK = 256 * 1024;

const placeOf = (fileId: string, position: number) => ({
  table: 'file_chunks',
  id: `${fileId}:${position}`,
  purpose: 'octets',
});

/** Takes octets as they come and keeps them, sealed, a chunk at a time. Answers their number and their SHA-256 in hex. */
export async function writeOctets(
  db: Queryable,
  deps: Deps,
  fileId: string,
  octets: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  let position = 0;
  const keep = async (chunk: Uint8Array) => {
    hash.update(chunk);
    size += chunk.length;
    const sealed = deps.vault.seal(chunk, placeOf(fileId, position));
    await db.insert(fileChunks).values({ fileId, position, sealed });
    position += 1;
  };
  let waiting: Uint8Array[] = [];
  let held = 0;
  for await (const part of octets) {
    waiting.push(part);
    held += part.length;
    if (held < CHUNK) continue;
    const joined = Buffer.concat(waiting);
    let from = 0;
    for (; joined.length - from >= CHUNK; from += CHUNK) await keep(joined.subarray(from, from + CHUNK));
    waiting = [joined.subarray(from)];
    held = joined.length - from;
  }
  if (held > 0) await keep(Buffer.concat(waiting));
  return { size, sha256: hash.digest('hex') };
}

/** The octets of a file, a chunk at a time. Ends early, and silently, when they are deleted meanwhile. */
export async function* readOctets(db: Queryable, deps: Deps, fileId: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const [chunk] = await db
      .select({ sealed: fileChunks.sealed })
      .from(fileChunks)
      .where(and(eq(fileChunks.fileId, fileId), eq(fileChunks.position, position)));
    if (!chunk) return;
    yield deps.vault.open(chunk.sealed, placeOf(fileId, position));
  }
}

/** Deletes a file's octets; its row stays as a record. */
export async function dropOctets(db: Queryable, fileId: string): Promise<void> {
  await db.update(files).set({ state: 'GONE', ticketHash: null }).where(eq(files.id, fileId));
  await db.delete(fileChunks).where(eq(fileChunks.fileId, fileId));
}
