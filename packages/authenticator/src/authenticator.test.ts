import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Behaviour, startService } from '../test/rsa-service.ts';
import { type ImportInput, importToken, showTokencode, tokencode } from './authenticator.ts';
import { type CtKipPost, ctKipHttp } from './ct-kip-http.ts';

const cost = { N: 1024, r: 8, p: 1 };
const now = Date.parse('2026-11-23T12:00:10Z');

let folder: string;
let store: string;
let service: Awaited<ReturnType<typeof startService>>;
const start = async (behaviour?: Behaviour) => {
  service = await startService(behaviour);
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authenticator-'));
  store = join(folder, 'store');
});
afterEach(async () => {
  service?.stop();
  await rm(folder, { recursive: true, force: true });
});
const run = (more: Partial<ImportInput> = {}) =>
  importToken({ link: service.link, store, passphrase: 'p', now: () => now, cost, ...more });

describe('importToken', () => {
  test('agrees with the server on a seed, and shows its code', async () => {
    await start();
    const token = await run();
    expect(Buffer.from(token.seed).toString('hex')).toBe(service.seen.seeds[0]);
    expect({ ...token, seed: undefined }).toEqual({
      seed: undefined,
      algorithm: 'SECURID',
      serialNumber: '000123456789',
      digits: 8,
      intervalSeconds: 60,
      expiresOn: '2030-01-02',
      addsPin: false,
      serviceName: expect.any(String),
      userName: expect.stringMatching(/^al ?ice$/),
      serviceUrl: service.serviceUrl,
      activatedAt: '2026-11-23T12:00:10.000Z',
    });
    const shown = await tokencode({ store, passphrase: 'p', serialNumber: '000123456789', at: now / 1000 });
    const expected = securidTokencode({ ...token, at: now / 1000 });
    expect(shown).toEqual({ tokencode: expected, secondsLeft: 50, expired: false });
  });

  test('tells nothing about the device unless it is given', async () => {
    await start();
    await run();
    await run({ store: `${store}2`, device: { id: 'ABCD 1234', name: 'Zoë & co', class: 'GUID' } });
    expect(service.seen.devices[0]).toEqual({ id: undefined, name: undefined, class: undefined });
    expect(service.seen.devices.at(-1)).toEqual({ id: 'ABCD 1234', name: 'Zoë & co', class: 'GUID' });
    await expect(run({ device: { id: '' } })).rejects.toMatchObject({ code: 'DEVICE_UNUSABLE' });
  });

  test('sends the second message again, octet for octet, when its answer is lost', async () => {
    await start({ loseReplies: 2 });
    const token = await run();
    expect(service.seen.nonces).toHaveLength(3);
    expect(new Set(service.seen.nonces).size).toBe(1);
    expect(service.seen.seeds).toEqual([Buffer.from(token.seed).toString('hex')]);
  });

  test('says that the server may hold the seed when every answer is lost', async () => {
    await start({ loseReplies: 3 });
    await expect(run()).rejects.toMatchObject({ code: 'REPLY_LOST', exitCode: 3 });
    expect(existsSync(store)).toBe(false);
  });

  test('does not send the first message again', async () => {
    await start();
    const posts: CtKipPost[] = [];
    const transport = (post: CtKipPost) => {
      posts.push(post);
      return ctKipHttp()({ ...post, url: new URL('http://127.0.0.1:1/') });
    };
    await expect(run({ transport })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(posts).toHaveLength(1);
  });

  const privilege = 'com.rsa.command.exception.InsufficientPrivilegeException: Invalid authorization code.';
  test.each<[string, Behaviour, string, RegExp]>([
    ['used code', { helloFault: privilege }, 'CODE_REFUSED', /expired, was used, or is not right/],
    ['code used in between', { nonceFault: privilege }, 'CODE_REFUSED', /Get a new QR code/],
    [
      'wrong device',
      { helloFault: 'The token is bound to another device.' },
      'WRONG_DEVICE',
      /another device/,
    ],
    [
      'another fault',
      { helloFault: 'out of \u001b[31m paper' },
      'SERVER_REFUSED',
      /^The server refused: out of \[31m paper$/,
    ],
    [
      'wrong MAC',
      { spoil: (text) => text.replace(/(<Mac[^>]*>)[^<]{4}/, '$1AAAA') },
      'SERVER_NOT_PROVEN',
      /Nothing was stored/,
    ],
    [
      'another session',
      { spoil: (text) => text.replace(/SessionID="./, 'SessionID="x') },
      'ANSWER_UNUSABLE',
      /another session/,
    ],
    ['seven digits', { digits: 7 }, 'ANSWER_UNUSABLE', /7/],
    ['garbled message', { spoil: () => '<x/>' }, 'ANSWER_UNUSABLE', /Nothing was stored/],
  ])('%s: nothing is stored', async (_, behaviour, code, sentence) => {
    await start(behaviour);
    const error = await run().catch((caught) => caught);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(sentence);
    expect(existsSync(store)).toBe(false);
  });

  test('what is no CT-KIP service', async () => {
    await start();
    await expect(run({ transport: async () => '<html></html>' })).rejects.toMatchObject({
      code: 'NOT_CT_KIP',
    });
    await expect(run({ transport: async () => 'hello' })).rejects.toMatchObject({ code: 'NOT_CT_KIP' });
  });

  test('a serial number that is held already: the old seed stays', async () => {
    await start();
    const { seed } = await run();
    await expect(run()).rejects.toMatchObject({ code: 'ALREADY_HELD', exitCode: 5 });
    const shown = await tokencode({ store, passphrase: 'p', serialNumber: '000123456789', at: 0 });
    expect(shown.tokencode).toBe(
      securidTokencode({ seed, serialNumber: '000123456789', digits: 8, intervalSeconds: 60, at: 0 }),
    );
  });
});

describe('before the server hears anything', () => {
  test.each<[string, Partial<ImportInput>, string]>([
    ['no link', { link: 'hello' }, 'LINK_UNREADABLE'],
    ['another app', { link: 'otherapp://x?secret=A' }, 'LINK_UNREADABLE'],
    ['an otpauth link', { link: 'otpauth://totp/x?secret=A' }, 'LINK_NOT_SUPPORTED'],
    ['our own link, cut off', { link: 'symbolon://ctkip?url=https%3A%2F%2Fa&nonce=A' }, 'LINK_UNREADABLE'],
    ['a CTF link', { link: 'http://127.0.0.1/securid/ctf?ctfData=2000' }, 'LINK_NOT_SUPPORTED'],
    ['http elsewhere', { link: 'http://symbolon.example/ctkip?activationCode=1' }, 'INSECURE_HTTP'],
    ['a wrong passphrase', { passphrase: 'q' }, 'PASSPHRASE_WRONG'],
    ['no place to write', { store: '/dev/null/store' }, 'STORE_IO'],
  ])('%s', async (_, input, code) => {
    await start();
    await run({ store });
    const { posts } = service.seen;
    await expect(run(input)).rejects.toMatchObject({ code });
    expect(service.seen.posts).toBe(posts);
  });

  test('a damaged store', async () => {
    await start();
    await writeFile(store, '{}');
    await expect(run()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    expect(service.seen.posts).toBe(0);
  });
});

describe('the activation code', () => {
  test('is asked for only when the link carries none', async () => {
    await start();
    const never = () => Promise.reject(new Error('asked'));
    await run({ activationCode: never });
    await run({
      store: `${store}2`,
      link: service.serviceUrl,
      activationCode: async () => '0017 2936 6426\n',
    });
    await expect(run({ link: service.serviceUrl })).rejects.toMatchObject({ code: 'CODE_MISSING' });
    await expect(run({ link: service.serviceUrl, activationCode: 'ü' })).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(run({ link: service.serviceUrl, activationCode: '1' })).rejects.toMatchObject({
      code: 'CODE_REFUSED',
    });
  });
});

test('http to another machine with consent', async () => {
  await start();
  const transport = (post: CtKipPost) => ctKipHttp()({ ...post, url: new URL(service.serviceUrl) });
  const link = 'http://symbolon.example/ctkip?activationCode=001729366426';
  await expect(run({ link, transport, allowInsecureHttp: true })).resolves.toMatchObject({
    serviceUrl: 'http://symbolon.example/ctkip',
  });
});

test('a token expires with its last day', async () => {
  await start();
  const token = await run();
  const lastSecond = Date.parse('2030-01-02T23:59:59Z') / 1000;
  expect([showTokencode(token, lastSecond).expired, showTokencode(token, lastSecond + 1).expired]).toEqual([
    false,
    true,
  ]);
});
