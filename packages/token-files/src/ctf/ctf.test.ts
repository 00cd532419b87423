import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenFileError } from '../errors.ts';
import type { FileRow, TokenRecord } from '../token-record.ts';
import { ctfMac, shortMac } from './ctf-mac.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { readCtfList } from './read-ctf-list.ts';
import { type CtfOptions, writeCtf } from './write-ctf.ts';
import type { CtfWrapper } from './wrappers.ts';

const sample = (name: string) =>
  readFileSync(new URL(`../../test/samples/ctf/${name}`, import.meta.url), 'utf8').trim();
const random = (length: number) => new Uint8Array(randomBytes(length));
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const PASSWORD = 'Sesame-42!';
const DEVICE = '0123456789ABCDEF01234567';

const A: TokenRecord = {
  serialNumber: '000123456789',
  algorithm: 'SECURID',
  seed: hex('000102030405060708090a0b0c0d0e0f'),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'PINPAD',
  expiresOn: '2035-12-31',
};
const D: TokenRecord = {
  serialNumber: '000000000042',
  algorithm: 'SECURID',
  seed: hex('ffeeddccbbaa99887766554433221100'),
  digits: 6,
  intervalSeconds: 30,
  pinStyle: 'FOB',
  expiresOn: '2035-12-31',
};

/** The code of the error that reading throws. */
function refusal(text: string, unlocking = {}): string {
  try {
    parseCtf(text, unlocking);
  } catch (error) {
    if (error instanceof TokenFileError) return error.code;
    throw error;
  }
  return 'nothing';
}

describe('the hash', () => {
  test.each([
    ['', 'c47f4054890984853b6032ee95a8dcff'],
    ['00'.repeat(16), '214ed90f2e0084b842b4a16810c221fd'],
    ['00'.repeat(17), 'b8ff1607a8ef8e9ec7417398ca6e6daa'],
    ['d8f532538289', '50782dc720930c7c11b5e56d6195e7ff'],
  ])('of %s', (message, mac) => {
    expect(Buffer.from(ctfMac(hex(message))).toString('hex')).toBe(mac);
  });

  test('its first 15 bits', () => {
    expect(shortMac(new Uint8Array(32)).toString(8)).toBe('27167');
    expect(shortMac(new Uint8Array(40)).toString(8)).toBe('66716');
  });
});

describe('what stoken wrote', () => {
  test.each([
    ['A-8digit-60s-pinpad.ctf', {}],
    ['A-8digit-60s-pinpad.blocks.ctf', {}],
    ['A-8digit-60s-pinpad.android.url', {}],
    ['A-8digit-60s-pinpad.iphone.url', {}],
    ['A.v1.ctf', {}],
    ['A.pw.ctf', { password: PASSWORD }],
    ['A.dev.ctf', { deviceId: DEVICE }],
    ['A.dev.ctf', { deviceId: '0123-4567-89ab-cdef-0123-4567' }],
    ['A.pw-dev.ctf', { password: PASSWORD, deviceId: DEVICE }],
    ['A.iphone-pw-dev.url', { password: PASSWORD, deviceId: DEVICE }],
    ['A.android-classguid.url', {}],
    ['A.android-classguid.url', { deviceId: classGuids.android }],
  ])('%s with %j', (name, unlocking) => {
    const { deviceId: _, ...token } = parseCtf(sample(name), unlocking);
    expect(token).toEqual(A);
  });

  test.each([
    ['A-8digit-60s-pinpad.v3.url', {}],
    ['A.v3-pw.url', { password: PASSWORD }],
    ['A.v3-dev.url', {}],
    ['A.v3-dev.url', { deviceId: classGuids.android }],
    ['A.v3-pw-dev.url', { password: PASSWORD, deviceId: classGuids.android }],
  ])('%s with %j', (name, unlocking) => {
    const { deviceId: _, ...token } = parseCtf(sample(name), unlocking);
    expect(token).toEqual(A);
  });

  test('the fob: version 3 does not keep that it has a PIN', () => {
    for (const kind of ['ctf', 'blocks.ctf', 'android.url', 'iphone.url'])
      expect(parseCtf(sample(`D-6digit-30s-fob.${kind}`), {})).toEqual(D);
    expect(parseCtf(sample('D-6digit-30s-fob.v3.url'), {})).toEqual({ ...D, pinStyle: 'NONE' });
  });

  test.each([
    ['A-8digit-60s-pinpad.ctf', 'DIGITS', {}],
    ['A-8digit-60s-pinpad.blocks.ctf', 'BLOCKS', {}],
    ['A-8digit-60s-pinpad.android.url', 'ANDROID', {}],
    ['A-8digit-60s-pinpad.iphone.url', 'IOS_OLD', {}],
    ['A.pw.ctf', 'DIGITS', { password: PASSWORD }],
    ['A.dev.ctf', 'DIGITS', { deviceId: DEVICE }],
    ['A.pw-dev.ctf', 'DIGITS', { password: PASSWORD, deviceId: DEVICE }],
    ['A.iphone-pw-dev.url', 'IOS_OLD', { password: PASSWORD, deviceId: DEVICE }],
    ['A.android-classguid.url', 'ANDROID', { deviceId: classGuids.android }],
  ] as const)('%s is written to the same digits', (name, wrapper, locks) => {
    expect(writeCtf(A, { version: 2, wrapper, randomBytes: random, ...locks })).toBe(sample(name));
  });
});

describe('what is around a token', () => {
  const digits = sample('A-8digit-60s-pinpad.ctf');
  const v3 = sample('A-8digit-60s-pinpad.v3.url').split('ctfData=')[1]!;
  test.each([
    ['spaces and line ends', `  ${digits.slice(0, 40)}\r\n ${digits.slice(40)}\n`],
    ['a later iOS link', `com.rsa.securid://ctf?ctfData=${digits}`],
    ['the extra slash of a mail program', `com.rsa.securid://ctf/?ctfData=${digits}`],
    ['BlackBerry', `http://ctf?ctfData=${digits}`],
    ['another letter case', `HTTP://127.0.0.1/securid/ctf?CTFDATA=${digits}`],
    ['a further parameter', `http://127.0.0.1/securid/ctf?ctfData=${digits}&x=y`],
    [
      'quoted-printable',
      `Your link: http://127.0.0.1/securid/ctf?ctfData=3D${digits.slice(0, 30)}=\r\n${digits.slice(30)}\r\n`,
    ],
    ['a mail', `Dear Alice,\n\nopen <http://127.0.0.1/securid/ctf?ctfData=${digits}> on your phone.\nBye`],
    ['a mail with version 3', `Dear Alice,\nopen http://127.0.0.1/securid/ctf?ctfData=${v3}\non your phone.`],
    ['base64 that was decoded', `com.rsa.securid://ctf?ctfData=${decodeURIComponent(v3)}`],
  ])('%s', (_, text) => {
    expect(parseCtf(text, {}).serialNumber).toBe(A.serialNumber);
  });
});

describe('refusals are told apart', () => {
  const digits = sample('A-8digit-60s-pinpad.ctf');
  const at = (place: number, digit: string) => digits.slice(0, place) + digit + digits.slice(place + 1);
  const record = Buffer.from(
    decodeURIComponent(sample('A-8digit-60s-pinpad.v3.url').split('ctfData=')[1]!),
    'base64',
  );
  const linkOf = (octets: Buffer) =>
    `com.rsa.securid://ctf?ctfData=${encodeURIComponent(octets.toString('base64'))}`;
  test.each([
    ['malformed', 'hello', {}],
    ['malformed', '', {}],
    ['malformed', digits.slice(1), {}],
    ['malformed', `${digits}1`, {}],
    ['malformed', at(20, '9'), {}],
    ['malformed', 'http://127.0.0.1/securid/ctf?ctfData=', {}],
    ['malformed', 'http://127.0.0.1/securid/ctf?ctfData=AwAA%zz', {}],
    ['damaged', at(3, '9'), {}],
    ['damaged', at(20, digits[20] === '3' ? '4' : '3'), {}],
    ['unsupported', 'com.rsa.securid://ctkip?scheme=https&url=x&activationCode=1', {}],
    ['password-required', sample('A.pw.ctf'), {}],
    ['wrong-password', sample('A.pw.ctf'), { password: 'sesame' }],
    ['password-required', sample('A.v3-pw.url'), {}],
    ['wrong-password', sample('A.v3-pw.url'), { password: 'sesame' }],
    ['device-required', sample('A.dev.ctf'), {}],
    ['wrong-device', sample('A.dev.ctf'), { deviceId: 'AAAA' }],
    ['wrong-device', sample('A.v3-dev.url'), { deviceId: 'AAAA' }],
    [
      'damaged',
      linkOf(Buffer.concat([record.subarray(0, 100), Buffer.from([record[100]! ^ 1]), record.subarray(101)])),
      {},
    ],
    [
      'damaged',
      linkOf(Buffer.concat([record.subarray(0, 40), Buffer.from([record[40]! ^ 1]), record.subarray(41)])),
      {},
    ],
    ['malformed', linkOf(Buffer.concat([Buffer.from([5]), record.subarray(1)])), {}],
  ] as const)('%s: %s', (code, text, unlocking) => {
    expect(refusal(text, unlocking)).toBe(code);
  });

  test.each([
    ['a TOTP token', { ...A, algorithm: 'TOTP' }, {}],
    ['a short serial number', { ...A, serialNumber: '42' }, {}],
    ['no last day', { ...A, expiresOn: undefined }, {}],
    ['a last day that the field cannot hold', { ...A, expiresOn: '2050-01-01' }, {}],
    ['a password of 41 octets', A, { password: 'é'.repeat(20) + 'x' }],
    ['a device id of nothing', A, { deviceId: '---' }],
    ['version 4 as digits', A, { version: 4 }],
  ])('writing refuses %s', (_, token, options) => {
    const all = { version: 2, wrapper: 'DIGITS', randomBytes: random, ...options } as CtfOptions;
    expect(() => writeCtf(token as TokenRecord, all)).toThrow(TokenFileError);
  });
});

describe('several in a file', () => {
  const octets = (text: string) => [new TextEncoder().encode(text)];
  const rowsOf = async (text: string, unlocking = {}) => {
    const rows: FileRow[] = [];
    for await (const row of readCtfList(octets(text), unlocking)) rows.push(row);
    return rows;
  };

  test('one a line; a broken one is a bad row, and one that holds no token is left out', async () => {
    const good = sample('A-8digit-60s-pinpad.android.url');
    const bad = `${sample('D-6digit-30s-fob.ctf').slice(0, -1)}0`;
    const rows = await rowsOf(`# stock\n${good}\n\n${bad}\n${sample('D-6digit-30s-fob.v3.url')}\n`);
    expect(rows).toMatchObject([
      { line: 2, kind: 'token', serialNumber: '000123456789' },
      { line: 4, kind: 'bad', code: 'row.damaged' },
      { line: 5, kind: 'token', serialNumber: '000000000042' },
    ]);
  });

  test('a mail, or digits in groups over several lines, are one token', async () => {
    expect(await rowsOf(`Dear A,\nopen ${sample('A-8digit-60s-pinpad.android.url')}\nBye`)).toHaveLength(1);
    expect(await rowsOf(sample('A-8digit-60s-pinpad.blocks.ctf').replaceAll('-', '\n'))).toHaveLength(1);
  });

  test('one password for all; without it the file is locked', async () => {
    const locked = `${sample('A.pw.ctf')}\n${sample('A.v3-pw.url')}`;
    await expect(rowsOf(locked)).rejects.toMatchObject({ code: 'password-required' });
    expect(await rowsOf(locked, { password: PASSWORD })).toHaveLength(2);
  });
});

test('gives back what was written, in every version, wrapper and lock', () => {
  const tokens = fc.record({
    serialNumber: fc.nat(999_999_999).map((number) => String(number).padStart(12, '0')),
    algorithm: fc.constant('SECURID' as const),
    seed: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    digits: fc.constantFrom(6 as const, 8 as const),
    intervalSeconds: fc.constantFrom(30, 60),
    pinStyle: fc.constantFrom('NONE' as const, 'FOB' as const, 'PINPAD' as const),
    expiresOn: fc
      .integer({ min: 0, max: 16_000 })
      .map((day) => new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10)),
  });
  const ways = fc.oneof(
    fc.record({
      version: fc.constant(2 as const),
      wrapper: fc.constantFrom<CtfWrapper>('DIGITS', 'BLOCKS', 'IOS_OLD', 'IOS', 'ANDROID'),
    }),
    fc.record({
      version: fc.constantFrom(3 as const, 4 as const),
      wrapper: fc.constantFrom<CtfWrapper>('IOS_OLD', 'IOS', 'ANDROID'),
    }),
  );
  const locks = fc.record({
    password: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }), { nil: undefined }),
    deviceId: fc.option(fc.constantFrom(DEVICE, ...Object.values(classGuids)), { nil: undefined }),
  });
  fc.assert(
    fc.property(tokens, ways, locks, (token, way, { password, deviceId }) => {
      const written = writeCtf(token, { ...way, password, deviceId, randomBytes: random });
      const read = parseCtf(written, { password, deviceId });
      const keepsFob = way.version === 2 || token.pinStyle !== 'FOB';
      expect(read).toEqual({
        ...token,
        pinStyle: keepsFob ? token.pinStyle : 'NONE',
        ...(deviceId ? { deviceId } : {}),
      });
    }),
    { numRuns: 300 },
  );
});

test('whatever comes, there is a token or a TokenFileError', () => {
  const texts = ['A-8digit-60s-pinpad.ctf', 'A.pw-dev.ctf', 'A.v3-pw-dev.url', 'A.android-classguid.url'].map(
    sample,
  );
  const hostile = fc.oneof(
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc
      .tuple(fc.constantFrom(...texts), fc.nat(500), fc.string({ maxLength: 6 }), fc.nat(3))
      .map(
        ([text, place, put, cut]) =>
          text.slice(0, place % text.length) + put + text.slice((place % text.length) + cut),
      ),
    fc.tuple(fc.constantFrom('1', '2', '3'), fc.stringMatching(/^[0-7]{80}$/)).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      try {
        parseCtf(text, { password: PASSWORD, deviceId: DEVICE });
      } catch (error) {
        expect(error).toBeInstanceOf(TokenFileError);
      }
    }),
    { numRuns: 20_000 },
  );
}, 60_000);
