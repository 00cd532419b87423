import { describe, expect, test } from 'vitest';
import { A, DEVICE, PASSWORD, random, sample } from '../../test/ctf-files.ts';
import { classGuids } from './device-text.ts';
import { parseCtf } from './parse-ctf.ts';
import { writeCtf, writeCtfInTemplate } from './write-ctf.ts';

const digits = sample('A-8digit-60s-pinpad.ctf');
// The hash of no device differs in a link, so its digits do.
const linkDigits = sample('A-8digit-60s-pinpad.android.url').split('ctfData=')[1]!;
const own = { version: 2, randomBytes: random } as const;

test.each([
  ['DIGITS', digits],
  ['BLOCKS', digits.match(/.{1,5}/g)!.join('-')],
  ['IOS_OLD', `com.rsa.securid.iphone://ctf?ctfData=${linkDigits}`],
  ['IOS', `com.rsa.securid://ctf?ctfData=${linkDigits}`],
  ['ANDROID', `http://127.0.0.1/securid/ctf?ctfData=${linkDigits}`],
  ['BLACKBERRY', `http://ctf?ctfData=${digits}`],
] as const)('%s', (wrapper, text) => {
  expect(writeCtf(A, { ...own, wrapper })).toBe(text);
});

test.each([3, 4] as const)(
  'version %i: letters, digits and escapes only, and never the same text',
  (version) => {
    const write = () => writeCtf(A, { version, wrapper: 'ANDROID', randomBytes: random });
    const beginning = version === 3 ? 'AwAA' : 'BAAA';
    expect(write()).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1/securid/ctf\\?ctfData=${beginning}(?:[0-9A-Za-z]|%2B|%2F){384}$`),
    );
    expect(write()).not.toBe(write());
  },
);

describe('a template of the caller’s own', () => {
  const write = (template: string, more = {}) => writeCtfInTemplate(A, { ...own, template, ...more });

  test('has the digits where it says {ctf}, and nothing of it means anything else', () => {
    expect(write('otp-app://add?data={ctf}&from=$&')).toBe(`otp-app://add?data=${digits}&from=$&`);
  });

  test('takes versions 3 and 4 as well', () => {
    for (const version of [3, 4] as const) {
      const text = write('https://go.example/t?ctfData={ctf}#now', { version, password: PASSWORD });
      expect(parseCtf(text, { password: PASSWORD })).toEqual(A);
    }
  });

  test('binds as the apps do that its beginning is of', () => {
    const deviceId = classGuids.android;
    const tail = (text: string) => text.split('ctfData=')[1];
    const of = (template: string) => tail(write(template, { deviceId }));
    const inLink = tail(writeCtf(A, { ...own, wrapper: 'ANDROID', deviceId }));
    const inBlackBerry = tail(writeCtf(A, { ...own, wrapper: 'BLACKBERRY', deviceId }));
    expect(of('com.rsa.securid://ctf/?from=us&ctfData={ctf}')).toBe(inLink);
    expect(of('app://ctf?ctfData={ctf}')).toBe(writeCtf(A, { ...own, wrapper: 'DIGITS', deviceId }));
    expect(inBlackBerry).not.toBe(inLink);
  });

  test.each([
    ['nothing', ''],
    ['no {ctf}', 'app://x'],
    ['two of them', '{ctf}{ctf}'],
    ['two lines', 'app://{ctf}\r\nSet-Cookie: x'],
    ['too many characters', `app://${'x'.repeat(2000)}{ctf}`],
  ])('is refused with %s', (_, template) => {
    expect(() => write(template)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

test('separators of a device id do not matter where it is short enough', () => {
  const dashed = DEVICE.replace(/.{4}(?!$)/g, '$&-').toLowerCase();
  expect(writeCtf(A, { ...own, wrapper: 'DIGITS', deviceId: dashed })).toBe(sample('A.dev.ctf'));
});

test('an empty password and device id are none', () => {
  expect(writeCtf(A, { ...own, wrapper: 'DIGITS', password: '', deviceId: '' })).toBe(digits);
});
