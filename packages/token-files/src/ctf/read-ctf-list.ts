import { Buffer } from 'node:buffer';
import { TokenFileError } from '../errors.ts';
import type { FileRow, Unlocking } from '../token-record.ts';
import { parseCtf } from './parse-ctf.ts';

/** Octets of a file: some thousands of links. */
const MAX_FILE = 4 * 1024 * 1024;
const NAMED = /ctfData(?:=|%3D)/i;
const LINK = /ctfData(?:=|%3D)|ctkip\/?\?/i;
/** What somebody can type; everything else is wrong in the file. */
const LOCKED = ['password-required', 'wrong-password', 'device-required', 'wrong-device'];

/**
 * Reads a file with one token of the compressed format (digits, a link, a mail), or with several, one a line; empty lines
 * and those that begin with `#` are passed over.
 * @param unlocking one password and one device id for all
 * @throws TokenFileError as `parseCtf`, for a single token; of several only what a password or device id would cure;
 *   `too-large` over 4 MiB
 */
export async function* readCtfList(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  unlocking: Unlocking,
): AsyncGenerator<FileRow> {
  const text = await textOf(chunks);
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line, at) => ({ line: at + 1, text: line.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));
  if (!isList(lines.map((line) => line.text))) {
    const token = parseCtf(lines.map((line) => line.text).join('\n'), unlocking);
    yield { line: lines[0]?.line ?? 1, serialNumber: token.serialNumber, kind: 'token', token };
    return;
  }
  for (const { line, text: one } of lines) yield readLine(line, one, unlocking);
}

/**
 * Whether each line is to be read for itself: all of them hold a token, or several are nothing but a token. Then what
 * else there is becomes a bad row; nothing is passed over in silence. In a mail there is one link at most on its own line.
 */
const isList = (lines: readonly string[]): boolean =>
  lines.length > 1 && (lines.every(holdsToken) || lines.filter(isOnlyToken).length > 1);

const holdsToken = (line: string): boolean => NAMED.test(line) || line.replace(/[\s-]/g, '').length === 81;

/** A link alone, or so many digits that no mail program would break them; one that ends in `=` goes on below. */
const isOnlyToken = (line: string): boolean =>
  (LINK.test(line) && !/[\s<>]/.test(line) && !line.endsWith('=')) ||
  /^\d{60,}$/.test(line.replace(/[\s-]/g, ''));

function readLine(line: number, text: string, unlocking: Unlocking): FileRow {
  try {
    const token = parseCtf(text, unlocking);
    return { line, serialNumber: token.serialNumber, kind: 'token', token };
  } catch (error) {
    if (!(error instanceof TokenFileError) || LOCKED.includes(error.code)) throw error;
    if (error.code === 'unsupported')
      return { line, kind: 'skipped', code: 'row.algorithm', message: error.message };
    const code = error.code === 'damaged' ? 'row.damaged' : 'row.malformed';
    return { line, kind: 'bad', code, message: error.message };
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > MAX_FILE) throw new TokenFileError('too-large', `The file is over ${MAX_FILE} bytes`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new TokenFileError('malformed', 'The file is not UTF-8');
  }
}
