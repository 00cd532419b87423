import { checkedDay, checkedPeriod } from '../calendar-day.ts';
import {
  checkedDigits,
  checkedHash,
  checkedInterval,
  checkedName,
  checkedSecurIdSerialNumber,
  checkedSeed,
  checkedSerialNumber,
  leaveOut,
  refuse,
  rowOfProblem,
} from '../row-checks.ts';
import type { FileRow, TokenRecord } from '../token-record.ts';
import { plainCell } from './csv-cell.ts';
import type { CsvColumns, CsvField, SeedEncoding } from './csv-columns.ts';
import { readSeed } from './csv-seed.ts';

/** One record of the file. */
export type CsvRecord = { cells: readonly string[]; line: number };

/** The cell of a field, '' where the file has none. */
export const cellOf = ({ positions }: CsvColumns, { cells }: CsvRecord, field: CsvField): string => {
  const position = positions.get(field);
  return plainCell(position === undefined ? '' : (cells[position] ?? '')).trim();
};

// Of SecurID and TOTP, where the file does not say.
const defaults = {
  SECURID: { digits: 8, intervalSeconds: 60 },
  TOTP: { digits: 6, intervalSeconds: 30 },
} as const;

/** One record as a row. Throws nothing. */
export function readCsvRow(
  columns: CsvColumns,
  record: CsvRecord,
  width: number,
  encoding: SeedEncoding,
): FileRow {
  const cell = (field: CsvField): string => cellOf(columns, record, field);
  const row: { line: number; serialNumber?: string } = { line: record.line };
  try {
    row.serialNumber = checkedSerialNumber(cell('serialNumber'));
    if (record.cells.slice(width).some((text) => text.trim() !== ''))
      refuse('row.malformed', 'The row has more cells than the first line');
    const token = readToken(cell, row.serialNumber, encoding);
    row.serialNumber = token.serialNumber;
    return { ...row, kind: 'token', token };
  } catch (problem) {
    return rowOfProblem(problem, row);
  }
}

function readToken(
  cell: (field: CsvField) => string,
  serialNumber: string,
  encoding: SeedEncoding,
): TokenRecord {
  const { algorithm, hash } = algorithmOf(cell('algorithm'));
  const day = (field: 'startsOn' | 'expiresOn'): string | undefined =>
    cell(field) === '' ? undefined : checkedDay(cell(field), field);
  const digits = checkedDigits(wholeOf(cell('digits'), defaults[algorithm].digits, 'digits'));
  const interval = wholeOf(cell('intervalSeconds'), defaults[algorithm].intervalSeconds, 'interval');
  const name = (field: 'userName' | 'firstName' | 'lastName' | 'nickname'): Partial<TokenRecord> => {
    const text = checkedName(cell(field), field);
    return text === '' ? {} : { [field]: text };
  };
  return {
    serialNumber: algorithm === 'SECURID' ? checkedSecurIdSerialNumber(serialNumber) : serialNumber,
    algorithm,
    seed: checkedSeed(readSeed(cell('seed'), encoding), algorithm),
    digits,
    intervalSeconds: checkedInterval(interval, algorithm),
    ...(algorithm === 'TOTP' ? { hashAlgorithm: checkedHash(cell('hashAlgorithm') || hash) } : {}),
    pinStyle: 'NONE',
    ...checkedPeriod(day('startsOn'), day('expiresOn')),
    ...name('userName'),
    ...name('firstName'),
    ...name('lastName'),
    ...name('nickname'),
  };
}

/** Some lists say the hash where others say the kind of token. */
function algorithmOf(text: string): { algorithm: 'SECURID' | 'TOTP'; hash: string } {
  const name = text.toLowerCase();
  if (name === '' || /(?:^|[:#])totp$/.test(name)) return { algorithm: 'TOTP', hash: '' };
  if (/^securid(?:[- ]?128)?$/.test(name)) return { algorithm: 'SECURID', hash: '' };
  if (/(?:^|[:#])hotp$/.test(name))
    return leaveOut('row.hotp', 'HOTP counts instead of looking at the clock; only TOTP is taken');
  if (/^(?:hmac|totp)?[-_ ]?sha/.test(name)) return { algorithm: 'TOTP', hash: text };
  return leaveOut('row.algorithm', `The token is of ${text.slice(0, 80)}, not of TOTP or SECURID`);
}

function wholeOf(text: string, fallback: number, what: string): number {
  if (text === '') return fallback;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  return refuse('row.malformed', `${what} is not a number`);
}
