import { randomBytes } from 'node:crypto';
import { writeSdtid } from '@symbolon/token-files/sdtid/write-sdtid';
import type { TokenRecord } from '@symbolon/token-files/token-record';

/** A SecurID token as a file may hold it; seed and serial number follow from `number`. */
export const recordOf = (number: number, more: Partial<TokenRecord> = {}): TokenRecord => ({
  serialNumber: String(500_000_000_000 + number),
  algorithm: 'SECURID',
  seed: new Uint8Array(16).fill(number % 251),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'NONE',
  expiresOn: '2035-12-31',
  ...more,
});

/** So many tokens from `first` on. */
export const records = (count: number, first = 1): TokenRecord[] =>
  Array.from({ length: count }, (_, at) => recordOf(first + at));

/** An SDTID file of these tokens. */
export async function sdtid(tokens: readonly TokenRecord[], password?: string): Promise<string> {
  const pieces: string[] = [];
  const random = (length: number) => new Uint8Array(randomBytes(length));
  for await (const piece of writeSdtid(tokens, { password, randomBytes: random })) pieces.push(piece);
  return pieces.join('');
}
