import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { A, D, DEVICE, octetsOfHex, PASSWORD, random, sample } from '../../test/ctf-files.ts';
import type { Unlocking } from '../token-record.ts';
import { ctfMac, shortMac } from './ctf-mac.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { writeCtf, writeCtfInTemplate } from './write-ctf.ts';
import type { CtfWrapper } from './wrappers.ts';

describe('the hash', () => {
  test.each([
    ['', 'c47f4054890984853b6032ee95a8dcff'],
    ['00'.repeat(16), '214ed90f2e0084b842b4a16810c221fd'],
    ['00'.repeat(17), 'b8ff1607a8ef8e9ec7417398ca6e6daa'],
    ['d8f532538289', '50782dc720930c7c11b5e56d6195e7ff'],
  ])('of %s', (message, mac) => {
    expect(Buffer.from(ctfMac(octetsOfHex(message))).toString('hex')).toBe(mac);
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
    const { deviceId, ...token } = parseCtf(sample(name), unlocking);
    expect(token).toEqual(A);
    const isBound = /dev|classguid/.test(name);
    expect(deviceId).toBe(isBound ? ((unlocking as Unlocking).deviceId ?? classGuids.android) : undefined);
  });

  test.each([
    ['A-8digit-60s-pinpad.v3.url', {}],
    ['A.v3-pw.url', { password: PASSWORD }],
    ['A.v3-dev.url', {}],
    ['A.v3-dev.url', { deviceId: classGuids.android }],
    ['A.v3-pw-dev.url', { password: PASSWORD, deviceId: classGuids.android }],
  ])('%s with %j', (name, unlocking) => {
    const { deviceId, ...token } = parseCtf(sample(name), unlocking);
    expect(token).toEqual(A);
    const isBound = /dev|classguid/.test(name);
    expect(deviceId).toBe(isBound ? ((unlocking as Unlocking).deviceId ?? classGuids.android) : undefined);
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

test('gives back what was written, in every version, wrapper and lock', () => {
  const tokens = fc.record({
    serialNumber: fc.nat(999_999_999).map((number) => String(number).padStart(12, '0')),
    algorithm: fc.constant('SECURID' as const),
    seed: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    digits: fc.constantFrom(6 as const, 8 as const),
    intervalSeconds: fc.constantFrom(30, 60),
    pinStyle: fc.constantFrom('NONE' as const, 'FOB' as const, 'PINPAD' as const),
    expiresOn: fc
      .integer({ min: 0, max: 2 ** 14 - 1 })
      .map((day) => new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10)),
  });
  const ways = fc.oneof(
    fc.record({
      version: fc.constant(2 as const),
      wrapper: fc.constantFrom<CtfWrapper>('DIGITS', 'BLOCKS', 'IOS_OLD', 'IOS', 'ANDROID', 'BLACKBERRY'),
    }),
    fc.record({
      version: fc.constantFrom(3 as const, 4 as const),
      wrapper: fc.constantFrom<CtfWrapper>('IOS_OLD', 'IOS', 'ANDROID'),
    }),
    fc.record({
      version: fc.constantFrom(2 as const, 3 as const, 4 as const),
      template: fc.constantFrom('app://add?ctfData={ctf}&x=1', 'com.rsa.securid://ctf/?ctfData={ctf}'),
    }),
  );
  const locks = fc.record({
    password: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }), { nil: undefined }),
    deviceId: fc.option(fc.constantFrom(DEVICE, ...Object.values(classGuids)), { nil: undefined }),
  });
  fc.assert(
    fc.property(tokens, ways, locks, (token, way, { password, deviceId }) => {
      const locked = { version: way.version, password, deviceId, randomBytes: random };
      const written =
        'template' in way
          ? writeCtfInTemplate(token, { ...locked, template: way.template })
          : writeCtf(token, { ...locked, wrapper: way.wrapper });
      const read = parseCtf(written, { password, deviceId });
      const keepsFob = way.version === 2 || token.pinStyle !== 'FOB';
      expect(read).toEqual({
        ...token,
        pinStyle: keepsFob ? token.pinStyle : 'NONE',
        ...(deviceId ? { deviceId } : {}),
      });
    }),
    { numRuns: 600 },
  );
});
