import { expect, test } from 'vitest';
import { PASSWORD, rowsOf, sample } from '../../test/ctf-files.ts';

const link = sample('A-8digit-60s-pinpad.android.url');
const digits = sample('A-8digit-60s-pinpad.ctf');
const other = sample('D-6digit-30s-fob.ctf');

test('one a line; a broken one is a bad row', async () => {
  const bad = `${other.slice(0, -1)}0`;
  const rows = await rowsOf(`# stock\n${link}\n\n${bad}\n${sample('D-6digit-30s-fob.v3.url')}\n`);
  expect(rows).toMatchObject([
    { line: 2, kind: 'token', serialNumber: '000123456789' },
    { line: 4, kind: 'bad', code: 'row.damaged' },
    { line: 5, kind: 'token', serialNumber: '000000000042' },
  ]);
});

test('what is no token between tokens is a bad row, and does not silence the others', async () => {
  const short = other.slice(0, 70);
  expect(await rowsOf(`${link}\nof Alice\n${short}\n${other}`)).toMatchObject([
    { line: 1, kind: 'token' },
    { line: 2, kind: 'bad', code: 'row.malformed' },
    { line: 3, kind: 'bad', code: 'row.malformed' },
    { line: 4, kind: 'token' },
  ]);
});

test('a link of CT-KIP is left out', async () => {
  const ctKip = 'com.rsa.securid://ctkip?scheme=https&url=x&activationCode=1';
  expect(await rowsOf(`${link}\n${ctKip}\n${other}`)).toMatchObject([
    { line: 1, kind: 'token' },
    { line: 2, kind: 'skipped', message: expect.stringContaining('CT-KIP') },
    { line: 3, kind: 'token' },
  ]);
});

test('a single token below a comment has its own line', async () => {
  expect(await rowsOf(`# stock\n\n${digits}\n`)).toMatchObject([{ line: 3, kind: 'token' }]);
});

test('a mail, or digits in groups over several lines, are one token', async () => {
  expect(await rowsOf(`Dear A,\nopen ${link}\nBye`)).toHaveLength(1);
  expect(await rowsOf(`Dear A,\n\n${link}\n\n24 hours from now it is gone.`)).toHaveLength(1);
  expect(await rowsOf(sample('A-8digit-60s-pinpad.blocks.ctf').replaceAll('-', '\n'))).toHaveLength(1);
  expect(await rowsOf(`${digits.slice(0, 76)}\n${digits.slice(76)}`)).toHaveLength(1);
});

test('a mail in quoted-printable is one token, in both of its parts', async () => {
  const encoded = link.replace('=', '=3D').replace(/.{70}/g, '$&=\r\n');
  const mail = `Open\r\n${encoded}\r\n--part\r\n<a href=3D"${encoded}">this</a>\r\n`;
  expect(await rowsOf(mail)).toMatchObject([{ kind: 'token', serialNumber: '000123456789' }]);
});

test('one password for all; without it the file is locked', async () => {
  const locked = `${sample('A.pw.ctf')}\n${sample('A.v3-pw.url')}`;
  await expect(rowsOf(locked)).rejects.toMatchObject({ code: 'password-required' });
  expect(await rowsOf(locked, { password: PASSWORD })).toHaveLength(2);
});

test('no token, no text, too much of it', async () => {
  await expect(rowsOf('')).rejects.toMatchObject({ code: 'malformed' });
  await expect(rowsOf('# nothing\n')).rejects.toMatchObject({ code: 'malformed' });
  await expect(rowsOf(`${link}\n`.repeat(40_000))).rejects.toMatchObject({ code: 'too-large' });
});
