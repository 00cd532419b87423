import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthenticatorError } from './errors.ts';

const lockStaleMs = 10_000;
const lockPatienceMs = 15_000;

/** The text of a file, or undefined when there is none. @throws AuthenticatorError STORE_IO */
export async function readTextFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw ioError('read', file, error);
  }
}

/**
 * Replaces a file as a whole: a new file beside it (mode 0600) is written, synced and renamed over it, so that
 * a crash leaves the old content or the new one. Makes the folder (0700) where it is missing.
 * @throws AuthenticatorError STORE_IO
 */
export async function writeTextFile(file: string, text: string): Promise<void> {
  await writeBeside(file, text, (temporary) => rename(temporary, file));
}

/** Makes sure, by trying, that `writeTextFile` can work here; leaves nothing but the folder. @throws STORE_IO */
export async function tryWriting(file: string): Promise<void> {
  await writeBeside(file, ' '.repeat(16_384), (temporary) => rm(temporary));
}

/**
 * Runs `work` while no other program does the same with this file. The lock is the folder `FILE.lock`; one that a
 * killed program left is taken over after ten seconds.
 * @throws AuthenticatorError STORE_BUSY, STORE_IO
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const giveUpAt = performance.now() + lockPatienceMs;
  while (!(await takeLock(lock))) {
    if (performance.now() > giveUpAt) {
      throw new AuthenticatorError('STORE_BUSY', `Another program is working on the token store ${file}.`);
    }
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    await rmdir(lock).catch(() => {});
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
    await mkdir(lock, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw ioError('write', lock, error);
  }
  const made = await stat(lock).catch(() => undefined);
  if (made && Date.now() - made.mtimeMs > lockStaleMs) await rmdir(lock).catch(() => {});
  return false;
}

async function writeBeside(
  file: string,
  text: string,
  then: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await then(temporary);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw ioError('write', file, error);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename alone has to do.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function ioError(verb: 'read' | 'write', file: string, cause: unknown): AuthenticatorError {
  const why = errno(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new AuthenticatorError('STORE_IO', `Cannot ${verb} the token store ${file} (${why}).`, { cause });
}

function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
