import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTokenStore, type StoredToken } from './token-store.ts';

const cost = { N: 1024, r: 8, p: 1 };
const token: StoredToken = {
  algorithm: 'SECURID',
  serialNumber: '000123456789',
  seed: Uint8Array.from({ length: 16 }, (_, index) => index),
  digits: 8,
  intervalSeconds: 60,
  expiresOn: '2030-01-02',
  addsPin: false,
  serviceName: 'Example',
  userName: 'alice',
  serviceUrl: 'https://symbolon.example/ctkip/services/CtkipService',
  activatedAt: '2026-11-23T12:00:00.000Z',
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authenticator-'));
  file = join(folder, 'deep', 'store');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (passphrase = 'correct horse') => openTokenStore({ file, passphrase, cost });
const filled = async () => {
  const store = await open();
  await store.add(token);
  return store;
};

describe('a store', () => {
  test('comes to the disk with its first token, for its owner only, and nothing lies beside it', async () => {
    const empty = await open();
    await empty.tryWriting();
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
    await empty.add(token);
    expect(await readdir(join(folder, 'deep'))).toEqual(['store']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
  });

  test('gives back what it got', async () => {
    await filled();
    expect((await open()).tokens()).toEqual([token]);
  });

  test('keeps a token without an expiry', async () => {
    await (await open()).add({ ...token, expiresOn: undefined });
    expect((await open()).tokens()[0]?.expiresOn).toBeUndefined();
  });

  test('lets nothing be read', async () => {
    await filled();
    const text = await readFile(file, 'utf8');
    for (const secret of [token.serialNumber, 'alice', Buffer.from(token.seed).toString('base64')]) {
      expect(text).not.toContain(secret);
    }
  });

  test('refuses a serial number that it holds, and stays as it was', async () => {
    await filled();
    const before = await readFile(file);
    const store = await open();
    await expect(store.add({ ...token, seed: new Uint8Array(16) })).rejects.toMatchObject({
      code: 'ALREADY_HELD',
      exitCode: 5,
      message: expect.stringContaining('0001 2345 6789'),
    });
    expect(await readFile(file)).toEqual(before);
  });

  test('removes, and says when there is nothing to remove', async () => {
    const store = await filled();
    await expect(store.remove('999999999999')).rejects.toMatchObject({ code: 'NO_SUCH_TOKEN' });
    await store.remove(token.serialNumber);
    expect(store.tokens()).toEqual([]);
    expect((await open()).tokens()).toEqual([]);
  });

  test('loses nothing when several write at once', async () => {
    const serials = Array.from({ length: 8 }, (_, index) => `00000000000${index}`);
    const stores = await Promise.all(serials.map(() => open()));
    await Promise.all(
      stores.map((store, index) => store.add({ ...token, serialNumber: serials[index] as string })),
    );
    expect((await open()).tokens().map(({ serialNumber }) => serialNumber)).toEqual(serials);
  });

  test('takes over the lock of a killed program', async () => {
    const store = await filled();
    await mkdir(`${file}.lock`);
    await utimes(`${file}.lock`, 0, 0);
    await store.remove(token.serialNumber);
    expect(await readdir(join(folder, 'deep'))).toEqual(['store']);
  });
});

describe('what does not open', () => {
  test('a wrong passphrase', async () => {
    await filled();
    await expect(open('wrong horse')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG', exitCode: 6 });
  });

  test('the same passphrase in another Unicode form does open', async () => {
    await (await open('pässwort')).add(token);
    expect((await open('pässwort'.normalize('NFD'))).tokens()).toHaveLength(1);
  });

  test.each([
    ['not JSON', () => 'x'],
    ['another file', () => '{"format":"other"}'],
    ['null', () => 'null'],
    ['a later version', (text: string) => text.replace('"version": 1', '"version": 2')],
    [
      'a changed octet',
      (text: string) => text.replace(/"data": "(.)/, (_, c) => `"data": "${c === 'A' ? 'B' : 'A'}`),
    ],
    ['a cut end', (text: string) => text.slice(0, -40)],
    ['no data', (text: string) => text.replace(/"data"/, '"date"')],
    ['a short tag', (text: string) => text.replace(/"tag": "[^"]+"/, '"tag": "AAAA"')],
    ['an immense cost', (text: string) => text.replace('"N": 1024', '"N": 1073741824')],
    ['an impossible cost', (text: string) => text.replace('"N": 1024', '"N": 1000')],
  ])('%s is damaged', async (_, damage) => {
    await filled();
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await expect(open()).rejects.toMatchObject({ code: 'STORE_DAMAGED', exitCode: 6 });
  });

  test('a folder that cannot be made', async () => {
    await writeFile(join(folder, 'deep'), 'a file');
    await expect(
      openTokenStore({ file, passphrase: 'x', cost }).then((store) => store.tryWriting()),
    ).rejects.toMatchObject({ code: 'STORE_IO', exitCode: 6 });
  });

  test.skipIf(process.getuid?.() === 0)('a folder without write permission', async () => {
    await filled();
    await chmod(join(folder, 'deep'), 0o500);
    await expect((await open()).tryWriting()).rejects.toMatchObject({ code: 'STORE_IO' });
    await chmod(join(folder, 'deep'), 0o700);
  });
});
