import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex, vectors } from '../test/samples.ts';
import { CtKipError } from './errors.ts';
import { aesCmac, type CounterPosition, type PrfAlgorithm, prf } from './prf.ts';

const position: Record<string, CounterPosition> = { rfc: 'before', rsa: 'after' };

describe('AES-CMAC', () => {
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
  const message =
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';

  test.each([
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ])('RFC 4493 section 4, %i octets', (length, mac) => {
    expect(toHex(aesCmac(key, hex(message.slice(0, length * 2))))).toBe(mac);
  });

  test('refuses a key that is not 16 octets', () => {
    expect(() => aesCmac(new Uint8Array(15), hex(''))).toThrow(CtKipError);
  });
});

describe('PRF', () => {
  const { k, s, out, empty_s } = vectors.V2_prf;
  const rows = [
    ...Object.entries(out).map(([name, expected]) => [name, s, expected] as const),
    ...Object.entries(empty_s).map(([name, expected]) => [`${name} of nothing`, '', expected] as const),
  ];

  test.each(rows)('vector V2 %s', (name, data, expected) => {
    const [mode = '', algorithm] = name.split(' ')[0]?.split('/') ?? [];
    const counter = position[mode] ?? 'before';
    const input = { algorithm: algorithm as PrfAlgorithm, counter, key: hex(k), data: hex(data) };
    expect(toHex(prf({ ...input, length: expected.length / 2 }))).toBe(expected);
  });

  test('a shorter output is a prefix of a longer one', () => {
    const octets = (most: number) => fc.uint8Array({ maxLength: most });
    fc.assert(
      fc.property(
        fc.constantFrom<PrfAlgorithm>('aes', 'sha256'),
        fc.constantFrom<CounterPosition>('before', 'after'),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        octets(100),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        (algorithm, counter, key, data, a, b) => {
          const input = { algorithm, counter, key, data };
          const long = prf({ ...input, length: Math.max(a, b) });
          const short = prf({ ...input, length: Math.min(a, b) });
          expect(toHex(long).startsWith(toHex(short))).toBe(true);
        },
      ),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 36])('refuses the length %d', (length) => {
    const input = { algorithm: 'aes', counter: 'after', key: hex(k), data: hex(s) } as const;
    expect(() => prf({ ...input, length })).toThrow(CtKipError);
  });
});
