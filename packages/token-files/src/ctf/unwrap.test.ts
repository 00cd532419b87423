import { describe, expect, test } from 'vitest';
import { A, DEVICE, PASSWORD, refusal, sample } from '../../test/ctf-files.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';

const digits = sample('A-8digit-60s-pinpad.ctf');
const blocks = sample('A-8digit-60s-pinpad.blocks.ctf');
const record = sample('A-8digit-60s-pinpad.v3.url').split('ctfData=')[1]!;
const link = `http://127.0.0.1/securid/ctf?ctfData=${digits}`;
const recordLink = `http://127.0.0.1/securid/ctf?ctfData=${record}`;
const inLines = (text: string, length: number, end: string) =>
  text.match(new RegExp(`.{1,${length}}`, 'gs'))!.join(end);

describe('what is around a token', () => {
  test.each([
    ['spaces and line ends', `  ${digits.slice(0, 40)}\r\n ${digits.slice(40)}\n`],
    ['groups with spaces', blocks.replaceAll('-', ' ')],
    ['groups with dashes over lines', inLines(blocks, 30, '\n')],
    ['the old iOS link', `com.rsa.securid.iphone://ctf?ctfData=${digits}`],
    ['the old iOS link with the slash of a mail program', `com.rsa.securid.iphone://ctf/?ctfData=${digits}`],
    ['a later iOS link', `com.rsa.securid://ctf?ctfData=${digits}`],
    ['a later iOS link with that slash', `com.rsa.securid://ctf/?ctfData=${digits}`],
    ['an Android link with that slash', `http://127.0.0.1/securid/ctf/?ctfData=${digits}`],
    ['BlackBerry', `http://ctf?ctfData=${digits}`],
    ['another letter case', `HTTP://127.0.0.1/securid/ctf?CTFDATA=${digits}`],
    ['groups in a link', `http://127.0.0.1/securid/ctf?ctfData=${blocks}`],
    ['a further parameter', `${link}&x=y`],
    ['a further parameter in front', `http://127.0.0.1/securid/ctf?x=y&ctfData=${digits}`],
    ['a further parameter behind version 3', `${recordLink}&x=y`],
    ['digits that are escaped', link.slice(0, -81) + digits.replace(/./g, '%3$&')],
    ['base64 that was decoded', `com.rsa.securid://ctf?ctfData=${decodeURIComponent(record)}`],
    ['escapes in small letters', recordLink.replace(/%../g, (escape) => escape.toLowerCase())],
    ['version 3 broken over lines', inLines(recordLink, 60, '\r\n')],
  ])('%s', (_, text) => {
    expect(parseCtf(text, {}).serialNumber).toBe(A.serialNumber);
  });
});

describe('a mail with a link in it', () => {
  test.each([
    ['plain', `Dear Alice,\n\nopen <${link}> on your phone.\nBye`],
    ['HTML', `<p>Dear Alice, <a href="${link}&amp;x=1">open this</a> on your phone</p>`],
    ['version 3', `Dear Alice,\nopen ${recordLink}\non your phone.`],
    ['version 3, then prose that could be base64', `Open ${recordLink}\nand then enter the code`],
    ['a full stop behind it', `Open ${link}. Bye`],
    ['a number behind it', `Open ${link} 2 times`],
    ['a number in the next paragraph', `Open\n${link}\n\n24 hours from now it is gone.`],
    ['a dash behind it', `Open ${link} - not later than on 24 May`],
    ['a break behind the equals sign', `Open ${link.replace('ctfData=', 'ctfData=\r\n')}\r\nBye`],
    ['words about it in front', `What stands behind ctfData= is secret: ${link}`],
    ['inside the link of a mail filter', `https://filter.example/?url=${encodeURIComponent(link)}&data=05`],
    ['version 3 inside such a link', `https://filter.example/?url=${encodeURIComponent(recordLink)}&d=05`],
    ['quoted-printable', `Link:\r\n${inLines(link.replaceAll('=', '=3D'), 70, '=\r\n')}\r\nBye`],
    ['quoted-printable, broken before =3D', `${link.replace('=', '=\r\n=3D')}\r\nBye`],
    ['quoted-printable with version 3', `${inLines(recordLink.replaceAll('=', '=3D'), 75, '=\r\n')}\r\nBye`],
  ])('%s', (_, text) => {
    expect(parseCtf(text, {}).serialNumber).toBe(A.serialNumber);
  });

  test('its own link counts for the device, whatever is around it', () => {
    const mail = `Dear A,\nopen ${sample('A.iphone-pw-dev.url')} now.\nBye`;
    expect(parseCtf(mail, { password: PASSWORD, deviceId: DEVICE })).toEqual({ ...A, deviceId: DEVICE });
  });
});

describe('a device id counts to another length outside its link', () => {
  const bound = sample('A.android-classguid.url').split('ctfData=')[1]!;
  test.each([
    ['digits taken out of the link', bound],
    ['another kind of link around them', `http://ctf?ctfData=${bound}`],
    ['a scheme in capitals, which is not the app’s', `HTTP://127.0.0.1/securid/ctf?ctfData=${bound}`],
    ['https, which is not the app’s', `https://127.0.0.1/securid/ctf?ctfData=${bound}`],
  ])('%s: both lengths are tried', (_, text) => {
    expect(parseCtf(text, { deviceId: classGuids.android }).seed).toEqual(A.seed);
    expect(parseCtf(text, {}).deviceId).toBe(classGuids.android);
  });

  test('digits that were bound outside are read in a link', () => {
    const text = `com.rsa.securid://ctf?ctfData=${sample('A.dev.ctf')}`;
    expect(parseCtf(text, { deviceId: DEVICE })).toEqual({ ...A, deviceId: DEVICE });
  });
});

describe('no token in it', () => {
  test.each([
    'com.rsa.securid://ctkip?scheme=https&url=https://am.example/ctkip/services/CtkipService&activationCode=1',
    'com.rsa.securid.iphone://ctkip/?scheme=https&url=x&activationCode=1',
    'http://127.0.0.1/securid/ctf?schema=https&url=https://am.example/ctkip/services/CtkipService&activationCode=1',
    'http://127.0.0.1/securid/ctf?scheme=https&url=https%3A%2F%2Fam.example%3A7004%2Fctkip%2Fservices&activationCode=1',
    'Dear Alice,\nopen http://127.0.0.1/securid/ctf/?scheme=https&url=am.example&activationCode=1\nBye',
  ])('%s is for CT-KIP', (text) => {
    expect(refusal(text)).toBe('unsupported');
    expect(() => parseCtf(text, {})).toThrow(/CT-KIP.*server/);
  });

  test.each(['', 'hello', 'ctfData=', 'Dear Alice, ctfData=none', '2'.repeat(80), '2'.repeat(82), record])(
    '%j is nothing',
    (text) => {
      expect(refusal(text)).toBe('malformed');
    },
  );

  test('more than 256 KiB is not looked at', () => {
    expect(refusal(`${link}${' '.repeat(256 * 1024)}`)).toBe('too-large');
  });
});
