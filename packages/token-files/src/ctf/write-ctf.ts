import type { TokenRecord } from '../token-record.ts';
import { TokenFileError } from '../errors.ts';
import { refuseUnfit } from './limits.ts';
import { payloadOf } from './payload.ts';
import { sealPayload } from './record.ts';
import {
  type CtfWrapper,
  escapeAll,
  inBlocks,
  inTemplate,
  isSmartphoneLink,
  linkTemplates,
} from './wrappers.ts';
import { type CtfLocks, writeDigits } from './write-digits.ts';

export type CtfVersionAndLocks = {
  /** 2: digits, which every app knows. 3 and 4: longer, with stronger encryption; only in links. */
  version: 2 | 3 | 4;
  /** At most 40 octets of UTF-8; undefined or '' for none. */
  password?: CtfLocks['password'];
  /** Binds the token: nobody opens it without this id, or class GUID. Undefined or '' for any device. */
  deviceId?: CtfLocks['deviceId'];
  /** Secure random octets. */
  randomBytes: (length: number) => Uint8Array;
};

export type CtfOptions = CtfVersionAndLocks & { wrapper: CtfWrapper };

/**
 * Writes a SecurID token as a string of the compressed format (`reference/token-formats.md` §2). How PIN styles come
 * through, `pinModes` says.
 * @throws TokenFileError `invalid-argument` for what the format cannot hold: other tokens than SecurID, no last day or
 *   one that it cannot say, a password over 40 octets, versions 3 and 4 as digits or for BlackBerry
 */
export function writeCtf(token: TokenRecord, options: CtfOptions): string {
  const { version, wrapper } = options;
  if (version !== 2 && (wrapper === 'DIGITS' || wrapper === 'BLOCKS' || wrapper === 'BLACKBERRY'))
    throw new TokenFileError('invalid-argument', 'Versions 3 and 4 go into links of iOS and Android only');
  if (wrapper === 'DIGITS') return dataOf(token, false, options);
  if (wrapper === 'BLOCKS') return inBlocks(dataOf(token, false, options));
  return writeCtfInTemplate(token, { ...options, template: linkTemplates[wrapper] });
}

/**
 * Writes a SecurID token into a link of the caller's own: `{ctf}` in the template becomes the digits of version 2, or the
 * escaped base64 of versions 3 and 4. As in apps, more of a device id counts where the link begins like one of theirs.
 * @throws TokenFileError `invalid-argument` as `writeCtf`, and for a template without exactly one `{ctf}`
 */
export function writeCtfInTemplate(
  token: TokenRecord,
  options: CtfVersionAndLocks & { template: string },
): string {
  return inTemplate(options.template, dataOf(token, isSmartphoneLink(options.template), options));
}

function dataOf(token: TokenRecord, isLink: boolean, options: CtfVersionAndLocks): string {
  refuseUnfit(token);
  const { version } = options;
  if (version === 2) return writeDigits(token, isLink, options);
  return escapeAll(sealPayload(payloadOf(token), { ...options, version }).toString('base64'));
}
