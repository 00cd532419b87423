import { setImmediate } from 'node:timers/promises';
import { readCtfList } from '@symbolon/token-files/ctf/read-ctf-list';
import { readCsv } from '@symbolon/token-files/csv/read-csv';
import { readOtpauthList } from '@symbolon/token-files/csv/read-otpauth-list';
import { TokenFileError } from '@symbolon/token-files/errors';
import { readPskc } from '@symbolon/token-files/pskc/read-pskc';
import { readSdtid } from '@symbolon/token-files/sdtid/read-sdtid';
import { type FileFormat, SNIFFED, sniff } from '@symbolon/token-files/sniff';
import type { FileRow, Unlocking } from '@symbolon/token-files/token-record';
import { fitRow } from './fit-row.ts';

const ROWS_AT_ONCE = 50;

/**
 * The rows of a token file of whatever format, one at a time; the format is told by its content.
 * @throws TokenFileError as the format's reader does; `malformed` when it is none that is known
 */
export async function* openTokenFile(
  octets: AsyncIterable<Uint8Array>,
  unlocking: Unlocking,
): AsyncGenerator<FileRow> {
  const { head, all } = await beginning(octets);
  const format = sniff(head);
  if (!format) {
    throw new TokenFileError(
      'malformed',
      'This is no file of tokens. SDTID, PSKC, CTF, otpauth links and CSV are read, all as UTF-8; unpack a ZIP first',
    );
  }
  let read = 0;
  for await (const row of readers[format](all, unlocking)) {
    yield fitRow(row);
    // Some rows cost a key derivation, and come out of one piece of the file: others are served between them.
    if ((read += 1) % ROWS_AT_ONCE === 0) await setImmediate();
  }
}

type Reader = (octets: AsyncIterable<Uint8Array>, unlocking: Unlocking) => AsyncIterable<FileRow>;
const readers: Record<FileFormat, Reader> = {
  sdtid: readSdtid,
  pskc: (octets, unlocking) => readPskc(octets, { ...unlocking, key: keyIn(unlocking.password) }),
  csv: (octets) => readCsv(octets, {}),
  otpauth: (octets) => readOtpauthList(octets),
  ctf: readCtfList,
};

/** A key shared beforehand, typed in hex where others type a password. */
function keyIn(password: string | undefined): Uint8Array | undefined {
  const hex = password?.replace(/[\s:-]/g, '') ?? '';
  return /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined;
}

/** As much of a file as its format is told by, and the whole file again. */
async function beginning(
  octets: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = octets[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < SNIFFED) {
    const { value, done } = await iterator.next();
    if (done) break;
    parts.push(value);
    length += value.length;
  }
  async function* all() {
    yield* parts;
    parts.length = 0;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(parts).subarray(0, SNIFFED), all: all() };
}
