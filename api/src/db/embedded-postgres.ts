import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { StartRefused } from '@symbolon/serving/start-refused';
import { canEnter, chooseAccount, reachableBinaries, systemDataDir } from './embedded-postgres-account.ts';
import { findBinaries, runProgram } from './embedded-postgres-binaries.ts';
import {
  type Cluster,
  clusterAt,
  findPostmaster,
  makeCluster,
  refusal,
  removeLeftovers,
  signalStop,
  startServer,
} from './embedded-postgres-cluster.ts';
import { heldBy, takeLock } from './embedded-postgres-lock.ts';

export type EmbeddedPostgresOptions = {
  dataDir: string;
  /** Lines for the log. */
  log: (line: string) => void;
  /** Sentences for the person at the terminal. */
  say: (sentence: string) => void;
  /** PostgreSQL settings beside ours; the tests turn fsync off. */
  settings?: Record<string, string>;
};

export type EmbeddedPostgres = {
  url: string;
  /** Where the data really is; differs from the wanted folder when root's folder was closed to the database's account. */
  dataDir: string;
  /** Whether the database `symbolon` was made by this start. */
  firstStart: boolean;
  /** Stops the server and waits for it; may be called more than once. */
  stop(): Promise<void>;
};

// 'symbolon' on a telephone's keys; any number serves that no other program locks in this cluster.
const LIFE_LOCK = 79_626_566;

/**
 * Starts our own PostgreSQL, or goes on with the one that a killed Symbolon left running. It runs in a session of its
 * own, so that Ctrl-C reaches only us and we can finish first. Whichever way this process ends by itself, the server
 * is told to stop; after a kill -9 the next start finds it again.
 * @throws StartRefused with one clear sentence
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const wanted = resolve(options.dataDir);
  try {
    return await start(wanted, options);
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, wanted);
  }
}

async function start(wanted: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, account } = await prepareDataDir(wanted, options.say);
  const release = await takeLock(dataDir);
  let cluster: Cluster | null = null;
  const stopAtExit = () => {
    if (cluster) signalStop(cluster);
    release();
  };
  process.once('exit', stopAtExit);
  try {
    await removeLeftovers(dataDir);
    const binaries = await reachableBinaries(await findBinaries(), account);
    const place = clusterAt(dataDir, binaries, account);
    if (!(await exists(place.directory))) {
      options.say('The database is being set up; this takes a few seconds and happens once.');
      await makeCluster(place);
    }
    cluster = place;
    const keeper = await keepRunning(cluster, dataDir, options);
    let stopping: Promise<void> | null = null;
    const stop = async () => {
      await keeper.release();
      await stopServer(place);
      process.off('exit', stopAtExit);
      release();
    };
    const { url, firstStart } = keeper;
    return { url, dataDir, firstStart, stop: () => (stopping ??= stop()) };
  } catch (error) {
    process.off('exit', stopAtExit);
    if (cluster && !(error instanceof HeldElsewhere)) await stopServer(cluster).catch(() => {});
    release();
    throw error instanceof HeldElsewhere ? heldBy(dataDir) : error;
  }
}

class HeldElsewhere extends Error {}

async function prepareDataDir(wanted: string, say: (sentence: string) => void) {
  const isNew = !(await exists(wanted));
  await mkdir(wanted, { recursive: true });
  const account = await chooseAccount(join(wanted, 'postgres', 'cluster'));
  if (account === null) {
    if (isNew) await chmod(wanted, 0o700);
    return { dataDir: wanted, account };
  }
  // The database's account passes through; it can list and read nothing but its own folder.
  if (isNew) await chmod(wanted, 0o711);
  if (await canEnter(wanted, account)) return { dataDir: wanted, account };
  const dataDir = await systemDataDir(wanted);
  say(
    `The database's user ${account.name} cannot reach ${wanted}, so the data is in ${dataDir}. Set SYMBOLON_DATA_DIR to choose another folder.`,
  );
  return { dataDir, account: await chooseAccount(join(dataDir, 'postgres', 'cluster')) };
}

/** Starts or finds the server, takes the lock for life, and starts the server again should it die under us. */
async function keepRunning(
  cluster: Cluster,
  dataDir: string,
  { log, settings = {} }: EmbeddedPostgresOptions,
) {
  const password = await readFile(join(cluster.home, 'password'), 'utf8');
  const urlOf = (port: number, database: string) =>
    `postgres://symbolon:${password}@127.0.0.1:${port}/${database}`;
  let ended = false;
  let sql: Sql | null = null;

  const hold = async (wantedPort?: number): Promise<number> => {
    const port = await ensureServer(cluster, settings, log, wantedPort);
    const onclose = () => {
      if (!ended && sql === connection) void recover(port);
    };
    const connection = single(urlOf(port, 'postgres'), onclose);
    const [row] =
      await connection`SELECT pg_try_advisory_lock(${LIFE_LOCK}) AS held, current_setting('data_directory') AS directory`;
    if (!row?.['held']) {
      await connection.end({ timeout: 1 });
      throw new HeldElsewhere();
    }
    sql = connection;
    return port;
  };
  const recover = async (port: number): Promise<void> => {
    sql = null;
    log(`The connection to the built-in database on port ${port} broke; looking after it.`);
    for (let wait = 200; !ended; wait = Math.min(wait * 2, 10_000)) {
      await sleep(wait);
      if (ended) return;
      try {
        await hold(port);
        log(`The built-in database is back on port ${port}.`);
        return;
      } catch (error) {
        log(`The built-in database is not back yet: ${(error as Error).message}`);
      }
    }
  };

  const port = await hold();
  const held = sql as Sql | null;
  const known = held ? await held`SELECT 1 FROM pg_database WHERE datname = 'symbolon'` : [];
  const firstStart = known.length === 0;
  if (firstStart) await held?.unsafe('CREATE DATABASE symbolon');
  log(`The built-in database serves ${dataDir} on 127.0.0.1:${port}.`);
  const release = async () => {
    ended = true;
    await sql?.end({ timeout: 1 });
  };
  return { url: urlOf(port, 'symbolon'), firstStart, release };
}

/** One connection that lives until it is ended: it carries the lock. */
function single(url: string, onclose?: () => void): Sql {
  const quiet = { onnotice: () => {}, ...(onclose && { onclose }) };
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 30,
    fetch_types: false,
    ...quiet,
  });
}

async function ensureServer(
  cluster: Cluster,
  settings: Record<string, string>,
  log: (line: string) => void,
  port?: number,
) {
  const password = await readFile(join(cluster.home, 'password'), 'utf8');
  for (let attempt = 0; attempt < 300; attempt++) {
    const running = await findPostmaster(cluster);
    if (!running) return startServer(cluster, settings, port);
    if (attempt === 0) log(`PostgreSQL (process ${running.pid}) is already running on this data.`);
    const probe = single(`postgres://symbolon:${password}@127.0.0.1:${running.port}/postgres`);
    try {
      await probe`SELECT 1`;
      return running.port;
    } catch (error) {
      // It is starting or stopping: wait and look again. A wrong password will not become right.
      if ((error as { code?: string }).code?.startsWith('28'))
        throw refusal('The built-in database refused us', String(error));
      await sleep(200);
    } finally {
      await probe.end({ timeout: 1 }).catch(() => {});
    }
  }
  throw new StartRefused(
    'A database server runs on this data but does not answer. Nothing is lost; stop its process and start again.',
  );
}

async function stopServer(cluster: Cluster): Promise<void> {
  const args = ['stop', '-s', '-m', 'fast', '-w', '-t', '60', '-D', cluster.directory];
  const { code, output } = await runProgram(cluster.binaries.pgCtl, args, cluster.account);
  // A server that is already gone is stopped, too.
  if (code !== 0 && (await findPostmaster(cluster)))
    throw refusal('The built-in database did not stop', output);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

function explained(error: NodeJS.ErrnoException, wanted: string): Error {
  const instead = 'Nothing was changed. Set SYMBOLON_DATA_DIR to another folder';
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    const path = error.path && error.path.startsWith(dirname(wanted)) ? error.path : wanted;
    return new StartRefused(
      `Symbolon may not read and write ${path}. ${instead}, or give this user the right to it.`,
      { cause: error },
    );
  }
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new StartRefused(
      `The disk with ${wanted} is full. Nothing that was stored is lost; free some space and start again.`,
    );
  }
  if (error.code === 'ENOTDIR' || error.code === 'EEXIST') {
    return new StartRefused(`${wanted} is not a folder. ${instead}.`, { cause: error });
  }
  return error;
}
