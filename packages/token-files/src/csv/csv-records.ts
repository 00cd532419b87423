import { CsvError, parse } from 'csv-parse/stream';
import { TokenFileError } from '../errors.ts';
import type { CsvRecord } from './csv-row.ts';
import { headerDelimiter } from './csv-columns.ts';
import { decodeText } from './text-stream.ts';

/** Most characters in one record, and in the header. */
export const MAX_RECORD = 16 * 1024;

/** Most cells in one record. */
const MAX_CELLS = 256;

/**
 * The records of a CSV file, empty ones left out, with the line each begins on. The first line decides between comma,
 * semicolon and tab.
 * @throws TokenFileError `malformed` for quotes that do not match, or no text; `too-large` for a record over MAX_RECORD
 *   or MAX_CELLS
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<CsvRecord> {
  const text = decodeText(chunks);
  const { head, line } = await firstLine(text);
  const parser = parse({
    // The size of a record counts no delimiters: rows of nothing else would have no end.
    cast: (cell, { index, lines }) => {
      if (index >= MAX_CELLS)
        throw new TokenFileError('too-large', `A row has over ${MAX_CELLS} cells`, lines);
      return cell;
    },
    delimiter: headerDelimiter(line),
    info: true,
    max_record_size: MAX_RECORD,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const records: AsyncIterable<Parsed> = ReadableStream.from(
    octets(lineFeeds(continued(head, text))),
  ).pipeThrough(parser);
  try {
    for await (const { record, info } of records) {
      if (record.every((cell) => cell.trim() === '')) continue;
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      yield { cells: record, line: Math.max(1, info.lines - breaks) };
    }
  } catch (error) {
    throw error instanceof CsvError ? explained(error) : error;
  }
}

/** What csv-parse gives with `info`. */
type Parsed = { record: string[]; info: { lines: number } };

/** Everything up to the first line that says something. */
async function firstLine(pieces: AsyncGenerator<string>): Promise<{ head: string; line: string }> {
  let head = '';
  for (;;) {
    const text = head.trimStart();
    const end = text.search(/[\r\n]/);
    if (end !== -1) return { head, line: text.slice(0, end) };
    if (head.length > MAX_RECORD) throw new TokenFileError('too-large', 'The first line is too long', 1);
    const { value, done } = await pieces.next();
    if (done) return { head, line: head.trim() };
    head += value;
  }
}

async function* continued(head: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* text;
}

/** One kind of line end: the parser counts CRLF in quotes twice. */
async function* lineFeeds(text: AsyncIterable<string>): AsyncGenerator<string> {
  let open = '';
  for await (const piece of text) {
    const whole = open + piece;
    // What comes next may be the line feed that belongs to it.
    open = whole.endsWith('\r') ? '\r' : '';
    const plain = (open ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
    if (plain !== '') yield plain;
  }
  if (open) yield '\n';
}

async function* octets(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield Buffer.from(piece);
}

/** csv-parse's own messages hold parts of the file. */
function explained({ code, lines }: CsvError & { lines?: number }): TokenFileError {
  const line = typeof lines === 'number' ? lines : undefined;
  if (code === 'CSV_MAX_RECORD_SIZE')
    return new TokenFileError(
      'too-large',
      `A row is over ${MAX_RECORD} characters: is a quote missing?`,
      line,
    );
  return new TokenFileError('malformed', 'A quote opens or closes in the wrong place', line);
}
