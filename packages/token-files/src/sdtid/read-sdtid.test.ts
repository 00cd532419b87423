import { describe, expect, test } from 'vitest';
import { fileOf, record, rowsOf, sample, signedFile } from '../../test/sdtid-files.ts';
import type { FileRow } from '../token-record.ts';

const PASSWORD = 'Sesame-42!';
const a = {
  serialNumber: '000123456789',
  algorithm: 'SECURID',
  seed: record.seed,
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'PINPAD',
  startsOn: '2000-01-01',
  expiresOn: '2035-12-31',
  userName: 'alice',
  firstName: 'Alice',
  lastName: 'Example',
  nickname: 'Alice phone',
  copyProtected: true,
};
const deviceId = 'a01c4380-fc01-4df0-b113-7fb98ec74694';

describe('the samples of stoken', () => {
  test.each([
    ['A-8digit-60s-pinpad.sdtid', undefined, a],
    ['A-8digit-60s-pinpad.sdtid', 'one that is not needed', a],
    ['A.dev.sdtid', undefined, { ...a, deviceId }],
    ['A.pw.sdtid', PASSWORD, a],
    ['A.pw.sdtid', ` ${PASSWORD}\n`, a],
    ['A.pw-dev.sdtid', PASSWORD, { ...a, deviceId }],
    [
      'D-6digit-30s-fob.sdtid',
      undefined,
      {
        ...a,
        serialNumber: '000000000042',
        seed: new Uint8Array(Buffer.from('ffeeddccbbaa99887766554433221100', 'hex')),
        digits: 6,
        intervalSeconds: 30,
        pinStyle: 'FOB',
      },
    ],
  ])('%s with password %s', async (name, password, token) => {
    expect(await rowsOf(sample(name), password)).toEqual([
      { line: 34, serialNumber: token.serialNumber, kind: 'token', token },
    ]);
  });

  test.each([
    ['password-required', undefined],
    ['password-required', ' '],
    ['wrong-password', 'sesame-42!'],
  ])('%s: %s', async (code, password) => {
    await expect(rowsOf(sample('A.pw.sdtid'), password)).rejects.toMatchObject({
      name: 'TokenFileError',
      code,
      line: 3,
    });
  });

  test('cut anywhere, with a byte order mark, CRLF, and text before the declaration', async () => {
    const text = sample('A.pw.sdtid').toString();
    const octet = [...sample('A.pw.sdtid')].map((one) => Uint8Array.of(one));
    const [row] = await rowsOf(octet, PASSWORD);
    for (const file of [
      `\ufeff${text}`,
      text.replaceAll('\n', '\r\n'),
      text.replace('<?xml version="1.0"?>\n', '\n'),
    ]) {
      expect(await rowsOf(file, PASSWORD)).toEqual([row]);
    }
    expect(await rowsOf(`\ufeff\n\nHello <you>,\nyour token:\n${text}`, PASSWORD)).toEqual([
      { ...row, line: 38 },
    ]);
  });
});

/** The file with a change that whoever made it did not make. */
const changed = (name: string, from: string, to: string): string => {
  const text = sample(name).toString();
  expect(text).toContain(from);
  return text.replace(from, to);
};
const PLAIN = 'A-8digit-60s-pinpad.sdtid';

describe('damaged, not locked', () => {
  test.each([
    [PLAIN, undefined],
    ['A.pw.sdtid', PASSWORD],
  ])('a changed header of %s', async (name, password) => {
    const file = changed(name, '<DefDigits>8<', '<DefDigits>6<');
    await expect(rowsOf(file, password)).rejects.toMatchObject({ code: 'damaged', line: 3 });
  });

  test.each([
    ['<Nickname>Alice phone', '<Nickname>Malory phone'],
    ['=SIL1', '=SIL2'],
    ['TokenMAC>KN2n', 'TokenMAC>KN2m'],
    ['<TokenMAC>KN2nemUXNaOflLfzZuJtDQ==', '<TokenMAC>short'],
  ])('a token: %s', async (from, to) => {
    expect(await rowsOf(changed(PLAIN, from, to))).toMatchObject([
      { line: 34, serialNumber: '000123456789', kind: 'bad', code: 'row.damaged' },
    ]);
  });

  test('a later token is a row of its own', async () => {
    const tokens = ['1', '2', '3'].map((last) => ({ ...record, serialNumber: `00000000000${last}` }));
    const file = (await fileOf(tokens)).replace('<SN>000000000002', '<SN>000000000009');
    expect((await rowsOf(file)).map(({ kind, serialNumber }) => [kind, serialNumber])).toEqual([
      ['token', '000000000001'],
      ['bad', '000000000009'],
      ['token', '000000000003'],
    ]);
  });

  test('what keys are made of cannot be told from a wrong password', async () => {
    const file = changed(PLAIN, '<Origin>Example', '<Origin>Exemplary');
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'password-required' });
    await expect(rowsOf(file, 'x')).rejects.toMatchObject({ code: 'wrong-password' });
  });
});

const only = async (file: string): Promise<FileRow> => {
  const rows = await rowsOf(file);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

describe('what a token says itself, and what its header says', () => {
  test('nothing said: 6 digits, 60 seconds, no PIN', async () => {
    const file = signedFile({ DefDigits: undefined, DefInterval: undefined }, {});
    expect(await only(file)).toEqual({
      line: 10,
      serialNumber: '000123456789',
      kind: 'token',
      token: {
        serialNumber: '000123456789',
        algorithm: 'SECURID',
        seed: record.seed,
        digits: 6,
        intervalSeconds: 60,
        pinStyle: 'NONE',
        expiresOn: '2035-12-31',
      },
    });
  });

  test.each([
    [{ DefDigits: '6' }, { Digits: '8' }, { digits: 8 }],
    [{ DefDigits: undefined, Digits: '8' }, {}, { digits: 8 }],
    [{}, { Digits: '0x6' }, { digits: 6 }],
    [{}, { Digits: ' 010 ' }, { digits: 8 }],
    [{}, { Interval: '30' }, { intervalSeconds: 30 }],
    [{}, { Interval: '45' }, { intervalSeconds: 30 }],
    [{ DefInterval: '30' }, { Interval: '60' }, { intervalSeconds: 60 }],
    [{ DefAlg: '0' }, { Alg: '2' }, { algorithm: 'SECURID' }],
    [{ DefAddPIN: '1' }, {}, { pinStyle: 'PINPAD' }],
    [{ DefAddPIN: '1', DefLocalPIN: '1' }, {}, { pinStyle: 'PINPAD' }],
    [{ DefAddPIN: '1', DefLocalPIN: '1' }, { AddPIN: '0' }, { pinStyle: 'FOB' }],
    [{ DefAddPIN: '1' }, { AddPIN: '0' }, { pinStyle: 'NONE' }],
    [{ DefDeath: '2030/01/02' }, { Death: '2031/2/9' }, { expiresOn: '2031-02-09' }],
    [{ DefBirth: '2020/02/29' }, {}, { startsOn: '2020-02-29' }],
    [{ DefCopyProtection: '1' }, { CopyProtection: '0' }, { copyProtected: false }],
    [{}, { UserLogin: ' \n', UserFirstName: ' <Zoë> & «Ω» ' }, { firstName: '<Zoë> & «Ω»' }],
    [{}, { SN: ' 42 ' }, { serialNumber: '000000000042', seed: record.seed }],
    [{}, { DeviceSerialNumber: ' ', Dest: '', Nickname: '' }, { digits: 8 }],
  ])('header %j, token %j', async (header, token, expected) => {
    const row = await only(signedFile(header, token));
    expect(row).toMatchObject({ kind: 'token', token: expected });
    expect(row.kind === 'token' && 'userName' in row.token).toBe(false);
  });

  test.each([
    ['skipped', 'row.algorithm', { Alg: '0' }],
    ['skipped', 'row.digits', { Digits: '7' }],
    ['skipped', 'row.digits', { Digits: '-8' }],
    ['bad', 'row.malformed', { Digits: 'abc' }],
    ['bad', 'row.malformed', { Digits: '8 digits' }],
    ['bad', 'row.malformed', { Digits: '08' }],
    ['bad', 'row.malformed', { AddPIN: '' }],
    ['bad', 'row.malformed', { Interval: '9'.repeat(40) }],
    ['bad', 'row.malformed', { Seed: undefined }],
    ['bad', 'row.seed', { Seed: '=' }],
    ['bad', 'row.seed', { Seed: '=AAECAwQFBgcICQoLDA0ODxA=' }],
    ['bad', 'row.seed', { Seed: '=AAECAwQFBgcICQoLDA0OD*==' }],
    ['bad', 'row.serial_number', { SN: '' }],
    ['bad', 'row.serial_number', { SN: '1234567890123' }],
    ['bad', 'row.serial_number', { SN: '12345678901x' }],
    ['bad', 'row.date', { Death: ' ' }],
    ['bad', 'row.date', { Death: '2035/02/30' }],
    ['bad', 'row.date', { Death: '2035-02-03' }],
    ['bad', 'row.date', { Death: '0000/01/01' }],
    ['bad', 'row.date', { Birth: 'yesterday' }],
  ])('%s %s: %j', async (kind, code, token) => {
    expect(await only(signedFile({}, token))).toMatchObject({ kind, code });
  });

  test('no last day at all', async () => {
    expect(await only(signedFile({ DefDeath: undefined }, {}))).toMatchObject({ code: 'row.date' });
  });
});

describe('unusable as a whole', () => {
  test.each([
    ['malformed', 'text'],
    ['malformed', '<KeyContainer/>'],
    ['malformed', '<TKNBatch/>'],
    ['malformed', '<TKNBatch><TKN/><TKNHeader/></TKNBatch>'],
    ['malformed', signedFile({})],
    ['malformed', signedFile({}, {}).replace('<TKNTrailer/>', '')],
    ['malformed', signedFile({}, {}).replace('<TKNTrailer/>', '<TKNHeader/>')],
    ['malformed', signedFile({}, {}).replace('</TKNBatch>', '')],
    ['malformed', signedFile({ DefDigits: 'abc' }, {})],
    ['malformed', signedFile({ DefDeath: 'never' }, {})],
    ['malformed', signedFile({ Origin: undefined }, {})],
    ['malformed', signedFile({ Dest: undefined }, {})],
    ['malformed', signedFile({ Name: undefined }, {})],
    ['malformed', signedFile({ Secret: undefined }, {})],
    ['malformed', signedFile({ Secret: 'c2hvcnQ=' }, {})],
    ['malformed', signedFile({}, {}).replace(/<HeaderMAC>.*<\/HeaderMAC>/, '')],
    ['doctype', `<!DOCTYPE TKNBatch [<!ENTITY a "b">]>${signedFile({}, {})}`],
    ['too-large', signedFile({}, { Nickname: 'x'.repeat(70_000) })],
    ['malformed', 'x'.repeat(200_000)],
    ['malformed', ''],
  ])('%s, case %$', async (code, file) => {
    await expect(rowsOf(file)).rejects.toMatchObject({ name: 'TokenFileError', code });
  });

  test('lines count from the beginning of the file', async () => {
    const file = `Dear all,\n\n<?xml version="1.0"?>\n<TKNBatch>\n</TKN>`;
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'malformed', line: 5 });
  });
});
