import { DIGITS } from './digit-layout.ts';
import { RECORD_CHARACTERS } from './record.ts';

/** What a text holds: the digits or the base64 of a token, and whether a smartphone's link is around it. */
export type Unwrapped = { data: string; isLink: boolean };

const NAME = /ctfData=(?:\s*=3D|3D)?/gi;
/** Characters behind a name that are looked at: a record is 388, all escaped thrice as many. */
const LOOKED_AT = 2000;
const SMARTPHONE =
  /(?:com\.rsa\.securid(?:\.iphone)?:\/\/ctf|http:\/\/127\.0\.0\.1\/securid\/ctf)\/?\?[^\s"'<>]*$/i;
const CT_KIP = /ctkip\/?\?|\/ctkip\/|\/securid\/ctf\/?\?[^\s"'<>]{0,500}(?:activationCode|url)=/i;

// Not more than the length of a token is taken: prose may follow, and begin with a digit.
const WHOLE_DIGITS = new RegExp(`^(?:[\\s-]*\\d){${DIGITS}}(?!\\d)`);
const WHOLE_RECORD = new RegExp(`^(?:\\s*[0-9A-Za-z+/]){${RECORD_CHARACTERS}}(?![0-9A-Za-z+/=])`);

/**
 * Finds the token in a text (`reference/token-formats.md` §2.3): bare digits in whatever groups, a link, or a whole mail
 * with a link in it, also one that a program has wrapped, encoded (quoted-printable), or put into a link of its own. The
 * first whole token counts.
 * @returns undefined where there is none; 'CT-KIP' for a link that holds no token but says where to get one; a part of
 *   a token where that is all there is
 */
export function unwrap(text: string): Unwrapped | 'CT-KIP' | undefined {
  // Links in links are escaped, and their escapes once more.
  const plain = unescaped(text.replace(/(?<!ctfData)=\r?\n/gi, '').replace(/%25/g, '%'));
  let part: Unwrapped | undefined;
  for (const named of plain.matchAll(NAME)) {
    const end = named.index + named[0].length;
    const rest = plain.slice(end, end + LOOKED_AT);
    const isLink = SMARTPHONE.test(plain.slice(Math.max(0, named.index - 200), named.index));
    const whole = (WHOLE_DIGITS.exec(rest) ?? WHOLE_RECORD.exec(rest))?.[0].replace(/\s/g, '');
    if (whole) return { data: /^[\d-]+$/.test(whole) ? whole.replaceAll('-', '') : whole, isLink };
    part ??= { data: /^[0-9A-Za-z+/=]*/.exec(rest)![0], isLink };
  }
  if (CT_KIP.test(plain)) return 'CT-KIP';
  const bare = plain.replace(/[\s-]/g, '');
  return /^\d+$/.test(bare) ? { data: bare, isLink: false } : part;
}

/** Without the escapes of ASCII, also those that a line break has parted; a per cent sign that is none stays. */
const unescaped = (text: string): string =>
  text.replace(/%[\r\n]{0,2}([0-7])[\r\n]{0,2}([0-9A-F])/gi, (_, high: string, low: string) =>
    String.fromCharCode(Number.parseInt(high + low, 16)),
  );
