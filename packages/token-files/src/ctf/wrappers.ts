/** How a string of the compressed format reaches an app (`reference/token-formats.md` §2.3). */
export type CtfWrapper = 'DIGITS' | 'BLOCKS' | 'IOS_OLD' | 'IOS' | 'ANDROID';

/** Where the app listens; what stands behind `ctfData=` is the token. */
export const linkStarts: Record<Exclude<CtfWrapper, 'DIGITS' | 'BLOCKS'>, string> = {
  IOS_OLD: 'com.rsa.securid.iphone://ctf?ctfData=',
  IOS: 'com.rsa.securid://ctf?ctfData=',
  ANDROID: 'http://127.0.0.1/securid/ctf?ctfData=',
};

/** What a text holds: the token itself, and whether a smartphone's link is around it. */
export type Unwrapped = { data: string; isLink: boolean };

const SMARTPHONE =
  /(?:com\.rsa\.securid(?:\.iphone)?:\/\/ctf|http:\/\/127\.0\.0\.1\/securid\/ctf)\/?\?[^\s"'<>]*$/i;
const CT_KIP = /ctkip\?|\/ctkip\//i;

/**
 * Finds the token in a text: bare digits in whatever groups, a link, or a whole mail with a link in it, also one that its
 * program has wrapped and encoded (quoted-printable).
 * @returns undefined where there is none; 'CT-KIP' for a link that holds no token but says where to get one
 */
export function unwrap(text: string): Unwrapped | 'CT-KIP' | undefined {
  const whole = text.replace(/=\r?\n/g, '');
  const named = /ctfData=(?:3D)?([0-9A-Za-z%+/_=\s-]*)/i.exec(whole);
  if (named) {
    const isLink = SMARTPHONE.test(whole.slice(Math.max(0, named.index - 200), named.index));
    return { data: dataIn(named[1]!), isLink };
  }
  if (CT_KIP.test(whole)) return 'CT-KIP';
  const bare = whole.replace(/[\s-]/g, '');
  return /^\d+$/.test(bare) ? { data: bare, isLink: false } : undefined;
}

/** The digits or the base64 at the beginning of what stands behind the equals sign. */
function dataIn(text: string): string {
  const digits = /^[\d\s-]*/.exec(text)![0].replace(/[\s-]/g, '');
  if (/^[12]/.test(digits)) return digits;
  const first = text.split(/\s/, 1)[0]!;
  try {
    return decodeURIComponent(first);
  } catch {
    return first;
  }
}

/** Everything but letters and digits is escaped: apps take `+` and `/` amiss. */
export const escapeAll = (base64: string): string =>
  base64.replace(
    /[^0-9A-Za-z]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** Digits in groups of five, as people type them. */
export const inBlocks = (digits: string): string => digits.match(/.{1,5}/g)!.join('-');
