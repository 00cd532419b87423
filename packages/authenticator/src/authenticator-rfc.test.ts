import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { securidAes, totpKeyType } from '@symbolon/ct-kip/algorithms';
import { writeTrigger } from '@symbolon/ct-kip/trigger';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { totpCode } from '@symbolon/tokencode/totp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRfcService } from '../test/rfc-service.ts';
import { importToken, tokencode } from './authenticator.ts';
import { runCommand } from './commands.ts';
import { readArguments } from './arguments.ts';

const definition = new URL(
  '../../../api/src/features/device-definitions/shipped/symbolon-authenticator-1.xml',
  import.meta.url,
);
const at = 1_795_435_200;
let folder: string;
let service: Awaited<ReturnType<typeof startRfcService>> | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authenticator-'));
});
afterEach(async () => {
  service?.close();
  await rm(folder, { recursive: true });
});

const taken = (link: string) => ({
  link,
  store: join(folder, 'store'),
  passphrase: 'a passphrase',
  now: () => at * 1000,
  cost: { N: 1024, r: 8, p: 1 },
});
const shown = (serialNumber: string) =>
  tokencode({ store: join(folder, 'store'), passphrase: 'a passphrase', serialNumber, at });

describe('our own link', () => {
  test('gives a SecurID token, and the server hears of the device', async () => {
    service = await startRfcService(securidAes);
    const device = { id: 'ABCD', name: 'A phone', class: '7c3f0d52-6b1e-4f0a-9d3c-52f8a1e6b904' };
    const token = await importToken({ ...taken(service.link), device });
    expect(token).toMatchObject({ algorithm: 'SECURID', serialNumber: '000123456789', userName: 'alice' });
    expect(service.seen.devices).toEqual([device]);
    const seed = new Uint8Array(Buffer.from(service.seen.seeds[0]!, 'hex'));
    const { tokencode: code } = await shown('000123456789');
    const expected = { seed, serialNumber: '000123456789', digits: 6, intervalSeconds: 30, at } as const;
    expect(code).toBe(securidTokencode(expected));
  });

  test('gives a TOTP token of any serial number', async () => {
    service = await startRfcService(totpKeyType, 'TOTP-0.1_x');
    expect(await importToken(taken(service.link))).toMatchObject({
      algorithm: 'TOTP',
      serialNumber: 'TOTP-0.1_x',
    });
    // What is not said of the device it says itself; an id it has none.
    const deviceClass = /<deviceClass>([^<]+)/.exec(await readFile(definition, 'utf8'))?.[1];
    expect(service.seen.devices).toEqual([{ class: deviceClass, name: 'Command-line authenticator' }]);
    const seed = new Uint8Array(Buffer.from(service.seen.seeds[0]!, 'hex'));
    expect(seed).toHaveLength(20);
    const expected = { seed, digits: 6, intervalSeconds: 30, hashAlgorithm: 'SHA1', at } as const;
    expect((await shown('TOTP-0.1_x')).tokencode).toBe(totpCode(expected));
  });

  test('to a server with another key is not followed', async () => {
    service = await startRfcService(securidAes);
    const link = service.link.replace(/key=.*/, `key=${'A'.repeat(43)}`);
    await expect(importToken(taken(link))).rejects.toMatchObject({ code: 'SERVER_NOT_PROVEN' });
    expect(service.seen.seeds).toEqual([]);
  });

  test('that the server refuses is said in words', async () => {
    service = await startRfcService(securidAes);
    const link = service.link.replace(/nonce=[^&]*/, `nonce=${'A'.repeat(22)}`);
    await expect(importToken(taken(link))).rejects.toMatchObject({
      code: 'CODE_REFUSED',
      message: expect.stringContaining('another device'),
    });
  });
});

describe('an activation file', () => {
  test('says what the link says', async () => {
    service = await startRfcService(securidAes);
    const { nonce, url, fingerprint } = service.trigger;
    const file = join(folder, 'activation.ctkip');
    const trigger = { tokenId: undefined, keyId: undefined, triggerNonce: nonce, serviceUrl: url };
    await writeFile(file, writeTrigger({ ...trigger, serverKeyFingerprint: fingerprint }));
    process.env['SYMBOLON_AUTHENTICATOR_PASSPHRASE'] = 'a passphrase';
    const command = readArguments(['import', file, '--store', join(folder, 'store')]);
    if (command.name === 'help') throw new Error('no command');
    expect((await runCommand(command)).text).toContain('Token 0001 2345 6789 is on this device.');
  });

  test.each([
    ['that is none', '<html/>'],
    ['without a server', '<CT-KIPTrigger/>'],
  ])('%s is refused', async (_, text) => {
    await expect(importToken(taken(text))).rejects.toMatchObject({ code: 'LINK_UNREADABLE' });
  });
});
