import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, record, rowsOf, signedFile } from '../../test/sdtid-files.ts';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';

// Not expect(): it costs more than what is tested.
function keepsSecret(message: string): void {
  if (message.includes('Sesame')) throw new Error(`A message tells the password: ${message}`);
}

const KINDS = ['token', 'skipped', 'bad'];

/** Rows or a TokenFileError, and the password in no message. */
const survives = withinLimits(async (file: string | Uint8Array, password?: string): Promise<void> => {
  try {
    for (const row of await rowsOf(file, password)) {
      if (!KINDS.includes(row.kind)) throw new Error(`A row of kind ${row.kind}`);
      if (row.kind !== 'token') keepsSecret(row.message);
    }
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    keepsSecret(error.message);
  }
});

test('a file with changes anywhere', async () => {
  const whole = await fileOf([record, { ...record, digits: 6 }], { password: 'Sesame', name: 'Batch' });
  const start = whole.indexOf('<TKN>');
  const bases = [whole, signedFile({}, {}), whole.slice(0, start), '<TKNBatch><TKNHeader>'];
  const parts = [
    '<TKN>',
    '</TKN>',
    '<SN>',
    '<!--',
    ']]>',
    '<![CDATA[',
    '&#0;',
    '&lt;',
    '<?xml ',
    '\ufeff',
    '\0',
    '"',
  ];
  const change = fc.record({
    base: fc.constantFrom(...bases),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 40 }),
    put: fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'binary', maxLength: 4 })),
    locked: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ base, at, cut, put, locked }) => {
      const from = Math.floor(at * base.length);
      await survives(base.slice(0, from) + put + base.slice(from + cut), locked ? 'Sesame' : undefined);
    }),
    { numRuns: 12_000 },
  );
});

test('fields of any text behind a MAC that holds', async () => {
  const names = [
    'SN',
    'Seed',
    'Alg',
    'Digits',
    'Interval',
    'AddPIN',
    'LocalPIN',
    'Birth',
    'Death',
    'TokenMAC',
    'Odd',
  ];
  const text = fc.oneof(
    // Rather much of what strtol and sscanf take, and almost take.
    fc.string({ unit: fc.constantFrom(...'0123456789xX+-/= \tabcf'.split('')), maxLength: 14 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }).filter((one) => !/[\p{Cc}\ufffe\uffff]/u.test(one)),
  );
  const fields = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 4 });
  const defaults = fc.dictionary(fc.constantFrom('DefAlg', 'DefDigits', 'DefDeath', 'DefBirth'), text, {
    maxKeys: 1,
  });
  await fc.assert(
    fc.asyncProperty(defaults, fields, async (header, token) => {
      await survives(signedFile(header, token));
    }),
    { numRuns: 6000 },
  );
});

test('octets of any kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (octets) => survives(octets)),
    { numRuns: 4000 },
  );
});

test('much white space costs its length, not its square', async () => {
  const blank = ' '.repeat(60_000);
  // Squared, so many take longer than any test may.
  const tokens = Array.from({ length: 40 }, () => ({ SN: `1${blank}1`, Odd: '1' }));
  const rows = await rowsOf(signedFile({}, ...tokens, { Digits: `8${blank}8` }));
  expect(rows.map((row) => row.kind === 'bad' && row.code)).toEqual([
    ...tokens.map(() => 'row.serial_number'),
    'row.malformed',
  ]);
});

test('names that repeat themselves in each path do not fill the memory', async () => {
  const name = 'n'.repeat(30_000);
  const inner = `${`<${name}>`.repeat(10)}${`<${name}>1</${name}>`.repeat(100)}${`</${name}>`.repeat(10)}`;
  const token = `<TKN><SN>1</SN><Seed>=</Seed><TokenMAC>=</TokenMAC>${inner}</TKN>`;
  const file = signedFile({}, {}).replace('<TKNTrailer/>', `${token}<TKNTrailer/>`);
  await expect(rowsOf(file)).rejects.toMatchObject({ code: 'too-large' });
});
