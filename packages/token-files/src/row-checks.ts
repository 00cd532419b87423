import type { BadRowCode, FileRow, SkippedCode } from './token-record.ts';

/** Why one token of a file is left out: it ends the reading of that row, never that of the file. */
export class RowProblem extends Error {
  readonly row:
    | { kind: 'skipped'; code: SkippedCode; message: string }
    | { kind: 'bad'; code: BadRowCode; message: string };

  constructor(row: RowProblem['row']) {
    super(row.message);
    this.row = row;
  }
}

/** The row cannot be read. */
export function refuse(code: BadRowCode, message: string): never {
  throw new RowProblem({ kind: 'bad', code, message });
}

/** The row is right, but Symbolon has no token for it. */
export function leaveOut(code: SkippedCode, message: string): never {
  throw new RowProblem({ kind: 'skipped', code, message });
}

/** What stands before the problem in a row that came out wrong. Anything but a RowProblem is thrown on. */
export function rowOfProblem(problem: unknown, row: { line: number; serialNumber?: string }): FileRow {
  if (problem instanceof RowProblem) return { ...row, ...problem.row };
  throw problem;
}

/** A serial number as it stands in the file: 1 to 64 characters, none of them a control character. */
export function checkedSerialNumber(text: string): string {
  if (text === '') refuse('row.serial_number', 'The token has no serial number');
  if (text.length > 64) refuse('row.serial_number', 'The serial number is over 64 characters');
  if (/\p{Cc}/u.test(text)) refuse('row.serial_number', 'The serial number holds a control character');
  return text;
}

/** SECURID has 12 digits; spreadsheets drop the zeros in front. */
export function checkedSecurIdSerialNumber(text: string): string {
  if (!/^\d{1,12}$/.test(text))
    refuse('row.serial_number', 'A SecurID serial number is of 12 digits at most');
  return text.padStart(12, '0');
}

/** 16 octets of SECURID, 1 to 128 of TOTP. */
export function checkedSeed(seed: Uint8Array, algorithm: 'SECURID' | 'TOTP'): Uint8Array {
  if (algorithm === 'SECURID' && seed.length !== 16)
    refuse('row.seed', `A SecurID seed is of 16 octets, this one of ${seed.length}`);
  if (seed.length < 1 || seed.length > 128)
    refuse('row.seed', `The seed is of ${seed.length} octets; 1 to 128 are taken`);
  return seed;
}

export function checkedDigits(digits: number): 6 | 8 {
  if (digits === 6 || digits === 8) return digits;
  return leaveOut('row.digits', `Codes of ${digits} digits; Symbolon has tokens of 6 or 8`);
}

/** SECURID 30 or 60, TOTP 1 to 3600 seconds. */
export function checkedInterval(seconds: number, algorithm: 'SECURID' | 'TOTP'): number {
  const fits = algorithm === 'SECURID' ? seconds === 30 || seconds === 60 : seconds >= 1 && seconds <= 3600;
  if (fits && Number.isInteger(seconds)) return seconds;
  return leaveOut('row.interval', `Codes that change every ${seconds} seconds; Symbolon has no such token`);
}

/** A name of a person or a token on one line, without the white space around it; '' where there is none. */
export function checkedName(text: string, what: string): string {
  const name = text.trim().replace(/\p{Cc}+/gu, ' ');
  if (name.length > 1024) refuse('row.malformed', `${what} is over 1024 characters`);
  return name;
}

/** SHA1, SHA256 or SHA512 in any of the spellings in use: `HMAC-SHA256`, `sha-256`, `…#hmac-sha256`; '' is SHA1. */
export function checkedHash(text: string): 'SHA1' | 'SHA256' | 'SHA512' {
  const name = text.trim();
  const [, bits] = /^(?:[^\s]*[#:])?(?:(?:totp|hmac)[-_ ]?)*sha[-_ ]?(1|256|512)$/i.exec(name) ?? [];
  if (name === '' || bits === '1') return 'SHA1';
  if (bits === '256') return 'SHA256';
  if (bits === '512') return 'SHA512';
  return leaveOut('row.algorithm', `The hash algorithm ${name.slice(0, 40)} is not SHA1, SHA256 or SHA512`);
}
