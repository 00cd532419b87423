import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefused } from '@symbolon/serving/start-refused';
import { type Account, type Binaries, runProgram } from './embedded-postgres-binaries.ts';

const SYSTEM_DIR = '/var/lib/symbolon';
const SYSTEM_USER = 'symbolon-postgres';

/** PostgreSQL refuses to run as root: then as whoever owns the data already, else `postgres`, else a new system user. */
export async function chooseAccount(clusterDir: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(clusterDir).then(
    (found) => found.uid,
    () => 0,
  );
  const account = owner === 0 ? (lookUp('postgres') ?? lookUp(SYSTEM_USER)) : lookUp(String(owner));
  if (account) return account;
  if (owner !== 0) return { uid: owner, gid: (await stat(clusterDir)).gid, name: String(owner) };
  try {
    const login = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
    execFileSync('useradd', ['--system', '--user-group', ...login, SYSTEM_USER], { stdio: 'ignore' });
  } catch {
    // The look-up below decides: a simultaneous start may have made the user.
  }
  const made = lookUp(SYSTEM_USER);
  if (made) return made;
  throw new StartRefused(
    `The built-in database does not run as root, and the system user ${SYSTEM_USER} could not be made. Start Symbolon as an ordinary user, or set DATABASE_URL.`,
  );
}

function lookUp(user: string): Account {
  try {
    const id = (flag: string) =>
      execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    const account = { uid: Number(id('-u')), gid: Number(id('-g')), name: id('-un') };
    return account.uid > 0 ? account : null;
  } catch {
    return null;
  }
}

/** Whether `account` really can enter the directory; asked of the system, not computed from mode bits. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  const { code } = await runProgram('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], account);
  return code === 0;
}

/** Where data goes that should have been in a directory which the database's account cannot enter. */
export async function systemDataDir(wanted: string): Promise<string> {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  const directory = join(SYSTEM_DIR, `data-${name}`);
  await mkdir(directory, { recursive: true });
  for (const path of [SYSTEM_DIR, directory]) await chmod(path, 0o755);
  return directory;
}

/** The binaries themselves, or a copy that `account` can run when they lie in a place closed to it (root's home, say). */
export async function reachableBinaries(binaries: Binaries, account: Account): Promise<Binaries> {
  if (await runs(binaries, account)) return binaries;
  if (account === null) throw doesNotRun((await runProgram(binaries.initdb, ['--version'], account)).output);
  const version = await runProgram(binaries.initdb, ['--version'], null);
  if (version.code !== 0) throw doesNotRun(version.output);
  const root = join(SYSTEM_DIR, `postgres-${version.output.trim().split(' ').at(-1)}`);
  const copy = {
    root,
    initdb: `${root}/bin/initdb`,
    pgCtl: `${root}/bin/pg_ctl`,
    postgres: `${root}/bin/postgres`,
  };
  if (await runs(copy, account)) return copy;
  await mkdir(SYSTEM_DIR, { recursive: true });
  await chmod(SYSTEM_DIR, 0o755);
  const half = `${root}.new-${process.pid}`;
  await cp(binaries.root, half, { recursive: true, verbatimSymlinks: true });
  await openToAll(half);
  await rm(root, { recursive: true, force: true });
  // A simultaneous start may have put its own copy there; then ours is not needed.
  await rename(half, root).catch(() => rm(half, { recursive: true, force: true }));
  if (await runs(copy, account)) return copy;
  throw doesNotRun((await runProgram(copy.initdb, ['--version'], account)).output);
}

async function runs(binaries: Binaries, account: Account): Promise<boolean> {
  for (const program of [binaries.initdb, binaries.pgCtl, binaries.postgres]) {
    if ((await runProgram(program, ['--version'], account)).code !== 0) return false;
  }
  return true;
}

async function openToAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  await chmod(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of await readdir(path)) await openToAll(join(path, name));
}

function doesNotRun(output: string): StartRefused {
  const cause = output.trim().split('\n').at(0) ?? '';
  return new StartRefused(
    `The built-in database does not run on this system (${cause}). Set DATABASE_URL and start again.`,
  );
}
