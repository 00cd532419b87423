import { base32nopad } from '@scure/base';
import { TokenFileError } from '../errors.ts';
import { type OtpauthToken, otpauthDefaults } from './otpauth-token.ts';

/** The secret as people type it where an app cannot scan: Base32 without padding, upper case. */
export const otpauthSecret = (seed: Uint8Array): string => base32nopad.encode(seed);

/**
 * A TOTP token as the link that authenticator apps scan. What is as usual is left out, since some apps stumble over what
 * they do not expect; the issuer is always there, before the account and as a parameter of its own.
 * @throws TokenFileError `invalid-argument` for an empty seed, or a name that is empty or holds a colon
 */
export function writeOtpauth(token: OtpauthToken): string {
  const { seed, issuer, account, hashAlgorithm, digits, intervalSeconds } = token;
  for (const name of [issuer, account]) {
    // A colon would end the issuer early; it may not stand in either part.
    if (name.trim() === '' || /[:\p{Cc}]/u.test(name))
      throw new TokenFileError(
        'invalid-argument',
        'Issuer and account hold 1 character or more, and no colon',
      );
  }
  if (seed.length === 0) throw new TokenFileError('invalid-argument', 'The seed is empty');
  const parameters = [
    ['secret', otpauthSecret(seed)],
    ['issuer', issuer],
    ['algorithm', hashAlgorithm === otpauthDefaults.hashAlgorithm ? '' : hashAlgorithm],
    ['digits', digits === otpauthDefaults.digits ? '' : String(digits)],
    ['period', intervalSeconds === otpauthDefaults.intervalSeconds ? '' : String(intervalSeconds)],
  ] as const;
  // Not URLSearchParams: apps show its «+» for a space as a plus sign.
  const query = parameters
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query.join('&')}`;
}
