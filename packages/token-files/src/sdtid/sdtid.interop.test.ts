import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { afterAll, describe, expect, test } from 'vitest';
import { fileOf, record, rowsOf } from '../../test/sdtid-files.ts';
import type { TokenRecord } from '../token-record.ts';

const missing = spawnSync('stoken', ['--version']).error !== undefined;
// To standard error, where no reporter folds it away.
if (missing)
  process.stderr.write(
    '\n*** stoken is missing: interop tests of SDTID are SKIPPED (apt-get install stoken) ***\n\n',
  );

// A home of its own: whoever runs the tests may have a token in theirs.
const home = mkdtempSync(join(tmpdir(), 'sdtid-'));
afterAll(() => rmSync(home, { recursive: true }));

function saved(text: string): string {
  const path = join(home, 'token.sdtid');
  writeFileSync(path, text);
  return path;
}

function stoken(...args: string[]): { code: number | null; output: string; errors: string } {
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync('stoken', args, { encoding: 'utf8', env, input: '' });
  return { code: status, output: stdout.trim(), errors: stderr.trim() };
}

const AT = 1_700_000_000;
const ours = (token: TokenRecord): string =>
  securidTokencode({
    seed: token.seed,
    serialNumber: token.serialNumber,
    digits: token.digits,
    intervalSeconds: token.intervalSeconds as 30 | 60,
    at: AT,
  });
const code = (file: string, ...args: string[]) =>
  stoken('tokencode', '--file', file, `--use-time=${AT}`, '--batch', ...args);

describe('stoken reads what we write', () => {
  const variants: [string, Partial<TokenRecord>, Parameters<typeof fileOf>[1]][] = [
    ['a token', {}, {}],
    ['a password', {}, { password: 'Sesame-42!' }],
    ['a password of 32 bytes in UTF-8', {}, { password: 'ä'.repeat(16) }],
    ['6 digits, 30 seconds, fob', { digits: 6, intervalSeconds: 30, pinStyle: 'FOB' }, {}],
    ['no PIN', { pinStyle: 'NONE' }, { password: 'p' }],
    [
      'names that need care',
      { userName: `<&"'>]]>\r\n`, firstName: 'Zoë 日本 😀', lastName: '\u0000\u0085x' },
      {},
    ],
    ['a device', { deviceId: 'a01c4380-fc01-4df0-b113-7fb98ec74694', nickname: 'x' }, { password: 'pw' }],
    ['names of all lengths', {}, { name: 'Näme '.repeat(20), origin: 'Ö'.repeat(100), destination: 'D' }],
    ['no names', {}, { name: ' ', origin: ' ', destination: '' }],
  ];

  test.skipIf(missing).each(variants)('%s', async (_, change, options) => {
    const token = { ...record, ...change };
    const file = saved(await fileOf([token], options));
    const password = options?.password === undefined ? [] : ['--password', options.password];
    expect(code(file, ...password, '--pin', '0000')).toEqual({ code: 0, output: ours(token), errors: '' });
    const shown = stoken('show', '--file', file, '--seed', '--batch', ...password).output;
    expect(shown).toMatch(new RegExp(`Serial number\\s*: ${token.serialNumber}`));
    expect(shown).toContain(
      Buffer.from(token.seed)
        .toString('hex')
        .replace(/..(?=.)/g, '$& '),
    );
  });

  test.skipIf(missing)('odd lengths of names, which decide the padding of the MAC', async () => {
    for (let length = 0; length < 34; length += 1) {
      const token = { ...record, userName: 'u'.repeat(length), nickname: 'n'.repeat((length * 7) % 33) };
      const file = saved(
        await fileOf([token], { name: 'N'.repeat(length), destination: 'D'.repeat(length * 3) }),
      );
      expect(code(file, '--pin', '0000')).toMatchObject({ code: 0, output: ours(token) });
    }
  });

  test.skipIf(missing)('a token that differs from its header', async () => {
    const second: TokenRecord = {
      ...record,
      serialNumber: '000000000077',
      digits: 6,
      intervalSeconds: 30,
      pinStyle: 'NONE',
      expiresOn: '2034-02-03',
      copyProtected: false,
    };
    const [head, , other] = (await fileOf([record, second])).split(/(?= {2}<TKN>)/);
    const file = saved(head! + other!);
    expect(code(file)).toEqual({ code: 0, output: ours(second), errors: '' });
    expect(stoken('show', '--file', file, '--batch').output).toContain('2034/02/04');
  });

  test.skipIf(missing)('and refuses what we call damaged or locked', async () => {
    const plain = await fileOf([record]);
    const header = saved(plain.replace('<DefDigits>8', '<DefDigits>6'));
    expect(code(header).errors).toContain('header MAC check failed');
    const token = saved(plain.replace('<UserLogin> ', '<UserLogin>x'));
    expect(code(token).errors).toContain('token MAC check failed');
    const locked = saved(await fileOf([record], { password: 'right' }));
    expect(code(locked, '--password', 'wrong', '--pin', '0000').code).not.toBe(0);
  });
});

describe('we read what stoken makes', () => {
  const seed = '=AAECAwQFBgcICQoLDA0ODw==';
  const template = (header: string, token: string) =>
    `<?xml version="1.0"?><TKNBatch><TKNHeader><Secret>WTFNzycMvOXcvS7UKDpKWA==</Secret><DefDeath>2035/12/31</DefDeath>${header}</TKNHeader><TKN><SN>000123456789</SN><Seed>${seed}</Seed>${token}</TKN></TKNBatch>`;
  const exported = (header: string, token: string, ...args: string[]): string => {
    const { code: status, output } = stoken(
      'export',
      '--random',
      '--sdtid',
      '--template',
      saved(template(header, token)),
      ...args,
    );
    expect(status).toBe(0);
    return `${output}\n`;
  };
  const classId = 'a01c4380-fc01-4df0-b113-7fb98ec74694';

  test.skipIf(missing).each<[string, string, string[], string | undefined, Partial<TokenRecord>]>([
    ['plain', '', [], undefined, { digits: 8, intervalSeconds: 60, pinStyle: 'PINPAD' }],
    ['with a password', '', ['--new-password=Sesame-42!'], 'Sesame-42!', {}],
    ['for a device', '', [`--new-devid=${classId}`], undefined, { deviceId: classId }],
    ['with both', '', ['--new-password=a b', `--new-devid=${classId}`], 'a b', { deviceId: classId }],
    ['with a password over 32 bytes', '', [`--new-password=${'x'.repeat(38)}`], 'x'.repeat(38), {}],
    [
      'named',
      '<Name>Zoë &amp; Co, a name that is cut</Name><Origin> O </Origin><Dest> </Dest>',
      [],
      undefined,
      {},
    ],
    [
      '6 digits, 30 s',
      '<DefDigits>6</DefDigits><DefInterval>30</DefInterval>',
      [],
      undefined,
      { digits: 6, intervalSeconds: 30 },
    ],
    ['fob', '<DefAddPIN>0</DefAddPIN>', ['--new-password=p'], 'p', { pinStyle: 'FOB' }],
    ['no PIN', '<DefAddPIN>0</DefAddPIN><DefLocalPIN>0</DefLocalPIN>', [], undefined, { pinStyle: 'NONE' }],
  ])('%s', async (_, header, args, password, expected) => {
    const names =
      '<UserFirstName> Zoë </UserFirstName><UserLastName>&lt;b&gt; &amp; 日本</UserLastName><UserLogin/>';
    const rows = await rowsOf(exported(header, names, ...args), password);
    expect(rows).toMatchObject([
      {
        kind: 'token',
        token: {
          serialNumber: '000123456789',
          seed: record.seed,
          firstName: 'Zoë',
          lastName: '<b> & 日本',
          ...expected,
        },
      },
    ]);
    expect(rows[0]!.kind === 'token' && 'userName' in rows[0]!.token).toBe(false);
  });

  test.skipIf(missing)('texts of all lengths, and what a token says itself', async () => {
    for (let length = 0; length < 40; length += 1) {
      const token = `<UserLogin>${'u'.repeat(length)}</UserLogin><Digits>6</Digits><Precision>${'1'.repeat(length % 7)}</Precision><TokenAttributes><Nickname>${'n'.repeat((length * 5) % 31)}</Nickname></TokenAttributes>`;
      const rows = await rowsOf(exported(`<Name>${'ü'.repeat(length)}</Name>`, token));
      expect(rows).toMatchObject([{ kind: 'token', token: { digits: 6, seed: record.seed } }]);
    }
  });
});
