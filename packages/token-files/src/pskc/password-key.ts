import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { TokenFileError } from '../errors.ts';
import { child, type XmlElement } from '../xml-stream.ts';
import { base64Value } from './base64-value.ts';
import { hmacHash, MAX_ITERATIONS } from './pskc-names.ts';

/** What makes a key of a password. */
export type Derivation = { salt: Uint8Array; iterations: number; keyLength: number; hash: string };

const MAX_SALT = 1024;

function whole(element: XmlElement | undefined, name: string): number {
  const text = element?.text.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TokenFileError('malformed', `${name} of the key derivation is not a number`, element?.line);
}

/**
 * Reads `DerivedKey` (RFC 6030 §6.2, `reference/token-formats.md` §4.2). PRF by attribute, or as text, as python-pskc 1.2
 * writes it; none is HMAC-SHA1.
 * @throws TokenFileError `malformed`; `unsupported` for anything but PBKDF2 with HMAC-SHA1 to SHA512 and a salt in the file;
 *   `too-large` for more than MAX_ITERATIONS rounds
 */
export function readDerivation(derivedKey: XmlElement): Derivation {
  const method = child(derivedKey, 'KeyDerivationMethod');
  const parameters = child(method, 'PBKDF2-params');
  const { line } = derivedKey;
  if (!parameters || !/(?:^|#)pbkdf2$/i.test(method?.attributes.get('Algorithm')?.trim() ?? ''))
    throw new TokenFileError('unsupported', 'The key is derived by something else than PBKDF2', line);
  const specified = child(child(parameters, 'Salt'), 'Specified');
  if (!specified) throw new TokenFileError('unsupported', 'The salt of PBKDF2 is not in the file', line);
  const salt = base64Value(specified.text);
  if (!salt || salt.length < 1 || salt.length > MAX_SALT)
    throw new TokenFileError('malformed', 'The salt of PBKDF2 is not Base64', specified.line);
  const iterations = whole(child(parameters, 'IterationCount'), 'IterationCount');
  if (iterations < 1) throw new TokenFileError('malformed', 'PBKDF2 of no rounds', line);
  if (iterations > MAX_ITERATIONS)
    throw new TokenFileError('too-large', `PBKDF2 of over ${MAX_ITERATIONS} rounds`, line);
  const keyLength = whole(child(parameters, 'KeyLength'), 'KeyLength');
  if (![16, 24, 32].includes(keyLength))
    throw new TokenFileError(
      'unsupported',
      `A derived key of ${keyLength} octets; AES has 16, 24 or 32`,
      line,
    );
  const prf = child(parameters, 'PRF');
  const hash = hmacHash(prf?.attributes.get('Algorithm') || prf?.text.trim() || 'hmac-sha1');
  if (!hash) throw new TokenFileError('unsupported', 'PBKDF2 with something else than HMAC-SHA', line);
  return { salt, iterations, keyLength, hash };
}

const derive = promisify(pbkdf2);

/** The key of a password, as UTF-8; made beside the main thread. */
export function deriveKey(password: string, derivation: Derivation): Promise<Buffer> {
  const { salt, iterations, keyLength, hash } = derivation;
  return derive(Buffer.from(password, 'utf8'), salt, iterations, keyLength, hash);
}
