import { base32nopad } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gathered, seed, token } from '../../test/pskc-files.ts';
import { heldNow } from '../../test/held-memory.ts';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';
import type { FileRow } from '../token-record.ts';
import { csvCell } from './csv-cell.ts';
import { type CsvReading, readCsv } from './read-csv.ts';

const hex = Buffer.from(seed).toString('hex');
const base32 = base32nopad.encode(seed);

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const rows = (text: string, options?: CsvReading): Promise<FileRow[]> =>
  gathered(readCsv([octets(text)], options));
const one = { ...token, serialNumber: 'A1' };

describe('columns by their header', () => {
  test.each([
    ['comma', `serial,seed\nA1,${hex}\n`],
    ['semicolon, quotes, CRLF and a byte order mark', `\uFEFF"Serial Number";"Secret"\r\n"A1";"${hex}"\r\n`],
    ['tab, other order, columns that nobody knows', `colour\tSEED_HEX\ttoken-serial\nred\t${hex}\tA1`],
    ['Base32 by the header', `serial,secret (Base32)\nA1,${base32}`],
    ['Base32 by the seed', `serial,seed\nA1,"${base32.toLowerCase()}===="`],
    ['hex in groups', `sn,key\nA1,0x${hex.match(/../g)!.join(' ')}`],
    ['empty lines and lines of nothing', `\n\nserial,seed\n\n,\nA1,${hex}\n,,\n`],
    ['line ends of old', `serial,seed\rA1,${hex}\r`],
    ['spelled-out defaults', `serial,seed,type,hash,digits,interval\nA1,${hex},totp,sha1,6,30`],
    ['the hash where the kind should be', `serial,seed,algorithm\nA1,${hex},HMAC-SHA1`],
  ])('%s', async (_, text) => {
    expect(await rows(text)).toMatchObject([{ kind: 'token', serialNumber: 'A1', token: one }]);
  });

  test('all of them', async () => {
    const text = `serial,seed,algorithm,hash,digits,period,start,expiry,owner,first name,last name,label
A1,${hex},TOTP,SHA512,8,60,2024/01/01,2030-12-31T23:00:00-02:00,jane,Jane,"Doe, Dr",Phone`;
    expect(await rows(text)).toEqual([
      {
        kind: 'token',
        line: 2,
        serialNumber: 'A1',
        token: {
          ...one,
          hashAlgorithm: 'SHA512',
          digits: 8,
          intervalSeconds: 60,
          startsOn: '2024-01-01',
          expiresOn: '2031-01-01',
          userName: 'jane',
          firstName: 'Jane',
          lastName: 'Doe, Dr',
          nickname: 'Phone',
        },
      },
    ]);
  });

  test('SecurID, without the zeros that a spreadsheet took', async () => {
    const text = `serial,seed,type\n123456789,000102030405060708090a0b0c0d0e0f,SecurID`;
    const [row] = await rows(text);
    expect(row).toMatchObject({
      token: { serialNumber: '000123456789', algorithm: 'SECURID', digits: 8, intervalSeconds: 60 },
    });
    expect(row?.kind === 'token' && row.token.hashAlgorithm).toBeUndefined();
  });

  test('named by the caller', async () => {
    const text = `Nummer;Geheimnis;seed\nA1;${hex};no`;
    const columns = { serialNumber: 'Nummer', seed: 'Geheimnis' };
    expect(await rows(text, { columns })).toMatchObject([{ token: one }]);
    const wrong = rows(text, { columns: { serialNumber: 'Nr' } });
    await expect(wrong).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('«Nr»'),
    });
  });

  test.each([
    ['serial', `seed,owner\n${hex},x`],
    ['seed', `serial,owner\nA1,x`],
    ['serial, nor one seed', `a,b\n1,2`],
    ['stand for seed', `serial,seed,secret\nA1,${hex},${hex}`],
  ])('names what is missing or there twice: %s', async (words, text) => {
    await expect(rows(text)).rejects.toMatchObject({
      name: 'TokenFileError',
      code: 'malformed',
      message: expect.stringContaining(words),
    });
  });
});

describe('how seeds are written', () => {
  test('the first seed that shows it decides for all', async () => {
    expect(await rows('serial,seed\n1,ABCD2345\n2,99\n3,FF')).toMatchObject([
      { token: { seed: Uint8Array.of(0xab, 0xcd, 0x23, 0x45) } },
      { token: { seed: Uint8Array.of(0x99) } },
      { token: { seed: Uint8Array.of(0xff) } },
    ]);
    expect(await rows('serial,seed\n1,ABCD2345\n2,MY')).toMatchObject([
      { token: { seed: base32nopad.decode('ABCD2345') } },
      { token: { seed: octets('f') } },
    ]);
  });

  test('where none does, it has to be said', async () => {
    const text = 'serial,seed\n1,ABCD2345';
    await expect(rows(text)).rejects.toMatchObject({ message: expect.stringContaining('seed_hex') });
    expect(await rows(text, { seedEncoding: 'base32' })).toMatchObject([{ kind: 'token' }]);
    const endless = `serial,seed\n${'1,ABCD2345\n'.repeat(2000)}`;
    await expect(rows(endless)).rejects.toMatchObject({ code: 'malformed' });
  });
});

test('what is wrong in a row costs that row, and the line is told', async () => {
  const text = `serial,seed_hex,type,hash,digits,interval,expiry,owner
1,${hex},,,,,,"two\r\nlines"
2,zz,,,,,,
3,,,,,,,
,${hex},,,,,,
5,${hex},HOTP,,,,,
6,${hex},OCRA,,,,,
7,${hex},,MD5,,,,
8,${hex},,,7,,,
9,${hex},,,six,,,
10,${hex},,,,7200,,
11,${hex},,,,,31.12.2030,
12,${hex},,,,,2030-02-30,
13,${hex},,,,,,,more
14,${'00'.repeat(129)},,,,,,
15,${hex},SECURID,,,,,
${'x'.repeat(65)},${hex},,,,,,
17,${hex},,,,,,`;
  const found = (await rows(text)).map((row) => [
    row.line,
    row.kind === 'token' ? row.token.serialNumber : row.code,
  ]);
  expect(found).toEqual([
    [2, '1'],
    [4, 'row.seed'],
    [5, 'row.seed'],
    [6, 'row.serial_number'],
    [7, 'row.hotp'],
    [8, 'row.algorithm'],
    [9, 'row.algorithm'],
    [10, 'row.digits'],
    [11, 'row.malformed'],
    [12, 'row.interval'],
    [13, 'row.date'],
    [14, 'row.date'],
    [15, 'row.malformed'],
    [16, 'row.seed'],
    [17, 'row.seed'],
    [18, 'row.serial_number'],
    [19, '17'],
  ]);
});

describe('files that are refused', () => {
  const good = 'serial,seed_hex\n1,00\n';
  test.each([
    ['malformed', ''],
    ['malformed', 'serial,seed'],
    ['malformed', `${good}2,"00`],
    ['malformed', `${good}2,"0"0`],
    ['malformed', `${good}\0`],
    ['too-large', `${good}2,${'0'.repeat(20_000)}`],
    ['too-large', `${good}2,"${'0\n'.repeat(20_000)}`],
    ['too-large', `${good}${','.repeat(300)}`],
    ['too-large', `${good}${'"\n",'.repeat(300)}`],
    ['too-large', ' '.repeat(100_000)],
  ])('%s', async (code, text) => {
    await expect(rows(text)).rejects.toMatchObject({ name: 'TokenFileError', code });
  });

  test('what is not UTF-8', async () => {
    const chunks = [octets(good), Uint8Array.of(0x32, 0x2c, 0xe4, 0x0a)];
    await expect(gathered(readCsv(chunks))).rejects.toMatchObject({ code: 'malformed' });
  });
});

test('however it is cut', async () => {
  const text = octets(`\uFEFFserial,seed,owner\r\nA1,${hex},"J\u00f6\r\n\u{1f600}"\r\nA2,${hex},x\r\n`);
  const whole = await gathered(readCsv([text]));
  expect(await gathered(readCsv([...text].map((octet) => Uint8Array.of(octet))))).toEqual(whole);
  expect(whole).toMatchObject([{ line: 2, token: { userName: 'J\u00f6 \u{1f600}' } }, { line: 4 }]);
});

test('CSV formula injection: a cell is defused, and read as it was', async () => {
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/c calc"!A1'])
    expect(csvCell(evil)).toBe(`"'${evil.replaceAll('"', '""')}"`);
  expect(csvCell('jane')).toBe('jane');
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('5" disk')).toBe('"5"" disk"');
  const text = `serial,seed,owner\n1,${hex},${csvCell('=HYPERLINK("x")')}`;
  expect(await rows(text)).toMatchObject([{ token: { userName: '=HYPERLINK("x")' } }]);
});

test('cells come back as they were', async () => {
  const cell = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .filter((text) => text === text.trim() && text !== '' && !/\p{Cc}|^'/u.test(text) && text.isWellFormed());
  const known = fc.record({ serial: cell.filter(({ length }) => length <= 64), owner: cell });
  await fc.assert(
    fc.asyncProperty(
      fc.array(known, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', ';', '\t'),
      async (all, mark) => {
        const lines = all.map(({ serial, owner }) => [serial, hex, owner].map(csvCell).join(mark));
        const read = await rows(['serial', 'seed', 'owner'].join(mark).concat('\r\n', lines.join('\r\n')));
        expect(
          read.map((row) => row.kind === 'token' && [row.token.serialNumber, row.token.userName]),
        ).toEqual(all.map(({ serial, owner }) => [serial, owner]));
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever comes, there are rows or a TokenFileError', async () => {
  const text = `serial,seed,algorithm,digits,interval,expiry,owner\r\n1,${hex},TOTP,6,30,2030-01-01,"a ""b"""\r\n2,${base32},,,,,\r\n`;
  const piece = fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom('"', '""', ',', '\n', '\r', ';', "'=", '9'.repeat(30), ''),
  );
  const hostile = fc.tuple(fc.nat(text.length), fc.nat(30), piece).map(([at, gone, put]) => {
    return text.slice(0, at) + put + text.slice(at + gone);
  });
  await fc.assert(
    fc.asyncProperty(
      hostile,
      withinLimits(async (any) => {
        try {
          for (const row of await rows(any)) expect(row.line).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(TokenFileError);
        }
      }),
    ),
    { numRuns: 20_000 },
  );
});

test('100,000 rows, in constant memory', { timeout: 120_000 }, async () => {
  function* file() {
    yield octets('serial,seed,owner\n');
    for (let i = 0; i < 1000; i += 1)
      yield octets(Array.from({ length: 100 }, (_, j) => `${i * 100 + j},${hex},user${i}\n`).join(''));
  }
  let read = 0;
  let peak = 0;
  const before = heldNow();
  for await (const row of readCsv(file())) {
    if (row.kind === 'token') read += 1;
    if (read % 20_000 === 0) peak = Math.max(peak, heldNow());
  }
  expect(read).toBe(100_000);
  // The tokens alone would be several times that.
  expect(peak - before).toBeLessThan(16 * 1024 * 1024);
});
