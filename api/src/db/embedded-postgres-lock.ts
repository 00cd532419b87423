import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefused } from '@symbolon/serving/start-refused';

/**
 * Takes `<dataDir>/symbolon.lock`, which names this process until it is released. A lock whose process is gone
 * (or whose number now belongs to another process) is taken over.
 * @returns the function that releases it
 * @throws StartRefused when a living Symbolon holds it
 */
export async function takeLock(dataDir: string): Promise<() => void> {
  const path = join(dataDir, 'symbolon.lock');
  const mine = `${process.pid}\n${startOf(process.pid)}\n`;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o644 });
  try {
    // A link appears whole or not at all: nobody reads a lock that is half written.
    while (!(await link(draft, path).then(() => true, existsAlready))) {
      const held = await readFile(path, 'utf8').catch(() => null);
      if (held === null) continue;
      const holder = livingHolder(held);
      if (holder) throw heldBy(dataDir, holder);
      await removeStale(path, held);
    }
  } finally {
    await unlink(draft).catch(() => {});
  }
  await sweepDrafts(dataDir);
  return () => {
    try {
      if (readFileSync(path, 'utf8') === mine) unlinkSync(path);
    } catch {
      // Already gone.
    }
  };
}

/** The refusal of a second start on the same data. */
export function heldBy(dataDir: string, pid?: number): StartRefused {
  const who = pid ? `Symbolon (process ${pid})` : 'Another Symbolon';
  return new StartRefused(
    `${who} is already running on the data in ${dataDir}. It goes on undisturbed; stop it first, or set SYMBOLON_DATA_DIR to another folder.`,
  );
}

function existsAlready(error: NodeJS.ErrnoException): boolean {
  if (error.code === 'EEXIST') return false;
  throw error;
}

function livingHolder(lock: string): number | null {
  const [pid = '', start = ''] = lock.split('\n');
  const now = startOf(Number(pid));
  return now !== '' && now === start ? Number(pid) : null;
}

async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => {});
  const taken = await readFile(aside, 'utf8').catch(() => stale);
  // Another start was quicker and this is its fresh lock: give it back.
  if (taken !== stale) await link(aside, path).catch(() => {});
  await unlink(aside).catch(() => {});
}

/** Takes away what a process left that was killed while it took the lock. */
async function sweepDrafts(dataDir: string): Promise<void> {
  const drafts = (await readdir(dataDir)).filter((name) => name.startsWith('symbolon.lock.'));
  for (const name of drafts) {
    const draft = join(dataDir, name);
    const written = await readFile(draft, 'utf8').catch(() => null);
    if (written !== null && livingHolder(written) === null) await unlink(draft).catch(() => {});
  }
}

/** When a process started, as something that another process with the same number does not share; '' when there is none. */
export function startOf(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (fields[0] === 'Z') return '';
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return '';
  }
}
