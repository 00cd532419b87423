import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { totpCode } from '@symbolon/tokencode/totp';
import { afterAll, describe, expect, test } from 'vitest';
import { pskcRows, pskcText, samplePskc, seed, sharedKey, token } from '../../test/pskc-files.ts';
import type { TokenRecord } from '../token-record.ts';

const python = '/usr/bin/python3';
const schema = '/usr/share/xml/pskc/pskc-schema.xsd';

const runs = (program: string, ...given: string[]): boolean => spawnSync(program, given).status === 0;
/** Whether a program is there; if not, one loud line. */
function has(name: string, there: boolean): boolean {
  // oxlint-disable-next-line no-console -- a test that is skipped has to be seen
  if (!there) console.warn(`\n!!! ${name} is not installed: interop tests with it are SKIPPED !!!\n`);
  return there;
}
const hasPython = has('python3-pskc', runs(python, '-c', 'import pskc'));
const hasPskctool = has('pskctool', runs('pskctool', '--version'));
const hasOathtool = has('oathtool', runs('oathtool', '--version'));
const hasSchema = has('xmllint with the PSKC schema', existsSync(schema) && runs('xmllint', '--version'));

const folder = mkdtempSync(join(tmpdir(), 'symbolon-pskc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const saved = (xml: string): string => {
  const path = join(folder, 'file.xml');
  writeFileSync(path, xml);
  return path;
};
const pythonSays = (code: string, ...given: string[]): string =>
  execFileSync(python, ['-c', code, ...given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const tokens: TokenRecord[] = [
  {
    ...token,
    userName: 'uid=jane,dc=example',
    nickname: 'Jané & <co>',
    startsOn: '2024-01-01',
    expiresOn: '2034-01-31',
  },
  {
    ...token,
    serialNumber: 'T-2',
    digits: 8,
    intervalSeconds: 60,
    hashAlgorithm: 'SHA256',
    pinStyle: 'FOB',
    deviceId: 'd',
  },
  {
    ...token,
    serialNumber: 'T-3',
    seed: new Uint8Array(64).fill(200),
    hashAlgorithm: 'SHA512',
    pinStyle: 'PINPAD',
  },
];
const password = 'pässwörd "<&>';
const key256 = Buffer.alloc(32, 17);
const ways = [
  ['plain', { kind: 'none' }],
  ['AES-128', { kind: 'key', key: sharedKey, name: 'K & K' }],
  ['AES-256', { kind: 'key', key: key256, name: 'K' }],
  ['password', { kind: 'password', password, iterations: 2000 }],
  ['password, AES-128', { kind: 'password', password, iterations: 2000, keyBits: 128 }],
] as const;

describe('what Symbolon writes', () => {
  test.skipIf(!hasSchema).each(ways)('is valid by the schema: %s', async (_, encryption) => {
    const path = saved(await pskcText(tokens, encryption));
    const result = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, path], {
      env: { ...process.env, XML_CATALOG_FILES: '/usr/share/xml/pskc/catalog-pskc.xml' },
      encoding: 'utf8',
    });
    expect(result).toMatchObject({ status: 0, stderr: expect.stringContaining('validates') });
  });

  test.skipIf(!hasPython).each(ways)('is read by python3-pskc: %s', async (_, encryption) => {
    const path = saved(await pskcText(tokens, encryption));
    const code = `
import sys, json
from pskc import PSKC
p = PSKC(sys.argv[1])
if sys.argv[2]: p.encryption.derive_key(sys.argv[2])
if sys.argv[3]: p.encryption.key = bytes.fromhex(sys.argv[3])
print(json.dumps([[k.serial, k.secret.hex(), k.check(), k.algorithm_suite, k.response_length, k.time_interval,
  k.userid, k.friendly_name, k.policy.pin_usage, str(k.policy.expiry_date), k.device_binding] for k in p.keys]))`;
    const secret = [
      encryption.kind === 'password' ? password : '',
      encryption.kind === 'key' ? encryption.key.toString('hex') : '',
    ];
    const expected = tokens.map((one) => [
      one.serialNumber,
      Buffer.from(one.seed).toString('hex'),
      true,
      one.hashAlgorithm === 'SHA1' ? null : `HMAC-${one.hashAlgorithm}`,
      one.digits,
      one.intervalSeconds,
      one.userName ?? null,
      one.nickname ?? null,
      { NONE: null, FOB: 'Prepend', PINPAD: 'Algorithmic' }[one.pinStyle],
      one.expiresOn ? `${one.expiresOn} 23:59:59+00:00` : 'None',
      one.deviceId ?? null,
    ]);
    expect(JSON.parse(pythonSays(code, path, ...secret))).toEqual(expected);
  });

  test.skipIf(!hasPython)('is not opened by another password', async () => {
    const path = saved(await pskcText(tokens, { kind: 'password', password, iterations: 1000 }));
    const code = `
import sys
from pskc import PSKC
p = PSKC(sys.argv[1]); p.encryption.derive_key('other')
try: print(p.keys[0].check())
except Exception as e: print(type(e).__name__)`;
    expect(pythonSays(code, path).trim()).toBe('DecryptionError');
  });

  test.skipIf(!hasPskctool)('is valid for pskctool, which lists it', async () => {
    const path = saved(await pskcText(tokens, { kind: 'none' }));
    // Without --quiet it says FAIL and answers 0.
    expect(spawnSync('pskctool', ['--validate', '--quiet', path]).status).toBe(0);
    expect(spawnSync('pskctool', ['--validate', '--quiet', saved('<KeyContainer/>')]).status).toBe(1);
    const listing = spawnSync(
      'pskctool',
      ['--info', '--strict', saved(await pskcText(tokens, { kind: 'none' }))],
      {
        encoding: 'utf8',
      },
    );
    expect(listing.status).toBe(0);
    for (const line of [
      'SerialNo: 00000001',
      'FriendlyName: Jané & <co>',
      'Algorithm Parameters Suite: HMAC-SHA512',
    ])
      expect(listing.stdout).toContain(line);
    expect(listing.stdout).toContain(Buffer.from(seed).toString('base64'));
  });

  test.skipIf(!hasPython || !hasOathtool)('gives oathtool the seed of the same codes', async () => {
    const path = saved(await pskcText(tokens, { kind: 'password', password, iterations: 1000 }));
    const code = `
import sys
from pskc import PSKC
p = PSKC(sys.argv[1]); p.encryption.derive_key(sys.argv[2])
print('\\n'.join(k.secret.hex() for k in p.keys))`;
    const seeds = pythonSays(code, path, password).trim().split('\n');
    const at = 1_700_000_000;
    for (const [index, one] of tokens.entries()) {
      const { hashAlgorithm = 'SHA1', digits, intervalSeconds } = one;
      const given = [
        `--totp=${hashAlgorithm}`,
        '-d',
        String(digits),
        '-s',
        `${intervalSeconds}s`,
        '-N',
        `@${at}`,
      ];
      const shown = execFileSync('oathtool', [...given, seeds[index]!], { encoding: 'utf8' }).trim();
      const interval = intervalSeconds as 30 | 60;
      expect(totpCode({ ...one, hashAlgorithm, intervalSeconds: interval, at })).toBe(shown);
    }
  });
});

describe('what python3-pskc writes is read', () => {
  const made = (setup: string): string =>
    pythonSays(`
from pskc import PSKC
import datetime, io
p = PSKC()
for serial in ('P-1', 'P-2'):
    k = p.add_key(id=serial, serial=serial, secret=b'12345678901234567890', time_offset=0, time_interval=60,
      algorithm='urn:ietf:params:xml:ns:keyprov:pskc:totp', algorithm_suite='HMAC-SHA256', response_length=8,
      response_encoding='DECIMAL', key_userid='jane')
    k.policy.expiry_date = datetime.datetime(2031, 5, 6, 7, 8, 9)
${setup}
out = io.BytesIO(); p.write(out); print(out.getvalue().decode())`);
  const expected = ['P-1', 'P-2'].map((serialNumber) => ({
    kind: 'token',
    token: {
      serialNumber,
      seed,
      digits: 8,
      intervalSeconds: 60,
      hashAlgorithm: 'SHA256',
      userName: 'jane',
      expiresOn: '2031-05-06',
    },
  }));
  const allFields = "fields=['secret', 'time_offset', 'time_interval']";

  test.skipIf(!hasPython).each([
    ['plain', '', {}],
    ['PBKDF2', "p.encryption.setup_pbkdf2('qwerty', iterations=2000)", { password: 'qwerty' }],
    [
      'PBKDF2 with the PRF as text, which it cannot read itself',
      "p.encryption.setup_pbkdf2('qwerty', iterations=2000, prf='hmac-sha256', algorithm='aes256-cbc')",
      { password: 'qwerty' },
    ],
    [
      'AES-128, numbers encrypted too',
      `p.encryption.setup_preshared_key(key=bytes.fromhex('${sharedKey.toString('hex')}'), ${allFields})`,
      { key: sharedKey },
    ],
    [
      'AES-256, HMAC-SHA512',
      `p.mac.setup(algorithm='hmac-sha512'); p.encryption.setup_preshared_key(key=bytes([17] * 32), algorithm='aes256-cbc')`,
      { key: key256 },
    ],
    [
      'AES key wrap',
      "p.encryption.setup_preshared_key(key=bytes([17] * 32), algorithm='kw-aes256')",
      { key: key256 },
    ],
  ])('%s', async (_, setup, unlocking) => {
    expect(await pskcRows(made(setup), unlocking)).toMatchObject(expected);
  });

  test.skipIf(!hasPskctool)('and what pskctool prints', async () => {
    const path = saved(samplePskc('own-plain.xml'));
    const xml = execFileSync('pskctool', ['--info', '--verbose', '--quiet', path], { encoding: 'utf8' });
    expect(await pskcRows(xml.slice(xml.indexOf('<?xml')))).toMatchObject([
      { kind: 'token', token: { serialNumber: '00000001', digits: 8, hashAlgorithm: 'SHA256' } },
    ]);
  });
});
