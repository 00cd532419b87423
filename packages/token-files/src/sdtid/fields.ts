import type { BadRowCode } from '../token-record.ts';
import { BLOCK } from './cbc-mac.ts';
import type { Section } from './flatten.ts';

/** What makes one token unusable. It becomes a bad row; in the header's defaults it makes the file unusable. */
export class FieldFault extends Error {
  readonly code: BadRowCode;

  constructor(code: BadRowCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The text of the first element of that name at any depth; inner ones come before the one that they are in, as with stoken.
 * @returns the text as it stands, or undefined where there is no such element
 */
export function field(section: Section, name: string): string | undefined {
  for (const child of section.children) {
    const inner = child.children.length > 0 ? field(child, name) : undefined;
    if (inner !== undefined) return inner;
    if (child.name === name) return child.text;
  }
  return undefined;
}

/** 16 octets in Base64; `undefined` where it is not that. White space in it does not count. */
export function block(text: string | undefined): Buffer | undefined {
  const compact = (text ?? '').replace(/\s/g, '');
  return /^[A-Za-z0-9+/]{22}(==)?$/.test(compact)
    ? Buffer.from(compact, 'base64').subarray(0, BLOCK)
    : undefined;
}

/** Names and the like: without white space around, and a single space (or nothing) is none. */
export const words = (text: string | undefined): string | undefined => text?.trim() || undefined;

/**
 * A whole number, as C's `strtol` with base 0 takes it: decimal, `0x…`, or octal behind a zero.
 * @throws FieldFault `row.malformed`
 */
export function wholeNumber(text: string, name: string): number {
  const [, sign, digits = ''] =
    /^([+-]?)(0x[0-9a-f]{1,8}|0[0-7]{0,10}|[1-9]\d{0,9})$/i.exec(text.trim()) ?? [];
  if (digits === '') throw new FieldFault('row.malformed', `${name} is not a whole number`);
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return sign === '-' ? -value : value;
}

/**
 * A day, out of `yyyy/mm/dd`; months and days may lack their zero.
 * @returns `YYYY-MM-DD`, or undefined for nothing but white space
 * @throws FieldFault `row.date` for another form, or a day that no calendar has
 */
export function day(text: string, name: string): string | undefined {
  const written = text.trim();
  if (written === '') return undefined;
  const [, year = '', month = '', date = ''] = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(written) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (year !== '' && year >= '1900' && !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso))
    return iso;
  throw new FieldFault('row.date', `${name} is not a day of the form yyyy/mm/dd`);
}
