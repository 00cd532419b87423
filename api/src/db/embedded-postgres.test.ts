import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startOf } from './embedded-postgres-lock.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const MODULE = new URL('./embedded-postgres.ts', import.meta.url).href;
const CHILD = `
  const { startEmbeddedPostgres } = await import(${JSON.stringify(MODULE)});
  try {
    process.on('SIGTERM', () => process.exit(0));
    const { url } = await startEmbeddedPostgres({ dataDir: process.argv[1], log() {}, say() {} });
    console.log(url);
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.name + ': ' + error.message);
  }`;

let dataDir: string;
let children: ChildProcess[];

beforeEach(() => {
  dataDir = join(tmpdir(), `symbolon-embedded-${randomBytes(6).toString('hex')}`);
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  const pid = await postmaster();
  if (pid) process.kill(pid, 'SIGQUIT');
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

async function start(said: string[] = []) {
  return startEmbeddedPostgres({ dataDir, log: () => {}, say: (sentence) => said.push(sentence) });
}

async function inChild(): Promise<{ child: ChildProcess; line: string }> {
  const args = ['--input-type=module', '--eval', CHILD, dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return { child, line: String(line).trim() };
}

async function postmaster(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(text?.split('\n')[0] ?? 0);
  return pid > 0 && startOf(pid) !== '' ? pid : null;
}

async function query(url: string, statement: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

test('a first start makes the database, a later one keeps its data, and stop leaves no process', async () => {
  const said: string[] = [];
  const first = await start(said);
  expect(first).toMatchObject({ firstStart: true, dataDir });
  expect(said).toHaveLength(1);
  await query(first.url, `CREATE TABLE kept AS SELECT 'ä'::text AS letter`);
  const pid = await postmaster();
  expect(pid).not.toBeNull();
  await Promise.all([first.stop(), first.stop()]);
  expect(startOf(pid ?? 0)).toBe('');

  const second = await start(said);
  expect(second.firstStart).toBe(false);
  expect(said).toHaveLength(1);
  expect(await query(second.url, 'SELECT letter FROM kept')).toEqual([{ letter: 'ä' }]);
  expect(await query(second.url, `SELECT current_setting('fsync') AS fsync`)).toEqual([{ fsync: 'on' }]);
  await second.stop();
  expect(await readdir(dataDir)).toEqual(['postgres']);
});

test('the password is needed', async () => {
  const server = await start();
  const guess = new URL(server.url);
  guess.password = 'password';
  await expect(query(guess.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(guess.hostname).toBe('127.0.0.1');
  expect(Number(guess.port)).toBeLessThan(32_768);
  await server.stop();
});

test('a second start on the same data is refused in one sentence and disturbs nothing', async () => {
  const server = await start();
  const { line } = await inChild();
  expect(line).toMatch(/^StartRefused: Symbolon \(process \d+\) is already running on the data in /);
  // Without the lock file, too: the lock in the database is the second net.
  await rm(join(dataDir, 'symbolon.lock'));
  expect((await inChild()).line).toMatch(/^StartRefused: Another Symbolon is already running/);
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('of two simultaneous first starts one wins', async () => {
  const lines = (await Promise.all([inChild(), inChild()]))
    .map(({ line }) => line.replace(/:.*/s, ''))
    .sort();
  expect(lines).toEqual(['StartRefused', 'postgres']);
});

test('after a kill -9 the next start goes on with the server that still runs, and with its data', async () => {
  const { child, line: url } = await inChild();
  await query(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  const pid = await postmaster();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await postmaster()).toBe(pid);
  const server = await start();
  expect(server.url).toBe(url);
  expect(server.firstStart).toBe(false);
  expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await server.stop();
  // Nobody's child any more, so its end is seen a moment after its files are gone.
  await expect.poll(() => startOf(pid ?? 0), { timeout: 5000 }).toBe('');
});

test('kills in the middle of the first start leave nothing in the way', async () => {
  for (const delay of [150, 350, 600]) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD, dataDir]);
    children.push(child);
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const server = await start();
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'symbolon.lock']);
  await server.stop();
});

test('a process that ends without stopping takes the server with it', async () => {
  const { child } = await inChild();
  const pid = await postmaster();
  child.kill('SIGTERM');
  await once(child, 'exit');
  // It writes everything first, which a busy disk makes long.
  await expect.poll(() => startOf(pid ?? 0), { timeout: 80_000 }).toBe('');
}, 90_000);

test('a server that dies is started again on the same port', async () => {
  const server = await start();
  process.kill((await postmaster()) ?? 0, 'SIGKILL');
  const answered = async () => query(server.url, 'SELECT 1 AS one').catch(() => null);
  let rows = await answered();
  for (let tries = 0; tries < 100 && rows === null; tries++) {
    await sleep(100);
    rows = await answered();
  }
  expect(rows).toEqual([{ one: 1 }]);
  await server.stop();
  expect(await postmaster()).toBeNull();
});

test('a pid file that names some other program is no obstacle', async () => {
  await (await start()).stop();
  const stale = `${process.pid}\n${dataDir}/postgres/cluster\n1\n15000\n\n127.0.0.1\n`;
  await writeFile(join(dataDir, 'postgres/cluster/postmaster.pid'), stale);
  await (await start()).stop();
});

test('a data folder that is a file is refused in one sentence', async () => {
  await mkdir(dataDir);
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  const refused = startEmbeddedPostgres({ dataDir: file, log: () => {}, say: () => {} });
  await expect(refused).rejects.toThrow(/is not a folder/);
});
