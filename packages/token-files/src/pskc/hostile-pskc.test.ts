import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pskcRows, pskcText, pskcWith, sharedKey, token, totpKey } from '../../test/pskc-files.ts';
import { heldNow } from '../../test/held-memory.ts';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';
import { readPskc } from './read-pskc.ts';
import { writePskc } from './write-pskc.ts';

const plain = pskcWith(totpKey({ after: '<Policy><ExpiryDate>2030-01-01T00:00:00Z</ExpiryDate></Policy>' }));

test('DOCTYPE is refused', async () => {
  await expect(pskcRows(`<!DOCTYPE KeyContainer>${plain}`)).rejects.toMatchObject({ code: 'doctype' });
});

test('XXE: no file is read into a token', async () => {
  const xml = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${plain.replace('MTIz', '&e;')}`;
  await expect(pskcRows(xml)).rejects.toMatchObject({ code: 'doctype' });
});

test('billion laughs: no entity is expanded', async () => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`);
  const xml = `<!DOCTYPE x [<!ENTITY l0 "lol">${entities.join('')}]>${plain.replace('MTIz', '&l9;')}`;
  await expect(pskcRows(xml)).rejects.toMatchObject({ code: 'doctype' });
  await expect(pskcRows(plain.replace('MTIz', '&l9;'))).rejects.toMatchObject({ code: 'malformed' });
});

test('whatever comes, there are rows or a TokenFileError', async () => {
  const encrypted = await pskcText([token], { kind: 'key', key: sharedKey, name: 'k' });
  const bits = [plain, encrypted.slice(encrypted.indexOf('<pskc:KeyContainer'))];
  const piece = fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom('<Key>', '</Data>', '<Secret/>', '<!--', ']]>', '&#0;', '&amp;', '"', '9'.repeat(30), ''),
  );
  const hostile = fc
    .tuple(fc.constantFrom(...bits), fc.nat(4000), fc.nat(40), piece)
    .map(([xml, at, gone, put]) => {
      const from = at % xml.length;
      return xml.slice(0, from) + put + xml.slice(from + gone);
    });
  await fc.assert(
    fc.asyncProperty(
      hostile,
      withinLimits(async (xml) => {
        try {
          for (const row of await pskcRows(xml, { key: sharedKey })) expect(row.line).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(TokenFileError);
        }
      }),
    ),
    { numRuns: 20_000 },
  );
});

test('whatever octets come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }),
      withinLimits(async (chunks) => {
        const reading = readPskc(chunks).next();
        await expect(reading).rejects.toBeInstanceOf(TokenFileError);
      }),
    ),
    { numRuns: 2000 },
  );
});

test('100,000 encrypted tokens, in constant memory', { timeout: 180_000 }, async () => {
  const count = 100_000;
  function* tokens() {
    for (let i = 0; i < count; i += 1) yield { ...token, serialNumber: String(i).padStart(8, '0') };
  }
  let calls = 0;
  const randomBytes = (size: number): Uint8Array => new Uint8Array(size).fill((calls += 1));
  async function* file() {
    const encryption = { kind: 'key', key: sharedKey, name: 'k' } as const;
    for await (const part of writePskc(tokens(), { encryption, randomBytes })) yield Buffer.from(part);
  }
  let read = 0;
  let peak = 0;
  const before = heldNow();
  for await (const row of readPskc(file(), { key: sharedKey })) {
    if (row.kind === 'token' && row.serialNumber === String(read).padStart(8, '0')) read += 1;
    if (read % 20_000 === 0) peak = Math.max(peak, heldNow());
  }
  expect(read).toBe(count);
  // The tokens alone would be several times that.
  expect(peak - before).toBeLessThan(16 * 1024 * 1024);
});
