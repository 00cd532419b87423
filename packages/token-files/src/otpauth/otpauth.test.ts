import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';
import type { OtpauthToken } from './otpauth-token.ts';
import { parseOtpauth } from './parse-otpauth.ts';
import { writeOtpauth } from './write-otpauth.ts';

const token: OtpauthToken = {
  seed: new TextEncoder().encode('12345678901234567890'),
  issuer: 'ACME Co',
  account: 'john.doe@email.com',
  hashAlgorithm: 'SHA1',
  digits: 6,
  intervalSeconds: 30,
};
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('writing', () => {
  test('leaves out what is as usual', () => {
    expect(writeOtpauth(token)).toBe(
      `otpauth://totp/ACME%20Co:john.doe%40email.com?secret=${secret}&issuer=ACME%20Co`,
    );
  });

  test('says what is not', () => {
    expect(writeOtpauth({ ...token, hashAlgorithm: 'SHA256', digits: 8, intervalSeconds: 60 })).toContain(
      '&algorithm=SHA256&digits=8&period=60',
    );
  });

  test.each([
    ['an issuer with a colon', { issuer: 'a:b' }],
    ['no account', { account: ' ' }],
    ['a line break', { account: 'a\nb' }],
    ['no seed', { seed: new Uint8Array() }],
  ])('refuses %s', (_, change) => {
    expect(() => writeOtpauth({ ...token, ...change })).toThrow(TokenFileError);
  });
});

describe('reading', () => {
  test('the samples', () => {
    const lines = readFileSync(new URL('../../test/samples/otpauth-uris.txt', import.meta.url), 'utf8');
    const links = lines.split('\n').filter(Boolean);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(parseOtpauth(link)).toMatchObject({ digits: 6, hashAlgorithm: 'SHA1' });
  });

  test.each([
    [
      'a lower-case secret in groups, padded',
      `otpauth://totp/a?secret=gezd-gnbv gy3tqojqgezdgnbvgy3tqojq====`,
    ],
    ['an encoded colon', `otpauth://totp/ACME%20Co%3A%20john?secret=${secret}`],
    ['another issuer in the label', `otpauth://totp/Other:john?secret=${secret}&issuer=ACME%20Co`],
    ['unknown parameters', `otpauth://totp/x?secret=${secret}&image=http%3A%2F%2Fx&color=red`],
    ['sha-1 in lower case', `OTPAUTH://TOTP/x?secret=${secret}&algorithm=sha-1&digits=6&period=30`],
  ])('%s', (_, link) => {
    expect(parseOtpauth(link).seed).toEqual(token.seed);
    if (link.includes('ACME')) expect(parseOtpauth(link).issuer).toBe('ACME Co');
  });

  test.each([
    ['malformed', 'otpauth://totp/x'],
    ['malformed', 'https://example.com/?secret=A'],
    ['malformed', 'otpauth://totp/x?secret='],
    ['malformed', 'otpauth://totp/x?secret=1890'],
    ['malformed', `otpauth://totp/%zz?secret=${secret}`],
    ['malformed', `otpauth://totp/x?secret=${secret}&secret=${secret}`],
    ['malformed', `otpauth://totp/x?secret=${secret}&period=0`],
    ['malformed', `otpauth://totp/x?secret=${secret}&digits=six`],
    ['unsupported', `otpauth://hotp/x?secret=${secret}&counter=0`],
    ['unsupported', `otpauth://steam/x?secret=${secret}`],
    ['unsupported', `otpauth://totp/x?secret=${secret}&digits=7`],
    ['unsupported', `otpauth://totp/x?secret=${secret}&algorithm=MD5`],
  ])('%s: %s', (code, link) => {
    let error: unknown;
    try {
      parseOtpauth(link);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'TokenFileError', code });
    expect((error as Error).message).not.toContain(secret);
  });

  test('gives back what was written', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((text) => text === text.trim() && text !== '' && !/[:\p{Cc}\p{Cs}]/u.test(text));
    const tokens = fc.record({
      seed: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      issuer: name,
      account: name,
      hashAlgorithm: fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
      digits: fc.constantFrom(6, 8),
      intervalSeconds: fc.constantFrom(30, 60),
    });
    fc.assert(
      fc.property(tokens, (any) => {
        expect(parseOtpauth(writeOtpauth(any as OtpauthToken))).toEqual(any);
      }),
    );
  });

  test('whatever comes, there is a token or a TokenFileError', () => {
    const link = writeOtpauth(token);
    const hostile = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc
        .tuple(fc.nat(link.length), fc.string({ maxLength: 8, unit: 'binary' }))
        .map(([at, put]) => link.slice(0, at) + put + link.slice(at + 1)),
    );
    fc.assert(
      fc.property(
        hostile,
        withinLimits((text) => {
          try {
            parseOtpauth(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TokenFileError);
          }
        }),
      ),
      { numRuns: 20_000 },
    );
  });
});
