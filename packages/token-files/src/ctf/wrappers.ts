import { TokenFileError } from '../errors.ts';

/** How a string of the compressed format reaches an app (`reference/token-formats.md` §2.3). */
export type CtfWrapper = 'DIGITS' | 'BLOCKS' | 'IOS_OLD' | 'IOS' | 'ANDROID' | 'BLACKBERRY';

/** What a link of each app looks like; the token stands for `{ctf}`. */
export const linkTemplates = {
  IOS_OLD: 'com.rsa.securid.iphone://ctf?ctfData={ctf}',
  IOS: 'com.rsa.securid://ctf?ctfData={ctf}',
  ANDROID: 'http://127.0.0.1/securid/ctf?ctfData={ctf}',
  BLACKBERRY: 'http://ctf?ctfData={ctf}',
} as const satisfies Record<Exclude<CtfWrapper, 'DIGITS' | 'BLOCKS'>, string>;

/** Links at the beginning of which apps know that more of a device id counts. */
const SMARTPHONE = /^(?:com\.rsa\.securid(?:\.iphone)?:\/\/ctf|http:\/\/127\.0\.0\.1\/securid\/ctf)/;
const MAX_TEMPLATE = 2000;

/** Whether more of a device id counts in what a template makes: apps tell by how the link begins. */
export const isSmartphoneLink = (template: string): boolean => SMARTPHONE.test(template);

/**
 * Puts the digits or the escaped base64 of a token where a template says `{ctf}`.
 * @throws TokenFileError `invalid-argument` unless it says so once, on one line of at most 2,000 characters
 */
export function inTemplate(template: string, data: string): string {
  const parts = template.split('{ctf}');
  if (parts.length !== 2 || template.length > MAX_TEMPLATE || /\p{Cc}/u.test(template))
    throw new TokenFileError(
      'invalid-argument',
      `The template has {ctf} once, on one line of at most ${MAX_TEMPLATE} characters`,
    );
  return parts.join(data);
}

/** Everything but letters and digits is escaped: apps take `+` and `/` amiss. */
export const escapeAll = (base64: string): string =>
  base64.replace(
    /[^0-9A-Za-z]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** Digits in groups of five, as people type them. */
export const inBlocks = (digits: string): string => digits.match(/.{1,5}/g)!.join('-');
