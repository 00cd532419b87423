import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokencodeError } from './errors.ts';
import { totpCode, totpCodes } from './totp.ts';

// RFC 6238 appendix B: the seed of each hash function is as long as the hash.
const digits20 = '12345678901234567890';
const seeds = {
  SHA1: digits20,
  SHA256: digits20.repeat(2).slice(0, 32),
  SHA512: digits20.repeat(4).slice(0, 64),
};
const published = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
] as const;
const hashes = ['SHA1', 'SHA256', 'SHA512'] as const;

describe('the vectors of RFC 6238 appendix B', () => {
  test.each(published)('at %i', (at, ...codes) => {
    hashes.forEach((hashAlgorithm, place) => {
      const seed = new TextEncoder().encode(seeds[hashAlgorithm]);
      const input = { seed, hashAlgorithm, digits: 8, intervalSeconds: 30, at } as const;
      expect(totpCode(input)).toBe(codes[place]);
    });
  });
});

const isMissing = spawnSync('oathtool', ['--version']).error !== undefined;
test('oathtool computes the same', ({ skip }) => {
  skip(isMissing, 'oathtool is not installed (package oathtool)');
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 10, maxLength: 64 }),
      fc.constantFrom(...hashes),
      fc.constantFrom(6 as const, 8 as const),
      fc.constantFrom(30 as const, 60 as const),
      fc.integer({ min: 0, max: 4_000_000_000 }),
      (seed, hashAlgorithm, digits, intervalSeconds, at) => {
        const options = [
          `--totp=${hashAlgorithm}`,
          `--digits=${digits}`,
          `--time-step-size=${intervalSeconds}s`,
        ];
        const hex = Buffer.from(seed).toString('hex');
        const shown = execFileSync('oathtool', [...options, `--now=@${at}`, hex], {
          encoding: 'utf8',
        }).trim();
        expect(totpCode({ seed, hashAlgorithm, digits, intervalSeconds, at })).toBe(shown);
      },
    ),
    { numRuns: 60 },
  );
});

describe('what no token can have', () => {
  const token = { seed: new Uint8Array(20), hashAlgorithm: 'SHA1', digits: 6, intervalSeconds: 30 } as const;
  test.each([
    ['SEED_LENGTH', { seed: new Uint8Array(9) }],
    ['DIGITS', { digits: 7 }],
    ['INTERVAL', { intervalSeconds: 20 }],
  ])('%s', (code, change) => {
    expect(() => totpCodes({ ...token, ...change } as never)).toThrow(
      expect.objectContaining({ name: 'TokencodeError', code }) as TokencodeError,
    );
  });

  test.each([-1, 0.5, Number.NaN])('TIME: step %d', (step) => {
    expect(() => totpCodes(token)(step)).toThrow(TokencodeError);
  });
});
