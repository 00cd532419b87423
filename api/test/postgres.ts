import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { startOf } from '../src/db/embedded-postgres-lock.ts';

const PREFIX = 'symbolon-test-';
const VARIABLE = 'SYMBOLON_TEST_POSTGRES';
const TEMPLATE = 'symbolon_template';
// Test data dies with the run: nothing of it has to survive a crash.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

export type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * Starts one cluster for a whole run and lets `migrate` fill the template database once. The global setup of vitest
 * calls it; a bench may call it, too. Everything that this process and its children make by `createTestDatabase` is in it.
 * @param settings of PostgreSQL; the default forgets everything in a crash
 * @returns the function that stops the cluster and removes its files
 */
export async function startTestCluster(
  migrate: (url: string) => Promise<unknown>,
  settings: Record<string, string> = FAST,
): Promise<() => Promise<void>> {
  await removeAbandoned();
  const dataDir = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`);
  const quiet = () => {};
  const server = await startEmbeddedPostgres({ dataDir, log: quiet, say: quiet, settings });
  const remove = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    if (server.dataDir !== dataDir) await rm(server.dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await run(server.url, `CREATE DATABASE ${TEMPLATE}`);
    await migrate(withDatabase(server.url, TEMPLATE));
  } catch (error) {
    await remove();
    throw error;
  }
  process.env[VARIABLE] = server.url;
  return remove;
}

/** A migrated, otherwise empty database of its own for one test file or one test. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[VARIABLE];
  if (!server)
    throw new Error('There is no test cluster. Run the tests with vitest from the root of the checkout.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: withDatabase(server, name),
    drop: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function run(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await sql.unsafe(statement);
        return;
      } catch (error) {
        // 55006: somebody is still copying the template, or a connection to it has not quite gone.
        if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Stops and removes the clusters of runs that were killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (Number.isNaN(owner) || startOf(owner) !== '') continue;
    const directory = join(tmpdir(), name);
    try {
      const pidFile = join(directory, 'postgres', 'cluster', 'postmaster.pid');
      const server = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
      if (server > 0 && startOf(server) !== '') process.kill(server, 'SIGQUIT');
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    } catch {
      // Another account's run; it is not ours to clean.
    }
  }
}
