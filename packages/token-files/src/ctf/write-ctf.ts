import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import { writeDigits } from './digits.ts';
import { writeRecord } from './record.ts';
import { type CtfWrapper, escapeAll, inBlocks, linkStarts } from './wrappers.ts';

export type CtfOptions = {
  /** 2: digits, which every app knows. 3 and 4: longer, with stronger encryption; only in links. */
  version: 2 | 3 | 4;
  wrapper: CtfWrapper;
  /** At most 40 octets of UTF-8. */
  password?: string | undefined;
  /** Binds the token: nobody opens it without this id, or class GUID. */
  deviceId?: string | undefined;
  /** Secure random octets. */
  randomBytes: (length: number) => Uint8Array;
};

/**
 * Writes a SecurID token as a string of the compressed format.
 * @throws TokenFileError `invalid-argument` for what the format cannot hold
 */
export function writeCtf(token: TokenRecord, options: CtfOptions): string {
  const { version, wrapper, password, deviceId } = options;
  if (token.algorithm !== 'SECURID')
    throw new TokenFileError('invalid-argument', 'The compressed format holds SecurID tokens only');
  if (!/^\d{12}$/.test(token.serialNumber) || token.seed.length !== 16)
    throw new TokenFileError('invalid-argument', 'The serial number has 12 digits, and the seed 16 octets');
  if (token.intervalSeconds !== 30 && token.intervalSeconds !== 60)
    throw new TokenFileError('invalid-argument', 'The code changes every 30 or 60 seconds');
  const isLink = wrapper !== 'DIGITS' && wrapper !== 'BLOCKS';
  if (version === 2) {
    const digits = writeDigits(token, isLink, { password, deviceId });
    if (isLink) return linkStarts[wrapper] + digits;
    return wrapper === 'BLOCKS' ? inBlocks(digits) : digits;
  }
  if (!isLink) throw new TokenFileError('invalid-argument', 'Versions 3 and 4 are written as links only');
  const record = Buffer.from(writeRecord(token, { ...options, version })).toString('base64');
  return linkStarts[wrapper] + escapeAll(record);
}
