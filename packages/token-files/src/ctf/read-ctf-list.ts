import { TokenFileError } from '../errors.ts';
import type { FileRow, Unlocking } from '../token-record.ts';
import { parseCtf } from './parse-ctf.ts';

/** Octets of a file: some thousands of links. */
const MAX_FILE = 4 * 1024 * 1024;
/** What somebody can type; everything else is wrong in the file. */
const LOCKED = ['password-required', 'wrong-password', 'device-required', 'wrong-device'];

/**
 * Reads a file with one token of the compressed format (digits, a link, a mail), or with several, one a line; empty lines
 * and those that begin with `#` are passed over.
 * @param unlocking one password and one device id for all
 * @throws TokenFileError as `parseCtf`, for a single token; of several only what a password or device id would cure
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
  const isList = lines.length > 1 && lines.every((line) => isToken(line.text));
  if (!isList) {
    const token = parseCtf(text, unlocking);
    yield { line: 1, serialNumber: token.serialNumber, kind: 'token', token };
    return;
  }
  for (const { line, text: one } of lines) yield readLine(line, one, unlocking);
}

/** Whether a line is a whole token by itself, and no part of a mail or of digits in groups. */
const isToken = (line: string): boolean => /ctfData=/i.test(line) || line.replace(/[\s-]/g, '').length === 81;

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
