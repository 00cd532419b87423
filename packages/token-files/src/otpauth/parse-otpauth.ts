import { base32nopad } from '@scure/base';
import { TokenFileError } from '../errors.ts';
import { type OtpauthToken, otpauthDefaults } from './otpauth-token.ts';

const MAX_LENGTH = 4096;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TokenFileError('malformed', 'The link is not percent-encoded properly');
  }
}

function readQuery(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    if (name === '') continue;
    const key = name.toLowerCase();
    if (values.has(key)) throw new TokenFileError('malformed', `The link names ${key.slice(0, 20)} twice`);
    values.set(key, decoded(value));
  }
  return values;
}

function readSecret(text: string | undefined): Uint8Array {
  const compact = (text ?? '').replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  try {
    const seed = base32nopad.decode(compact);
    if (seed.length > 0) return seed;
  } catch {
    // Said below, without the secret that the library's message holds.
  }
  throw new TokenFileError('malformed', 'The secret is not Base32');
}

function readHash(text: string | undefined): OtpauthToken['hashAlgorithm'] {
  const name = (text ?? otpauthDefaults.hashAlgorithm).toUpperCase().replace('-', '');
  const known = (['SHA1', 'SHA256', 'SHA512'] as const).find((hash) => hash === name);
  if (known) return known;
  throw new TokenFileError('unsupported', 'The hash algorithm is not SHA1, SHA256 or SHA512');
}

function readNumber(text: string | undefined, fallback: number, name: string): number {
  if (text === undefined || text === '') return fallback;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new TokenFileError('malformed', `${name} is not a number`);
}

/** `Issuer:account`, the colon plain or encoded, spaces behind it; without one, an account only. */
function readLabel(label: string): { issuer: string; account: string } {
  const text = decoded(label);
  const at = text.indexOf(':');
  if (at === -1) return { issuer: '', account: text.trim() };
  return { issuer: text.slice(0, at).trim(), account: text.slice(at + 1).trim() };
}

/**
 * Reads an otpauth link as authenticator apps and other systems write it: secret in either case, with spaces, dashes and
 * padding; what is left out as usual; unknown parameters ignored. Of two issuers the parameter counts.
 * @param link at most 4096 characters; white space around it is ignored
 * @throws TokenFileError `malformed`; `unsupported` for HOTP and for digits or a hash that Symbolon has not
 */
export function parseOtpauth(link: string): OtpauthToken {
  const text = link.trim();
  const [, type = '', label = '', query = ''] = /^otpauth:\/\/([a-z]+)\/([^?#]*)\?([^#]*)$/i.exec(text) ?? [];
  if (text.length > MAX_LENGTH || type === '')
    throw new TokenFileError('malformed', 'This is no otpauth link');
  if (type.toLowerCase() === 'hotp')
    throw new TokenFileError(
      'unsupported',
      'HOTP counts instead of looking at the clock; only TOTP is taken',
    );
  if (type.toLowerCase() !== 'totp') throw new TokenFileError('unsupported', 'The link is not for TOTP');
  const values = readQuery(query);
  const digits = readNumber(values.get('digits'), otpauthDefaults.digits, 'digits');
  if (digits !== 6 && digits !== 8)
    throw new TokenFileError('unsupported', 'The code has neither 6 nor 8 digits');
  const intervalSeconds = readNumber(values.get('period'), otpauthDefaults.intervalSeconds, 'period');
  if (intervalSeconds < 1 || intervalSeconds > 3600)
    throw new TokenFileError('malformed', 'period is not 1 to 3600 seconds');
  const named = readLabel(label);
  return {
    seed: readSecret(values.get('secret')),
    issuer: values.get('issuer')?.trim() || named.issuer,
    account: named.account,
    hashAlgorithm: readHash(values.get('algorithm')),
    digits,
    intervalSeconds,
  };
}
