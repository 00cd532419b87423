import { base32nopad } from '@scure/base';
import { refuse } from '../row-checks.ts';
import type { SeedEncoding } from './csv-columns.ts';

const compact = (text: string): string => text.replace(/[\s:-]/g, '').replace(/^0x/i, '');

/**
 * What a seed shows of its encoding: 0, 1, 8 and 9 are of hex only, G to Z of Base32 only. Undefined where it could be
 * both, or is neither.
 */
export function encodingShown(text: string): SeedEncoding | undefined {
  const seed = compact(text);
  if (/^[0-9a-f]+$/i.test(seed) && /[0189]/.test(seed)) return 'hex';
  if (/^[a-z2-7]+=*$/i.test(seed) && /[g-z]/i.test(seed)) return 'base32';
  return undefined;
}

/** The octets of a seed; spaces, colons, dashes, either case, `0x` and the padding of Base32 do not matter. */
export function readSeed(text: string, encoding: SeedEncoding): Uint8Array {
  const seed = compact(text);
  if (seed === '') return refuse('row.seed', 'The row has no seed');
  if (encoding === 'hex') {
    if (!/^[0-9a-f]+$/i.test(seed) || seed.length % 2 !== 0) return refuse('row.seed', 'The seed is not hex');
    return Uint8Array.from(Buffer.from(seed, 'hex'));
  }
  try {
    return base32nopad.decode(seed.replace(/=+$/, '').toUpperCase());
  } catch {
    // Said without the seed that the library's message holds.
    return refuse('row.seed', 'The seed is not Base32');
  }
}
