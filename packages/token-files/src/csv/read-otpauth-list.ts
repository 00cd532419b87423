import { createHash } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { OtpauthToken } from '../otpauth/otpauth-token.ts';
import { parseOtpauth } from '../otpauth/parse-otpauth.ts';
import { checkedSeed, leaveOut, refuse, rowOfProblem } from '../row-checks.ts';
import { type FileRow, MAX_TOKENS } from '../token-record.ts';
import { decodeText } from './text-stream.ts';

/** Most characters of a line. */
const MAX_LINE = 8192;

/**
 * Reads a list of otpauth links, one a line (`reference/token-formats.md` §5); empty lines and those that begin with # are
 * left out. Account and issuer become user name and nickname.
 *
 * A link has no serial number, so one is made of issuer and account: see otpauthSerialNumber.
 * @throws TokenFileError `malformed` for what is not UTF-8, or holds no link; `too-large`. What is wrong with one link is
 *   a row.
 */
export async function* readOtpauthList(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<FileRow> {
  let count = 0;
  for await (const { text, line } of lines(chunks)) {
    if (text === '' || text.startsWith('#')) continue;
    count += 1;
    if (count > MAX_TOKENS) throw new TokenFileError('too-large', `More than ${MAX_TOKENS} links`, line);
    yield readLink(text, line);
  }
  if (count === 0) throw new TokenFileError('malformed', 'The file holds no otpauth link');
}

/**
 * `totp-` and 16 hex digits: the beginning of SHA-256 over issuer and account. The same account has the same serial number
 * in every file, whatever its seed, and the seed takes no part in what everybody sees.
 */
export function otpauthSerialNumber({ issuer, account }: Pick<OtpauthToken, 'issuer' | 'account'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, account]))
    .digest('hex');
  return `totp-${digest.slice(0, 16)}`;
}

function readLink(link: string, line: number): FileRow {
  const row: { line: number; serialNumber?: string } = { line };
  try {
    const { seed, issuer, account, ...rest } = parsed(link);
    if (account === '')
      return refuse('row.serial_number', 'The link does not say whose it is: give it a label');
    row.serialNumber = otpauthSerialNumber({ issuer, account });
    const token = {
      serialNumber: row.serialNumber,
      algorithm: 'TOTP',
      seed: checkedSeed(seed, 'TOTP'),
      ...rest,
      pinStyle: 'NONE',
      userName: account,
      ...(issuer ? { nickname: issuer } : {}),
    } as const;
    return { ...row, serialNumber: row.serialNumber, kind: 'token', token };
  } catch (problem) {
    return rowOfProblem(problem, row);
  }
}

function parsed(link: string): OtpauthToken {
  try {
    return parseOtpauth(link);
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    if (error.code !== 'unsupported') return refuse('row.malformed', error.message);
    if (/^otpauth:\/\/hotp\//i.test(link)) return leaveOut('row.hotp', error.message);
    const digits = /[?&]digits=(\d+)/i.exec(link)?.[1];
    return leaveOut(digits && !/^[68]$/.test(digits) ? 'row.digits' : 'row.algorithm', error.message);
  }
}

async function* lines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ text: string; line: number }> {
  let rest = '';
  let line = 0;
  for await (const piece of decodeText(chunks)) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      line += 1;
      yield { text: checkedLine(part, line), line };
    }
    checkedLine(rest, line + 1);
  }
  if (rest !== '') yield { text: checkedLine(rest, line + 1), line: line + 1 };
}

function checkedLine(text: string, line: number): string {
  if (text.length > MAX_LINE)
    throw new TokenFileError('too-large', `A line is over ${MAX_LINE} characters`, line);
  return text.trim();
}
