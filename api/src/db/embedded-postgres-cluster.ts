import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefused } from '@symbolon/serving/start-refused';
import { startOf } from './embedded-postgres-lock.ts';
import { type Account, type Binaries, runProgram } from './embedded-postgres-binaries.ts';

/** One PostgreSQL data directory: `<dataDir>/postgres/cluster`, its password beside it. */
export type Cluster = { home: string; directory: string; binaries: Binaries; account: Account };
export type Postmaster = { pid: number; port: number };

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '100',
  jit: 'off',
  max_wal_size: '512MB',
  timezone: 'UTC',
  // One file for each day of the week, emptied when its day comes again. Statements stay out: they could hold secrets.
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_timezone: 'UTC',
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
};

/** Where a cluster lives under the data folder. */
export function clusterAt(dataDir: string, binaries: Binaries, account: Account): Cluster {
  const home = join(dataDir, 'postgres');
  return { home, directory: join(home, 'cluster'), binaries, account };
}

/**
 * Makes the cluster in a folder beside its place and moves it there when it is whole: a kill in the middle leaves
 * only a folder that the next start removes. The caller holds the lock of the data folder.
 */
export async function makeCluster(cluster: Cluster): Promise<void> {
  const fresh = `${cluster.home}.new-${randomBytes(6).toString('hex')}`;
  const data = join(fresh, 'cluster');
  const given = join(fresh, 'given-password');
  const password = randomBytes(24).toString('base64url');
  await mkdir(data, { recursive: true });
  await chmod(fresh, cluster.account ? 0o711 : 0o700);
  await chmod(data, 0o700);
  await writeFile(join(fresh, 'password'), password, { mode: 0o600 });
  await writeFile(given, password, { mode: 0o600 });
  if (cluster.account) {
    for (const path of [data, given]) await chown(path, cluster.account.uid, cluster.account.gid);
  }
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const scram = ['--auth-host=scram-sha-256', '--auth-local=scram-sha-256', `--pwfile=${given}`];
  const args = ['-D', data, '-U', 'symbolon', ...locale, ...scram, '--no-instructions'];
  const { code, output } = await runProgram(cluster.binaries.initdb, args, cluster.account);
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true, maxRetries: 10 });
    throw refusal('The built-in database could not be set up', output);
  }
  await rm(given);
  await rename(fresh, cluster.home);
}

/** Removes what killed first starts left. */
export async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith('postgres.new-')) continue;
    // A killed start's initdb may still be writing for a moment.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** The server that serves this cluster now, if one does. A pid file whose process is something else is removed. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const path = join(cluster.directory, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (startOf(pid) === '') return null;
  // After a crash of the machine the number may be another program's; PostgreSQL would take that one for a server.
  if (!(await isPostgres(pid))) {
    await rm(path, { force: true });
    return null;
  }
  return { pid, port: Number(lines[3]) };
}

/** Tells the server to stop, while this process exits and nothing may be awaited or started any more. */
export function signalStop(cluster: Cluster): void {
  try {
    const pid = Number(readFileSync(join(cluster.directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // «Fast»: sessions end, and everything is written.
    if (startOf(pid) !== '') process.kill(pid, 'SIGINT');
  } catch {
    // It has stopped already.
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'postgres');
  return name.trim() === 'postgres';
}

/**
 * Starts the server in a session of its own and waits until it takes connections.
 * @throws StartRefused with the server's own last words
 */
export async function startServer(cluster: Cluster, settings: Record<string, string>, wantedPort?: number) {
  const logFile = join(cluster.directory, 'start.log');
  for (let attempt = 1; ; attempt++) {
    await rm(logFile, { force: true });
    const port = (attempt <= 3 && wantedPort) || (await freePort());
    const given = Object.entries({ ...SETTINGS, ...settings, port: String(port) });
    const flags = given.map(([name, value]) => `-c ${name}=${value}`).join(' ');
    const args = ['start', '-w', '-t', '600', '-s', '-D', cluster.directory, '-l', logFile, '-o', flags];
    const { code, output } = await runProgram(cluster.binaries.pgCtl, args, cluster.account);
    if (code === 0) return port;
    const words = `${await readFile(logFile, 'utf8').catch(() => '')}\n${await lastLogLines(cluster)}\n${output}`;
    // The port was taken in between, or the processes of a killed server are still going.
    const passing = /Address already in use|could not create any TCP|pre-existing shared memory/.test(words);
    if (!passing || attempt === 20) throw refusal('The built-in database did not start', words);
    await sleep(500);
  }
}

async function lastLogLines(cluster: Cluster): Promise<string> {
  const directory = join(cluster.directory, 'log');
  const day = new Date().toUTCString().slice(0, 3);
  const text = await readFile(join(directory, `postgres-${day}.log`), 'utf8').catch(() => '');
  return text.split('\n').slice(-12).join('\n');
}

/** A free port below the range that systems hand out for outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + (randomBytes(2).readUInt16BE() % 17_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** One sentence out of what a PostgreSQL program printed. */
export function refusal(what: string, output: string): StartRefused {
  if (/No space left on device|ENOSPC/.test(output)) {
    return new StartRefused(
      `${what}: the disk is full. Nothing that was stored is lost; free some space and start again.`,
    );
  }
  const lines = output.split('\n').map((line) => line.trim());
  const cause =
    lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.findLast((line) => line !== '') ?? '';
  const short = cause.replace(/^.*?(FATAL|PANIC|error):\s*/, '').slice(0, 300);
  return new StartRefused(`${what} (${short}). Nothing that was stored is lost.`);
}
