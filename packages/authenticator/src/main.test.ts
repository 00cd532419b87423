import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startService } from '../test/rsa-service.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const sample = (name: string) => fileURLToPath(new URL(`../test/samples/${name}`, import.meta.url));
const tls = {
  key: readFileSync(sample('throw-away-tls.key.pem'), 'utf8'),
  cert: readFileSync(sample('throw-away-tls.cert.pem'), 'utf8'),
};

let home: string;
let service: Awaited<ReturnType<typeof startService>> | undefined;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'authenticator-'));
});
afterEach(async () => {
  service?.stop();
  service = undefined;
  await rm(home, { recursive: true, force: true });
});

/** Runs the program with an empty HOME and no terminal. */
async function run(args: string[], { passphrase = 'correct horse', stdin = '' } = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, SYMBOLON_AUTHENTICATOR_PASSPHRASE: passphrase },
  });
  child.stdin.end(stdin);
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exit: await exited, stdout, stderr };
}

/** Runs it with --json; stdout must be one JSON object on one line, and stderr empty. */
async function runJson(args: string[], options?: Parameters<typeof run>[1]) {
  const { exit, stdout, stderr } = await run([...args, '--json'], options);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return { exit, answer: JSON.parse(stdout) };
}

describe('a token from import to remove', { timeout: 60_000 }, () => {
  test('for scripts', async () => {
    service = await startService();
    const imported = await runJson(['import', service.link, '--device-name', 'my laptop']);
    expect(imported).toMatchObject({
      exit: 0,
      answer: { ok: true, token: { serialNumber: '000123456789', digits: 8 } },
    });
    expect(imported.answer.tokencode).toMatch(/^\d{8}$/);
    expect(service.seen.devices.at(-1)).toMatchObject({ name: 'my laptop', id: undefined });
    expect(existsSync(join(home, '.symbolon', 'authenticator'))).toBe(true);

    const listed = await runJson(['list']);
    expect(listed.answer.tokens).toEqual([imported.answer.token]);
    expect(JSON.stringify([imported, listed])).not.toContain('seed');

    const { answer } = await runJson(['code', '0001', '2345', '6789']);
    expect(answer).toMatchObject({
      ok: true,
      serialNumber: '000123456789',
      tokencode: expect.stringMatching(/^\d{8}$/),
    });
    expect(answer.secondsLeft).toBeGreaterThan(0);

    expect(await runJson(['import', service.link])).toMatchObject({
      exit: 5,
      answer: { ok: false, code: 'ALREADY_HELD' },
    });
    expect(await runJson(['remove', '000123456789'])).toEqual({
      exit: 0,
      answer: { ok: true, serialNumber: '000123456789' },
    });
    expect(await runJson(['code'])).toMatchObject({
      exit: 6,
      answer: { ok: false, code: 'NO_SUCH_TOKEN', exitCode: 6 },
    });
  });

  test('for people', async () => {
    service = await startService();
    const imported = await run(['import', '-'], { stdin: `${service.link}\n` });
    expect(imported).toMatchObject({ exit: 0, stderr: '' });
    expect(imported.stdout).toMatch(
      /^Token 0001 2345 6789 is on this device\.\n\d{4} \d{4} {3}\d+ seconds? left\n$/,
    );
    expect((await run(['list'])).stdout).toMatch(
      /^0001 2345 6789 {3}8 digits, 60 s, until 2030-01-02 {3}al ?ice at /,
    );
    expect((await run(['code'])).stdout).toMatch(/^\d{4} \d{4} {3}\d+ seconds? left\n$/);
    const wrong = await run(['list'], { passphrase: 'wrong' });
    expect(wrong).toEqual({
      exit: 6,
      stdout: '',
      stderr: 'This passphrase does not open the token store.\n',
    });
    expect((await run(['remove', '000123456789'])).stdout).toBe(
      'Token 0001 2345 6789 is no longer on this device.\n',
    );
    expect((await run(['list'])).stdout).toBe('This authenticator holds no token.\n');
  });

  test('over TLS with a certificate of one’s own', async () => {
    service = await startService({}, tls);
    const refused = await runJson(['import', service.link]);
    expect(refused).toMatchObject({ exit: 4, answer: { code: 'TLS_NOT_TRUSTED', exitCode: 4 } });
    expect(service.seen.posts).toBe(0);
    const ca = sample('throw-away-tls.cert.pem');
    expect(await runJson(['import', service.link, '--ca', ca])).toMatchObject({
      exit: 0,
      answer: { ok: true },
    });
  });
});

describe('exit codes', { timeout: 30_000 }, () => {
  test('2: a fault, and a wrong MAC', async () => {
    service = await startService({ helloFault: 'Invalid authorization code.' });
    expect(await runJson(['import', service.link])).toMatchObject({
      exit: 2,
      answer: { code: 'CODE_REFUSED' },
    });
    service.stop();
    service = await startService({ spoil: (finished) => finished.replace(/(<Mac[^>]*>)[^<]{4}/, '$1AAAA') });
    expect(await runJson(['import', service.link])).toMatchObject({
      exit: 2,
      answer: { code: 'SERVER_NOT_PROVEN' },
    });
    expect((await runJson(['list'])).answer.tokens).toEqual([]);
  });

  test('3: nobody at the address in a QR code', async () => {
    const { exit, answer } = await runJson(['import', sample('own-android-ctkip.qr.png')]);
    expect({ exit, ...answer }).toMatchObject({ exit: 3, code: 'UNREACHABLE' });
    expect(answer.message).toContain('127.0.0.1:1 cannot be reached: nothing listens there');
  });

  test('3: nobody there', async () => {
    const link = 'http://127.0.0.1:1/ctkip/services/CtkipService';
    const { exit, answer } = await runJson(['import', link, '--activation-code', '001729366426']);
    expect({ exit, ...answer }).toMatchObject({ exit: 3, code: 'UNREACHABLE', exitCode: 3 });
  });

  test.each([
    ['http elsewhere', ['import', 'http://192.0.2.1/ctkip?activationCode=1'], 'INSECURE_HTTP'],
    ['no code and nobody to ask', ['import', 'http://127.0.0.1:1/ctkip'], 'CODE_MISSING'],
    ['a CTF link in a QR code', ['import', sample('A.android.qr.png')], 'LINK_NOT_SUPPORTED'],
    ['a picture that is not there', ['import', 'nowhere.png'], 'QR_UNREADABLE'],
    ['a picture that is none', ['import', sample('throw-away-tls.cert.pem')], 'QR_UNREADABLE'],
    [
      'no certificates',
      ['import', 'https://127.0.0.1:1/', '--ca', sample('A.android.qr.png')],
      'CA_UNREADABLE',
    ],
    ['an unknown command', ['enrol'], 'USAGE'],
    ['an unknown option', ['list', '--colour'], 'USAGE'],
  ])('6: %s', async (_, args, code) => {
    expect(await runJson(args)).toMatchObject({ exit: 6, answer: { ok: false, code, exitCode: 6 } });
  });

  test('6: no passphrase and nobody to ask', async () => {
    expect(await runJson(['list'], { passphrase: '' })).toMatchObject({
      exit: 6,
      answer: { code: 'PASSPHRASE_MISSING' },
    });
  });

  test('0: help', async () => {
    const { exit, stdout } = await run(['--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain('import LINK');
  });
});
