import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test/kit.ts';
import { readConfig } from './config.ts';
import { systemRandom } from './lib/random.ts';
import { createVault } from './lib/vault.ts';
import { checkMasterKey, readMasterKey } from './master-key.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-key-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (env: NodeJS.ProcessEnv = {}, dataDir = folder) =>
  readMasterKey(readConfig({ NODE_ENV: 'test', ...env }), systemRandom, dataDir);
const DATABASE_URL = 'postgres://127.0.0.1/x';

describe('the master key', () => {
  it.each(['hex', 'base64'] as const)('is read as %s, from the environment and from a file', async (form) => {
    const key = randomBytes(32);
    const file = join(folder, form);
    await writeFile(file, `${key.toString(form)}\n`);
    const wanted = new Uint8Array(key);
    expect(await read({ DATABASE_URL, SYMBOLON_MASTER_KEY: key.toString(form) })).toEqual(wanted);
    expect(await read({ DATABASE_URL, SYMBOLON_MASTER_KEY_FILE: file })).toEqual(wanted);
  });

  it('of the embedded database is made once, for its account alone, also by two first starts', async () => {
    const dataDir = join(folder, 'data');
    const [one, other] = await Promise.all([read({}, dataDir), read({}, dataDir)]);
    expect(one).toEqual(other);
    expect(await read({}, dataDir)).toEqual(one);
    expect(await readdir(dataDir)).toEqual(['master-key']);
    expect((await stat(join(dataDir, 'master-key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(dataDir, 'master-key'), 'utf8')).trim()).toHaveLength(44);
  });

  it.each([
    [{ DATABASE_URL }, 'has to be given'],
    [{ SYMBOLON_MASTER_KEY: 'c2hvcnQ=' }, 'is not 32 octets'],
    [{ SYMBOLON_MASTER_KEY_FILE: '/nowhere/key' }, 'cannot be read'],
  ])('is asked for in one sentence: %j', async (env, sentence) => {
    await expect(read(env)).rejects.toMatchObject({
      name: 'StartRefused',
      message: expect.stringContaining(sentence),
    });
  });
});

describe('the canary', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it('refuses another master key than the first, and takes the first again', async () => {
    const { db, vault } = api.deps;
    await checkMasterKey(db, vault);
    const other = createVault(randomBytes(32), systemRandom);
    await expect(checkMasterKey(db, other)).rejects.toMatchObject({
      name: 'StartRefused',
      message: expect.stringContaining('not the master key'),
    });
    await checkMasterKey(db, vault);
  });
});
