import { TokenFileError } from '../errors.ts';
import { type FileRow, MAX_TOKENS } from '../token-record.ts';
import { type CsvColumns, type CsvField, readColumns, type SeedEncoding } from './csv-columns.ts';
import { csvRecords } from './csv-records.ts';
import { type CsvRecord, cellOf, readCsvRow } from './csv-row.ts';
import { encodingShown } from './csv-seed.ts';

/** What the caller knows better than the file. */
export type CsvReading = {
  /** The header's own words for a field, where they are not among the known ones. */
  columns?: Partial<Record<CsvField, string>>;
  seedEncoding?: SeedEncoding;
};

/** Rows that are held while no seed shows how seeds are written. */
const UNDECIDED = 1000;

/**
 * Reads a list of tokens with a header: serial and seed are needed; algorithm (TOTP, SECURID), hash, digits, interval,
 * start, expiry, owner and names where there. Comma, semicolon or tab; quotes, byte order mark and CRLF as they come.
 * What a row leaves out is as usual: TOTP, SHA1, 6 digits, 30 seconds; of SECURID 8 digits, 60 seconds.
 *
 * Seeds of a file are all hex or all Base32: as `seedEncoding` or the header (`seed_hex`, `secret (Base32)`) says, else as
 * the first seed shows that can be only one of them.
 * @throws TokenFileError `malformed`: columns that are missing, by name; quotes that do not match; not UTF-8; no row; seeds
 *   that could be both. `too-large`. Rows may have come before. What is wrong in one row is a row `bad` or `skipped`.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvReading = {},
): AsyncGenerator<FileRow> {
  let columns: CsvColumns | undefined;
  let width = 0;
  let count = 0;
  let encoding = options.seedEncoding;
  const held: CsvRecord[] = [];
  for await (const record of csvRecords(chunks)) {
    if (!columns) {
      columns = readColumns(record.cells, options.columns);
      width = record.cells.length;
      encoding ??= columns.encoding;
      continue;
    }
    count += 1;
    if (count > MAX_TOKENS)
      throw new TokenFileError('too-large', `More than ${MAX_TOKENS} rows`, record.line);
    encoding ??= encodingShown(cellOf(columns, record, 'seed'));
    held.push(record);
    if (encoding === undefined && held.length <= UNDECIDED) continue;
    for (const one of held.splice(0)) yield readCsvRow(columns, one, width, decided(encoding));
  }
  if (!columns || count === 0) throw new TokenFileError('malformed', 'The file holds no row');
  for (const one of held) yield readCsvRow(columns, one, width, decided(encoding));
}

function decided(encoding: SeedEncoding | undefined): SeedEncoding {
  if (encoding) return encoding;
  throw new TokenFileError(
    'malformed',
    'Nothing shows whether seeds are hex or Base32: name the column seed_hex or seed_base32',
    1,
  );
}
