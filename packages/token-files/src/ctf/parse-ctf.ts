import { Buffer } from 'node:buffer';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord, Unlocking } from '../token-record.ts';
import { DIGITS } from './digit-layout.ts';
import { readDigits } from './read-digits.ts';
import { readRecord, RECORD_CHARACTERS } from './record.ts';
import { unwrap } from './unwrap.ts';

/** Characters of a mail at most. */
const MAX_TEXT = 256 * 1024;

/**
 * Reads a token of the compressed format, versions 1 to 4 (`reference/token-formats.md` §2): digits in whatever groups, a
 * link of any platform, or a mail with one in it. Where the token is bound to a device and none is given, the class GUIDs
 * are tried.
 * @throws TokenFileError `too-large` over 256 KiB; `malformed`; `damaged` when a checksum does not hold; `unsupported`, also for a link of CT-KIP,
 *   which holds no token; `password-required`, `wrong-password`, `device-required`, `wrong-device`
 */
export function parseCtf(text: string, unlocking: Unlocking): TokenRecord {
  if (text.length > MAX_TEXT) throw new TokenFileError('too-large', `More than ${MAX_TEXT} characters`);
  const found = unwrap(text);
  if (found === 'CT-KIP') {
    throw new TokenFileError(
      'unsupported',
      'This link holds no token: it is for CT-KIP, by which an app gets one from its server. Open it in the app',
    );
  }
  if (!found) throw new TokenFileError('malformed', 'There is no token of the compressed format in it');
  const { data, isLink } = found;
  if (/^\d+$/.test(data)) {
    if (data.length !== DIGITS)
      throw new TokenFileError('malformed', `There are ${data.length} digits; a token has ${DIGITS}`);
    return readDigits(data, isLink, unlocking);
  }
  if (data.length !== RECORD_CHARACTERS || !/^[0-9A-Za-z+/]+$/.test(data))
    throw new TokenFileError(
      'malformed',
      `Behind ctfData there are no ${RECORD_CHARACTERS} characters of base64`,
    );
  return readRecord(Buffer.from(data, 'base64'), unlocking);
}
