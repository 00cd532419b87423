import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPin } from '@symbolon/tokencode/pin';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenRecord } from '../token-record.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { type CtfOptions, writeCtf } from './write-ctf.ts';

const isMissing = spawnSync('stoken', ['--version']).error !== undefined;
// To standard error, where no reporter folds it away.
if (isMissing)
  process.stderr.write(
    '\n*** stoken is missing: interop tests of CTF are SKIPPED (apt-get install stoken) ***\n\n',
  );

const AT = 1_700_000_000;
const DEVICE = '0123456789ABCDEF01234567';
const random = (length: number) => new Uint8Array(randomBytes(length));

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'symbolon-stoken-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs stoken with no settings of anybody's. */
const output = (...args: string[]): string =>
  execFileSync('stoken', args, { env: { ...process.env, HOME: home }, encoding: 'utf8', stdio: 'pipe' });
/** Its last line, for it tells of guessed devices before. */
const stoken = (...args: string[]): string =>
  output(...args)
    .trim()
    .split('\n')
    .at(-1)!;

const tokenOf = (more: Partial<TokenRecord> = {}): TokenRecord => ({
  serialNumber: String(randomBytes(4).readUInt32BE()).padStart(12, '0'),
  algorithm: 'SECURID',
  seed: random(16),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'NONE',
  expiresOn: '2036-06-30',
  ...more,
});
const codeOf = ({ serialNumber, seed, digits, intervalSeconds }: TokenRecord) =>
  securidTokencode({ serialNumber, seed, digits, intervalSeconds: intervalSeconds as 30 | 60, at: AT });
const locks = ({ password, deviceId }: { password?: string; deviceId?: string }) => [
  ...(password ? ['--password', password] : []),
  ...(deviceId ? ['--devid', deviceId] : []),
];

/** What stoken shows of a token at the moment AT. */
const codeIn = (text: string, key: { password?: string; deviceId?: string }, pin = '0000') =>
  stoken('tokencode', `--token=${text}`, `--use-time=${AT}`, '--pin', pin, '--batch', ...locks(key));

describe.skipIf(isMissing)('stoken reads what we write', () => {
  const ways: Pick<CtfOptions, 'version' | 'wrapper'>[] = [
    { version: 2, wrapper: 'DIGITS' },
    { version: 2, wrapper: 'BLOCKS' },
    { version: 2, wrapper: 'IOS_OLD' },
    { version: 2, wrapper: 'IOS' },
    { version: 2, wrapper: 'ANDROID' },
    { version: 2, wrapper: 'BLACKBERRY' },
    { version: 3, wrapper: 'IOS' },
    { version: 3, wrapper: 'ANDROID' },
  ];
  const keys = [
    {},
    { password: 'Sesame-42!' },
    { password: 'x'.repeat(40) },
    { deviceId: DEVICE },
    { password: 'pässwörd', deviceId: DEVICE },
    { deviceId: classGuids.android },
  ];
  test.each(ways.flatMap((way) => keys.map((key) => [way, key] as const)))('%j with %j', (way, key) => {
    for (const shape of [
      { digits: 8, intervalSeconds: 60 },
      { digits: 6, intervalSeconds: 30 },
    ] as const) {
      const token = tokenOf(shape);
      expect(codeIn(writeCtf(token, { ...way, ...key, randomBytes: random }), key)).toBe(codeOf(token));
    }
  });

  test.each(Object.entries(classGuids))('bound to the class %s, which stoken finds itself', (_, deviceId) => {
    const token = tokenOf();
    const text = writeCtf(token, { version: 3, wrapper: 'ANDROID', deviceId, randomBytes: random });
    expect(codeIn(text, {})).toBe(codeOf(token));
  });

  test.each([2, 3] as const)('version %i: the PIN is added by PINPAD, and by nothing else', (version) => {
    for (const pinStyle of ['NONE', 'FOB', 'PINPAD'] as const) {
      const token = tokenOf({ pinStyle });
      const text = writeCtf(token, { version, wrapper: 'ANDROID', randomBytes: random });
      const code = codeOf(token);
      expect(codeIn(text, {}, '4711')).toBe(pinStyle === 'PINPAD' ? addPin(code, '4711') : code);
    }
  });

  test.each([2, 3] as const)('version %i: the last day, which stoken shows as the one after', (version) => {
    const text = writeCtf(tokenOf({ expiresOn: '2036-02-28' }), {
      version,
      wrapper: 'IOS',
      randomBytes: random,
    });
    expect(output('show', `--token=${text}`, '--batch')).toMatch(/2036\/02\/29/);
  });

  test('in a mail', () => {
    const token = tokenOf();
    const link = writeCtf(token, { version: 2, wrapper: 'ANDROID', randomBytes: random });
    const file = join(home, 'mail.txt');
    const mail = `Dear Alice,\n\nopen ${link} on your phone.\nBye\n`;
    writeFileSync(file, mail);
    expect(stoken('tokencode', '--file', file, `--use-time=${AT}`, '--batch')).toBe(codeOf(token));
    expect(parseCtf(mail, {})).toEqual(token);
  });

  test('and refuses what we refuse', () => {
    const key = { password: 'Sesame-42!', deviceId: DEVICE };
    const text = writeCtf(tokenOf(), { version: 3, wrapper: 'IOS', ...key, randomBytes: random });
    for (const wrong of [
      { ...key, password: 'Sesame-43!' },
      { ...key, deviceId: 'AAAA' },
    ]) {
      expect(() => codeIn(text, wrong)).toThrow();
      expect(() => parseCtf(text, wrong)).toThrow();
    }
  });
});

describe.skipIf(isMissing)('we read what stoken makes', () => {
  const own = { version: 2, wrapper: 'DIGITS', randomBytes: random } as const;
  const forms = [[], ['--blocks'], ['--iphone'], ['--android'], ['--v3']];
  const keys = [
    {},
    { password: 'Sesame-42!' },
    { password: 'pässwörd' },
    { password: 'x'.repeat(40) },
    { deviceId: DEVICE },
    { deviceId: '0123-4567-89ab-cdef-0123-4567' },
    { deviceId: classGuids.iphone },
    { password: 'a b', deviceId: DEVICE },
  ];
  const made = (token: TokenRecord, form: string[], key: { password?: string; deviceId?: string }) => {
    const given = [
      ...(key.password ? [`--new-password=${key.password}`] : []),
      ...(key.deviceId ? [`--new-devid=${key.deviceId}`] : []),
    ];
    const text = stoken('export', `--token=${writeCtf(token, own)}`, ...form, ...given);
    // It says nothing and ends well where it cannot.
    expect(text).not.toBe('');
    return text;
  };

  test.each(forms.flatMap((form) => keys.map((key) => [form, key] as const)))('%j with %j', (form, key) => {
    for (const pinStyle of ['NONE', 'PINPAD'] as const) {
      const token = tokenOf({ pinStyle, digits: 6, intervalSeconds: 30 });
      const text = made(token, form, key);
      const read = { ...token, ...(key.deviceId ? { deviceId: key.deviceId } : {}) };
      expect(parseCtf(text, key)).toEqual(read);
      const space = form.length === 0 || form[0] === '--blocks' ? ' \t\u00a0' : '';
      expect(parseCtf(`\r\n ${text.slice(0, 7)}${space}${text.slice(7)} \r\n`, key)).toEqual(read);
    }
  });

  test.each(forms)('%s bound to a class: found without an id', (...form) => {
    const token = tokenOf();
    const deviceId = classGuids.android;
    expect(parseCtf(made(token, form, { deviceId }), {})).toEqual({ ...token, deviceId });
  });

  test('a token of its own making shows the same code here', () => {
    for (const form of forms) {
      const text = stoken('export', '--random', ...form);
      expect(codeOf(parseCtf(text, {}))).toBe(codeIn(text, {}));
    }
  });
});
