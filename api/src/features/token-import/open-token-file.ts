import { readSdtid } from '@symbolon/token-files/sdtid/read-sdtid';
import type { FileRow, Unlocking } from '@symbolon/token-files/token-record';
import { fitRow } from './fit-row.ts';

/**
 * The rows of a token file of whatever format, one at a time; the format is told by its content.
 * @throws TokenFileError as the format's reader does; `malformed` when it is none that is known
 */
export async function* openTokenFile(
  octets: AsyncIterable<Uint8Array>,
  unlocking: Unlocking,
): AsyncGenerator<FileRow> {
  for await (const row of readSdtid(octets, unlocking)) yield fitRow(row);
}
