import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenRecord } from '../token-record.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { type CtfOptions, writeCtf } from './write-ctf.ts';

const isMissing = spawnSync('stoken', ['--version']).error !== undefined;
// To standard error, where no reporter folds it away.
if (isMissing)
  process.stderr.write(
    '\n*** stoken is missing: interop tests of CTF are SKIPPED (apt-get install stoken) ***\n\n',
  );

const AT = 1_700_000_000;
const DEVICE = '0123456789ABCDEF01234567';
const random = (length: number) => new Uint8Array(randomBytes(length));

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'symbolon-stoken-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs stoken with no settings of anybody's; answers its last line, for it tells of guessed devices before. */
function stoken(...args: string[]): string {
  const output = execFileSync('stoken', args, { env: { ...process.env, HOME: home }, encoding: 'utf8' });
  return output.trim().split('\n').at(-1)!;
}

const tokenOf = (more: Partial<TokenRecord> = {}): TokenRecord => ({
  serialNumber: String(randomBytes(4).readUInt32BE()).padStart(12, '0'),
  algorithm: 'SECURID',
  seed: random(16),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'NONE',
  expiresOn: '2036-06-30',
  ...more,
});
const codeOf = ({ serialNumber, seed, digits, intervalSeconds }: TokenRecord) =>
  securidTokencode({ serialNumber, seed, digits, intervalSeconds: intervalSeconds as 30 | 60, at: AT });
const locks = ({ password, deviceId }: { password?: string; deviceId?: string }) => [
  ...(password ? ['--password', password] : []),
  ...(deviceId ? ['--devid', deviceId] : []),
];

describe.skipIf(isMissing)('stoken reads what we write', () => {
  const ways: Pick<CtfOptions, 'version' | 'wrapper'>[] = [
    { version: 2, wrapper: 'DIGITS' },
    { version: 2, wrapper: 'BLOCKS' },
    { version: 2, wrapper: 'IOS_OLD' },
    { version: 2, wrapper: 'ANDROID' },
    { version: 3, wrapper: 'ANDROID' },
  ];
  const keys = [
    {},
    { password: 'Sesame-42!' },
    { deviceId: DEVICE },
    { password: 'pässwörd', deviceId: DEVICE },
    { deviceId: classGuids.android },
  ];
  test.each(ways.flatMap((way) => keys.map((key) => [way, key] as const)))('%j with %j', (way, key) => {
    for (const shape of [
      { digits: 8, intervalSeconds: 60 },
      { digits: 6, intervalSeconds: 30 },
    ] as const) {
      const token = tokenOf(shape);
      const text = writeCtf(token, { ...way, ...key, randomBytes: random });
      const args = [
        'tokencode',
        `--token=${text}`,
        `--use-time=${AT}`,
        '--pin',
        '0000',
        '--batch',
        ...locks(key),
      ];
      expect(stoken(...args)).toBe(codeOf(token));
    }
  });
});

describe.skipIf(isMissing)('we read what stoken makes', () => {
  const own = { version: 2, wrapper: 'DIGITS', randomBytes: random } as const;
  const forms = [[], ['--blocks'], ['--iphone'], ['--android'], ['--v3']];
  const keys = [{}, { password: 'Sesame-42!' }, { deviceId: DEVICE }, { password: 'a b', deviceId: DEVICE }];
  test.each(forms.flatMap((form) => keys.map((key) => [form, key] as const)))('%j with %j', (form, key) => {
    const token = tokenOf();
    const given = [
      ...(key.password ? [`--new-password=${key.password}`] : []),
      ...(key.deviceId ? [`--new-devid=${key.deviceId}`] : []),
    ];
    const made = stoken('export', `--token=${writeCtf(token, own)}`, ...form, ...given);
    // It says nothing and ends well where it cannot.
    expect(made).not.toBe('');
    const spaced = `\n ${made.slice(0, 7)}${form.length === 0 ? ' ' : ''}${made.slice(7)} \r\n`;
    expect(parseCtf(spaced, key)).toMatchObject({
      serialNumber: token.serialNumber,
      seed: token.seed,
      digits: 8,
      intervalSeconds: 60,
      expiresOn: token.expiresOn,
    });
  });
});
