import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gathered, seed } from '../../test/pskc-files.ts';
import { withinLimits } from '../../test/within-limits.ts';
import { TokenFileError } from '../errors.ts';
import { writeOtpauth } from '../otpauth/write-otpauth.ts';
import { otpauthSerialNumber, readOtpauthList } from './read-otpauth-list.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const rows = (text: string) => gathered(readOtpauthList([octets(text)]));
const link = 'otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example';

test('the samples', async () => {
  const sample = readFileSync(new URL('../../test/samples/otpauth-uris.txt', import.meta.url), 'utf8');
  expect(await rows(sample)).toMatchObject([
    {
      kind: 'token',
      line: 1,
      token: { seed, userName: 'alice@example.com', nickname: 'Example', pinStyle: 'NONE', digits: 6 },
    },
    { kind: 'token', line: 2, token: { userName: 'john.doe@email.com', nickname: 'ACME Co' } },
  ]);
});

test('empty lines and remarks count as lines only', async () => {
  expect(await rows(`\uFEFF# list\r\n\r\n  ${link}  \r\n#${link}`)).toMatchObject([
    { kind: 'token', line: 3 },
  ]);
});

describe('the serial number', () => {
  test('is of issuer and account, not of the seed', async () => {
    const [one, other, another] = await rows(
      [link, link.replace('GEZD', 'MZXW'), link.replace(':alice', ':bob')].join('\n'),
    );
    expect(one?.serialNumber).toMatch(/^totp-[0-9a-f]{16}$/);
    expect(other?.serialNumber).toBe(one?.serialNumber);
    expect(another?.serialNumber).not.toBe(one?.serialNumber);
  });

  test('stays what it is from version to version', () => {
    expect(otpauthSerialNumber({ issuer: 'Example', account: 'alice@example.com' })).toBe(
      'totp-e9c2957ddf3b3707',
    );
  });
});

test.each([
  ['row.hotp', link.replace('totp/', 'hotp/')],
  ['row.digits', `${link}&digits=7`],
  ['row.algorithm', `${link}&algorithm=MD5`],
  ['row.algorithm', link.replace('totp/', 'steam/')],
  ['row.malformed', link.replace('GEZD', '1')],
  ['row.malformed', `${link}&period=0`],
  ['row.malformed', 'https://example.com'],
  ['row.malformed', 'otpauth-migration://offline?data=AAAA'],
  ['row.serial_number', link.replace('Example:alice', '')],
  ['row.seed', link.replace('GEZD', 'GEZD'.repeat(60))],
])('%s', async (code, text) => {
  const [row, next] = await rows(`${text}\n${link}`);
  expect(row).toMatchObject({ code, line: 1 });
  expect(row?.kind === 'token' ? '' : row?.message).not.toContain('GEZD');
  expect(next?.kind).toBe('token');
});

test('files that are refused', async () => {
  await expect(rows('# nothing\n')).rejects.toMatchObject({ code: 'malformed' });
  await expect(rows(`${link}\n${'x'.repeat(10_000)}`)).rejects.toMatchObject({ code: 'too-large', line: 2 });
  await expect(gathered(readOtpauthList([Uint8Array.of(0xff)]))).rejects.toMatchObject({ code: 'malformed' });
});

test('what was written is read', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .filter((text) => text === text.trim() && text !== '' && !/[:\p{Cc}\p{Cs}]/u.test(text));
  const token = fc.record({
    seed: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    issuer: name,
    account: name,
    hashAlgorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
    digits: fc.constantFrom(6 as const, 8 as const),
    intervalSeconds: fc.constantFrom(30, 60),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(token, { minLength: 1, maxLength: 5 }), async (tokens) => {
      const read = await rows(tokens.map(writeOtpauth).join('\n'));
      expect(read).toMatchObject(
        tokens.map(({ issuer, account, ...rest }) => ({
          token: { ...rest, userName: account, nickname: issuer },
        })),
      );
    }),
    { numRuns: 300 },
  );
});

test('whatever comes, there are rows or a TokenFileError', async () => {
  const text = `# x\n${link}\n${link}&digits=8\n`;
  const hostile = fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 6, unit: 'binary' }))
    .map(([at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone));
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
