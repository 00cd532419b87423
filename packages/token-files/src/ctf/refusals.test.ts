import { describe, expect, test } from 'vitest';
import { A, changed, DEVICE, octetsOfHex, PASSWORD, random, refusal, sample } from '../../test/ctf-files.ts';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import { FLAGS } from './digit-layout.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { payloadOf } from './payload.ts';
import { sealPayload } from './record.ts';
import { escapeAll } from './wrappers.ts';
import { type CtfOptions, writeCtf } from './write-ctf.ts';

const digits = sample('A-8digit-60s-pinpad.ctf');
const at = (place: number, digit: string) => digits.slice(0, place) + digit + digits.slice(place + 1);
const linkOf = (octets: Uint8Array) =>
  `com.rsa.securid://ctf?ctfData=${escapeAll(Buffer.from(octets).toString('base64'))}`;
const recordIn = (name: string) =>
  Buffer.from(decodeURIComponent(sample(name).split('ctfData=')[1]!), 'base64');
/** The record of a sample with one octet changed. */
const spoilt = (place: number, name = 'A-8digit-60s-pinpad.v3.url') => {
  const record = recordIn(name);
  record[place]! ^= 1;
  return linkOf(record);
};

describe('digits', () => {
  test.each([
    ['malformed', digits.slice(1), {}],
    ['malformed', `${digits}1`, {}],
    ['malformed', `3${digits.slice(1)}`, {}],
    ['malformed', at(20, '9'), {}],
    ['damaged', at(3, '9'), {}],
    ['damaged', at(20, digits[20] === '3' ? '4' : '3'), {}],
    ['damaged', at(80, digits[80] === '3' ? '4' : '3'), {}],
    ['damaged', changed(digits, ({ seedHash }) => ({ seedHash: seedHash ^ 1 })), {}],
    ['password-required', sample('A.pw.ctf'), {}],
    ['password-required', sample('A.pw.ctf'), { password: '' }],
    ['wrong-password', sample('A.pw.ctf'), { password: 'sesame' }],
    ['device-required', sample('A.dev.ctf'), {}],
    ['device-required', sample('A.dev.ctf'), { deviceId: ' ' }],
    ['wrong-device', sample('A.dev.ctf'), { deviceId: 'AAAA' }],
    ['device-required', sample('A.pw-dev.ctf'), { password: PASSWORD }],
    ['wrong-device', sample('A.pw-dev.ctf'), { password: PASSWORD, deviceId: 'AAAA' }],
    ['password-required', sample('A.pw-dev.ctf'), { deviceId: DEVICE }],
    ['wrong-password', sample('A.pw-dev.ctf'), { password: 'sesame', deviceId: DEVICE }],
  ] as const)('%s: %s with %j', (code, text, unlocking) => {
    expect(refusal(text, unlocking)).toBe(code);
  });

  test.each([
    [
      'of version 1 that is bound',
      changed(sample('A.v1.ctf'), ({ flags }) => ({ flags: flags | (1 << FLAGS.device) })),
    ],
    ['of 64 bits', changed(digits, ({ flags }) => ({ flags: flags & ~(1 << FLAGS.aes) }))],
    ['with codes of seven digits', changed(digits, ({ flags }) => ({ flags: flags ^ (1 << FLAGS.digits) }))],
    ['with an interval that nobody knows', changed(digits, ({ flags }) => ({ flags: flags ^ 0b11 }))],
  ])('a token %s is unsupported', (_, text) => {
    expect(refusal(text, { deviceId: DEVICE })).toBe('unsupported');
  });

  test.each([
    [0b00, 'NONE'],
    [0b01, 'FOB'],
    [0b10, 'PINPAD'],
    [0b11, 'PINPAD'],
  ])('the PIN mode %i is %s', (mode, pinStyle) => {
    const text = changed(digits, ({ flags }) => ({
      flags: (flags & ~(0b11 << FLAGS.pinMode)) | (mode << FLAGS.pinMode),
    }));
    expect(parseCtf(text, {})).toEqual({ ...A, pinStyle });
  });
});

describe('an id that has the hash of a class GUID by chance', () => {
  // Found by trying: their 15 bits are those of Android's GUID, in digits and in links.
  const chance = { DIGITS: '00000000000000000001298D', ANDROID: '000000000000000000002455' } as const;

  test.each(['DIGITS', 'ANDROID'] as const)(
    '%s: the token asks for its id, and is not called damaged',
    (wrapper) => {
      const text = writeCtf(A, { version: 2, wrapper, deviceId: chance[wrapper], randomBytes: random });
      expect(refusal(text)).toBe('device-required');
      expect(parseCtf(text, { deviceId: chance[wrapper] })).toEqual({ ...A, deviceId: chance[wrapper] });
    },
  );

  test.each(['DIGITS', 'ANDROID'] as const)('%s: as an answer it is the wrong device', (wrapper) => {
    const text = writeCtf(A, { version: 2, wrapper, deviceId: classGuids.android, randomBytes: random });
    expect(refusal(text, { deviceId: chance[wrapper] })).toBe('wrong-device');
  });
});

describe('records', () => {
  test.each([
    ['password-required', sample('A.v3-pw.url'), {}],
    ['wrong-password', sample('A.v3-pw.url'), { password: 'sesame' }],
    ['wrong-device', sample('A.v3-dev.url'), { deviceId: 'AAAA' }],
    ['wrong-device', sample('A.v3-pw-dev.url'), { password: PASSWORD, deviceId: 'AAAA' }],
    ['password-required', sample('A.v3-pw-dev.url'), { deviceId: classGuids.android }],
    ['wrong-password', sample('A.v3-pw-dev.url'), { password: 'sesame' }],
    [
      'device-required',
      writeCtf(A, { version: 4, wrapper: 'IOS', deviceId: DEVICE, randomBytes: random }),
      {},
    ],
    ['malformed', spoilt(0), {}],
    ['damaged', spoilt(3), {}],
    ['damaged', spoilt(40), {}],
    ['damaged', spoilt(70), {}],
    ['damaged', spoilt(100), {}],
    ['damaged', spoilt(290), {}],
    ['damaged', spoilt(100, 'A.v3-pw.url'), { password: PASSWORD }],
    ['malformed', linkOf(recordIn('A.v3-pw.url').subarray(0, 288)), {}],
    ['malformed', linkOf(Buffer.concat([recordIn('A.v3-pw.url'), Buffer.alloc(3)])), {}],
    ['malformed', linkOf(Buffer.concat([Buffer.from([5]), recordIn('A.v3-pw.url').subarray(1)])), {}],
    ['malformed', 'http://127.0.0.1/securid/ctf?ctfData=AwAA%zz', {}],
  ] as const)('%s: %s with %j', (code, text, unlocking) => {
    expect(refusal(text, unlocking)).toBe(code);
  });

  test.each([
    ['malformed', 'a serial number of letters', 0, [0x41]],
    ['malformed', 'a last day that is none', 46, [0x7f]],
    ['unsupported', 'codes of seven digits', 35, [7]],
    ['unsupported', 'an interval of 45 seconds', 37, [45]],
    ['nothing', 'another value for «PIN is added»', 36, [0x22]],
  ] as const)('%s: rightly sealed, but with %s', (code, _, place, octets) => {
    const payload = payloadOf(A);
    payload.set(octets, place);
    expect(refusal(linkOf(sealPayload(payload, { version: 4, randomBytes: random })))).toBe(code);
  });

  test('every second octet of a key does for version 3: the same record as version 4 does not open', () => {
    const record = sealPayload(payloadOf(A), { version: 4, randomBytes: random });
    record[0] = 3;
    expect(refusal(linkOf(record))).toBe('damaged');
  });
});

describe('writing refuses', () => {
  test.each([
    ['a TOTP token', { ...A, algorithm: 'TOTP' }, {}],
    ['a short serial number', { ...A, serialNumber: '42' }, {}],
    ['a seed of 20 octets', { ...A, seed: octetsOfHex('00'.repeat(20)) }, {}],
    ['codes of seven digits', { ...A, digits: 7 }, {}],
    ['an interval of 45 seconds', { ...A, intervalSeconds: 45 }, {}],
    ['no last day', { ...A, expiresOn: undefined }, {}],
    ['a last day before 2000', { ...A, expiresOn: '1999-12-31' }, {}],
    ['a last day behind the 14 bits', { ...A, expiresOn: '2044-11-09' }, {}],
    ['a day that no calendar has', { ...A, expiresOn: '2035-02-30' }, {}],
    ['a day of another form', { ...A, expiresOn: '31.12.2035' }, {}],
    ['a password of 41 octets', A, { password: `${'é'.repeat(20)}x` }],
    ['a device id of nothing', A, { deviceId: '---' }],
    ['version 4 as digits', A, { version: 4 }],
    ['version 3 in groups', A, { version: 3, wrapper: 'BLOCKS' }],
    ['version 3 for BlackBerry', A, { version: 3, wrapper: 'BLACKBERRY' }],
    ['version 3 without a last day', { ...A, expiresOn: undefined }, { version: 3, wrapper: 'IOS' }],
    ['version 4 with a last day that is none', { ...A, expiresOn: 'soon' }, { version: 4, wrapper: 'IOS' }],
    ['version 4 with a first day that is none', { ...A, startsOn: 'now' }, { version: 4, wrapper: 'IOS' }],
    ['version 3 with a password of 41 octets', A, { version: 3, wrapper: 'IOS', password: 'x'.repeat(41) }],
    ['version 3 with a device id of nothing', A, { version: 3, wrapper: 'IOS', deviceId: '---' }],
  ])('%s', (_, token, options) => {
    const all = { version: 2, wrapper: 'DIGITS', randomBytes: random, ...options } as CtfOptions;
    expect(() => writeCtf(token as TokenRecord, all)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });

  test('but not what is just within', () => {
    for (const expiresOn of ['2000-01-01', '2044-11-08']) {
      const token = { ...A, expiresOn };
      const options = {
        version: 2,
        wrapper: 'DIGITS',
        password: 'x'.repeat(40),
        randomBytes: random,
      } as const;
      expect(parseCtf(writeCtf(token, options), options)).toEqual(token);
    }
  });

  test('no message tells the password, the device id or the digits', () => {
    const secret = sample('A.pw-dev.ctf');
    for (const unlocking of [{}, { deviceId: 'AAAA' }, { deviceId: DEVICE, password: 'sesame' }]) {
      try {
        parseCtf(secret, unlocking);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(TokenFileError);
        expect((error as Error).message).not.toMatch(/sesame|AAAA|\d{6}/);
      }
    }
  });
});
