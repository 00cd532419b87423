import type { FileRow } from '@symbolon/token-files/token-record';
import { isSecuridSerial } from '../tokens/serial-number.ts';

/** Octets under which a seed can be searched through (RFC 4226 §4, R6: 128 bits; 80 are in use). */
const LEAST_SEED = 10;

/**
 * What of a file's token Symbolon can use: a row that holds what it has no token for is left out, one that no token can be
 * is bad. Reasons are whole sentences.
 */
export function fitRow(row: FileRow): FileRow {
  if (row.kind !== 'token') return { ...row, message: row.message.replace(/[^.]$/, '$&.') };
  const { token, line } = row;
  const { serialNumber, algorithm, seed, intervalSeconds } = token;
  const but = (kind: 'skipped' | 'bad', code: string, message: string): FileRow =>
    ({ line, serialNumber, kind, code, message }) as FileRow;
  if (algorithm === 'SECURID' && !isSecuridSerial(serialNumber))
    return but('bad', 'row.serial_number', 'A SECURID serial number has exactly 12 digits.');
  if (serialNumber.trim() === '' || serialNumber.length > 64 || /[\p{C}\s]/u.test(serialNumber))
    return but('bad', 'row.serial_number', 'A serial number has 1 to 64 characters and no spaces.');
  if (algorithm === 'SECURID' ? seed.length !== 16 : seed.length < LEAST_SEED || seed.length > 128)
    return but('bad', 'row.seed', `A seed of ${seed.length} octets is none of ${algorithm}.`);
  if (intervalSeconds !== 30 && intervalSeconds !== 60)
    return but(
      'skipped',
      'row.interval',
      `A code every ${intervalSeconds} s; only 30 and 60 s are known here.`,
    );
  return row;
}
