import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { digitsOf, type DigitFields, fieldsOf } from '../src/ctf/digit-layout.ts';
import { parseCtf } from '../src/ctf/parse-ctf.ts';
import { readCtfList } from '../src/ctf/read-ctf-list.ts';
import { TokenFileError } from '../src/errors.ts';
import type { FileRow, TokenRecord, Unlocking } from '../src/token-record.ts';

/** A sample of `test/samples/ctf`, made with stoken. */
export const sample = (name: string): string =>
  readFileSync(new URL(`./samples/ctf/${name}`, import.meta.url), 'utf8').trim();

export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
export const octetsOfHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** What the samples are locked with: TEST-ONLY. */
export const PASSWORD = 'Sesame-42!';
export const DEVICE = '0123456789ABCDEF01234567';

/** The token of the samples `A…`. */
export const A: TokenRecord = {
  serialNumber: '000123456789',
  algorithm: 'SECURID',
  seed: octetsOfHex('000102030405060708090a0b0c0d0e0f'),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'PINPAD',
  expiresOn: '2035-12-31',
};

/** The token of the samples `D…`. */
export const D: TokenRecord = {
  serialNumber: '000000000042',
  algorithm: 'SECURID',
  seed: octetsOfHex('ffeeddccbbaa99887766554433221100'),
  digits: 6,
  intervalSeconds: 30,
  pinStyle: 'FOB',
  expiresOn: '2035-12-31',
};

/** The code of the TokenFileError that reading throws; 'nothing' where it reads. */
export function refusal(text: string, unlocking: Unlocking = {}): string {
  try {
    parseCtf(text, unlocking);
  } catch (error) {
    if (error instanceof TokenFileError) return error.code;
    throw error;
  }
  return 'nothing';
}

/** The same digits with other fields, and a checksum that holds. */
export const changed = (digits: string, change: (fields: DigitFields) => Partial<DigitFields>): string => {
  const fields = fieldsOf(digits);
  return digitsOf(digits.startsWith('1') ? 1 : 2, digits.slice(1, 13), { ...fields, ...change(fields) });
};

/** All rows of a file. */
export async function rowsOf(text: string, unlocking: Unlocking = {}): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of readCtfList([new TextEncoder().encode(text)], unlocking)) rows.push(row);
  return rows;
}
