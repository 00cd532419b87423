import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withinLimits } from '../test/within-limits.ts';
import { fileFormats, sniff, SNIFFED } from './sniff.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const digits = `2${'0123456701'.repeat(8)}`;

test.each([
  ['sdtid', '<?xml version="1.0"?>\n<TKNBatch>'],
  ['sdtid', '\uFEFF \n<!-- a > b --><TKNBatch/>'],
  ['sdtid', 'Your token:\n<?xml version="1.0"?><TKNBatch>'],
  ['pskc', '<?xml version="1.0" encoding="UTF-8"?><pskc:KeyContainer Version="1.0">'],
  ['pskc', '<KeyContainer\n xmlns="urn:ietf:params:xml:ns:keyprov:pskc">'],
  ['pskc', '<!DOCTYPE x [<!ENTITY a "b>">]><KeyContainer>'],
  ['ctf', digits],
  ['ctf', `${digits.match(/.{1,5}/g)!.join('-')}\n`],
  ['ctf', digits.match(/.{1,20}/g)!.join('\r\n')],
  ['ctf', `http://127.0.0.1/securid/ctf?ctfData=${digits}`],
  ['ctf', `com.rsa.securid://ctf?ctfData=AwAAEw%2B`],
  ['ctf', `https://filter.example/?url=http%3A%2F%2F127.0.0.1%2Fsecurid%2Fctf%3FctfData%3D${digits}`],
  ['ctf', `Dear Jane,\nhere is your token: com.rsa.securid.iphone://ctf?ctfData=${digits}\n`],
  ['otpauth', 'otpauth://totp/x?secret=AAAA'],
  ['otpauth', '# tokens\n\n otpauth://totp/x?secret=AAAA'],
  ['csv', 'serial,seed\n1,00'],
  ['csv', '\uFEFF"Serial Number";"Owner"\r\n'],
  ['csv', 'owner\tsecret_hex\n'],
  [undefined, ''],
  [undefined, '<html><body>ctfData=</body></html>'],
  [undefined, '<!DOCTYPE html><html>'],
  [undefined, '<TKNBatches>'],
  [undefined, '<!-- without an end'],
  [undefined, '%PDF-1.7 ctfData='],
  [undefined, 'PK\u0003\u0004\u0014 serial,seed'],
  [undefined, 'Hello, world\n'],
  [undefined, `${digits}0`],
  [undefined, 'com.rsa.securid://ctkip?scheme=https&url=example.com'],
])('%s: %s', (format, text) => {
  expect(sniff(octets(text))).toBe(format);
});

test('UTF-16 and binary files are none of them', () => {
  expect(sniff(Buffer.from('<TKNBatch/>', 'utf16le'))).toBeUndefined();
  expect(sniff(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0))).toBeUndefined();
});

test('the samples', () => {
  const folder = new URL('../test/samples/pskc/', import.meta.url);
  for (const name of readdirSync(folder)) expect(sniff(readFileSync(new URL(name, folder)))).toBe('pskc');
  expect(sniff(readFileSync(new URL('../test/samples/otpauth-uris.txt', import.meta.url)))).toBe('otpauth');
});

test('a character cut in two at the end does not matter, nor what lies behind', () => {
  const long = octets(`serial,seed,owner\n1,00,${'ä'.repeat(SNIFFED)}`);
  expect(sniff(long)).toBe('csv');
  expect(sniff(long.subarray(0, 1001))).toBe('csv');
});

// Quadratic time would not come to an end here.
test.each(['<', '<!--', '<!-->', '<?x?>', '"', ',', '"",', '#\n', ' ', '-', '1', '[', '<![', 'k,'])(
  'much of %s is no token file',
  (piece) => {
    expect(sniff(octets(piece.repeat(SNIFFED)))).toBeUndefined();
  },
);

test('whatever comes, nothing is thrown', () => {
  const begin = fc.constantFrom('', '<', '<?xml ', '<!', 'PK', '\uFEFF', '2', 'otpauth://', 'serial,', '"');
  fc.assert(
    fc.property(
      begin,
      fc.uint8Array({ maxLength: 80 }),
      withinLimits((text, rest) => {
        const format = sniff(Buffer.concat([octets(text), rest]));
        expect(format === undefined || format in fileFormats).toBe(true);
      }),
    ),
    { numRuns: 20_000 },
  );
});
