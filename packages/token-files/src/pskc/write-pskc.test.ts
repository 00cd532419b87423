import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gathered, pskcRows, pskcText, sharedKey, token } from '../../test/pskc-files.ts';
import type { TokenRecord } from '../token-record.ts';
import type { PskcEncryption } from './file-encryption.ts';
import { writePskc } from './write-pskc.ts';

const secId: TokenRecord = {
  serialNumber: '000123456789',
  algorithm: 'SECURID',
  seed: new Uint8Array(16).fill(7),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'PINPAD',
};

const text = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .filter(
    (any) => any === any.trim() && any !== '' && !/\p{Cc}|[\ufffe\uffff]/u.test(any) && any.isWellFormed(),
  );
const day = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const optional = {
  requiredKeys: [
    'algorithm',
    'seed',
    'serialNumber',
    'digits',
    'intervalSeconds',
    'hashAlgorithm',
    'pinStyle',
  ],
} as const;
const totpTokens: fc.Arbitrary<TokenRecord> = fc
  .record(
    {
      serialNumber: text,
      algorithm: fc.constant('TOTP' as const),
      seed: fc.uint8Array({ minLength: 1, maxLength: 128 }),
      digits: fc.constantFrom(6 as const, 8 as const),
      intervalSeconds: fc.integer({ min: 1, max: 3600 }),
      hashAlgorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
      pinStyle: fc.constantFrom('NONE' as const, 'FOB' as const, 'PINPAD' as const),
      startsOn: day,
      expiresOn: day,
      userName: text,
      nickname: text,
      deviceId: text,
    },
    { requiredKeys: [...optional.requiredKeys] },
  )
  .filter(({ serialNumber }) => serialNumber.length <= 64)
  .filter(({ startsOn, expiresOn }) => !startsOn || !expiresOn || startsOn <= expiresOn);

describe('what was written is read', () => {
  const ways: [string, PskcEncryption, object][] = [
    ['plain', { kind: 'none' }, {}],
    ['AES-128', { kind: 'key', key: sharedKey, name: 'K & K' }, { key: sharedKey }],
    [
      'AES-256',
      { kind: 'key', key: new Uint8Array(32).fill(1), name: 'K' },
      { key: new Uint8Array(32).fill(1) },
    ],
    ['a password', { kind: 'password', password: 'pässwörd', iterations: 1000 }, { password: 'pässwörd' }],
    [
      'a password, for programs that have only the least',
      { kind: 'password', password: 'x', iterations: 1000, keyBits: 128 },
      { password: 'x' },
    ],
  ];
  test.each(ways)('%s', async (_, encryption, unlocking) => {
    await fc.assert(
      fc.asyncProperty(fc.array(totpTokens, { minLength: 1, maxLength: 4 }), async (tokens) => {
        const xml = await pskcText(tokens, encryption, { randomBytes });
        const rows = await pskcRows(xml, unlocking);
        expect(rows.map((row) => row.kind === 'token' && row.token)).toEqual(tokens);
      }),
    );
  });

  test('SecurID, when asked for', async () => {
    const xml = await pskcText([secId], { kind: 'none' }, { securId: true });
    expect(await pskcRows(xml, { securId: true })).toMatchObject([{ token: secId }]);
    expect(await pskcRows(xml)).toMatchObject([{ kind: 'skipped', code: 'row.algorithm' }]);
  });
});

test('no seed stands in the clear, and each value has its own IV', async () => {
  const xml = await pskcText(
    [token, { ...token, serialNumber: '2' }],
    { kind: 'password', password: 'p', iterations: 1000 },
    { randomBytes },
  );
  expect(xml).not.toContain(Buffer.from(token.seed).toString('base64'));
  expect(xml).not.toContain('PlainValue>MTIz');
  const values = xml.match(/<xenc:CipherValue>[^<]+/g) ?? [];
  expect(values).toHaveLength(3);
  expect(new Set(values.map((value) => value.slice(0, 40))).size).toBe(3);
});

test('many rounds, unless said otherwise', async () => {
  const xml = await pskcText([token], { kind: 'password', password: 'p' });
  expect(Number(/<IterationCount>(\d+)/.exec(xml)?.[1])).toBeGreaterThanOrEqual(100_000);
});

describe('refused', () => {
  const none = { kind: 'none' } as const;
  test.each([
    ['no token', [], none],
    ['SecurID', [secId], none],
    ['a password that is empty', [token], { kind: 'password', password: '' } as const],
    ['few rounds', [token], { kind: 'password', password: 'p', iterations: 10 } as const],
    ['a key of another length', [token], { kind: 'key', key: new Uint8Array(24), name: 'k' } as const],
    ['a key without a name', [token], { kind: 'key', key: sharedKey, name: ' ' } as const],
    ['a character that XML cannot hold', [{ ...token, nickname: 'a\u0001' }], none],
    ['half a character', [{ ...token, userName: 'a\ud800' }], none],
    ['a day of another form', [{ ...token, expiresOn: '31.12.2030' }], none],
    ['an empty seed', [{ ...token, seed: new Uint8Array() }], none],
    ['an empty serial number', [{ ...token, serialNumber: ' ' }], none],
    ['an interval of 0', [{ ...token, intervalSeconds: 0 }], none],
  ])('%s', async (_, tokens, encryption) => {
    const writing = gathered(writePskc(tokens as TokenRecord[], { encryption, randomBytes }));
    await expect(writing).rejects.toMatchObject({ name: 'TokenFileError', code: 'invalid-argument' });
  });
});
