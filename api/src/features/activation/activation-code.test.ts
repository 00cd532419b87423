import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../lib/random.ts';
import { createVault } from '../../lib/vault.ts';
import { codeLookup, codeLookups, deriveActivationCode } from './activation-code.ts';

const vault = createVault(new Uint8Array(32).fill(9), systemRandom);
const base = { activationId: 'a', attempt: 0 } as const;

describe('activation codes', () => {
  it('have the form of their kind', () => {
    expect(deriveActivationCode(vault, { ...base, kind: 'DIGITS' })).toMatch(/^\d{12}$/);
    expect(deriveActivationCode(vault, { ...base, kind: 'LONG' })).toMatch(
      /^([2-9A-HJ-NP-Z]{4}-){4}[2-9A-HJ-NP-Z]{4}$/,
    );
    expect(deriveActivationCode(vault, { ...base, kind: 'OCTETS' })).toMatch(/^[\w-]{22}$/);
  });

  it('follow from key, activation and attempt, and from nothing else', () => {
    const code = deriveActivationCode(vault, { ...base, kind: 'DIGITS' });
    expect(deriveActivationCode(vault, { ...base, kind: 'DIGITS' })).toBe(code);
    expect(deriveActivationCode(vault, { ...base, attempt: 1, kind: 'DIGITS' })).not.toBe(code);
    expect(deriveActivationCode(vault, { ...base, activationId: 'b', kind: 'DIGITS' })).not.toBe(code);
    const other = createVault(new Uint8Array(randomBytes(32)), systemRandom);
    expect(deriveActivationCode(other, { ...base, kind: 'DIGITS' })).not.toBe(code);
  });

  it('use every digit at every place about equally often', () => {
    const counts = Array.from({ length: 12 }, () => Array<number>(10).fill(0));
    for (let attempt = 0; attempt < 5000; attempt += 1) {
      const code = deriveActivationCode(vault, { ...base, attempt, kind: 'DIGITS' });
      [...code].forEach((digit, place) => {
        counts[place]![Number(digit)]! += 1;
      });
    }
    // 500 expected, standard deviation 21: six of them.
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(130);
  });

  it('are found however they are typed, but for OCTETS, which nobody types', () => {
    const found = (kind: 'LONG' | 'OCTETS', code: string, typed: string) =>
      codeLookups(vault, typed).some((hash) => Buffer.from(hash).equals(codeLookup(vault, kind, code)));
    expect(found('LONG', 'ABCD-EFGH-JKLM-NPQR-STUV', ' abcd efgh-jklm npqr stuv')).toBe(true);
    expect(found('OCTETS', 'abcDEF', 'abcDEF')).toBe(true);
    expect(found('OCTETS', 'abcDEF', 'ABCDEF')).toBe(false);
  });
});
