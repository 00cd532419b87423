import { createHash, createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { CtKipError } from './errors.ts';

/** The public half of K_SERVER, as it stands in ServerHello. */
export type ServerPublicKey = {
  /** Unsigned, big-endian, no leading zero octet: also the `k` of the key derivation. */
  modulus: Uint8Array;
  /** Unsigned, big-endian, no leading zero octet; 65537 is `01 00 01`. */
  exponent: Uint8Array;
};

/** K_SERVER with its private half. */
export type ServerKey = ServerPublicKey & {
  /** PKCS#8, DER. Secret. */
  privateKey: Uint8Array;
};

/** Key sizes in bits. 1024 is for RSA's apps only, which are not known to take more. */
export type ServerKeyBits = 1024 | 2048 | 3072 | 4096;

const generate = promisify(generateKeyPair);

/**
 * Makes a new K_SERVER with exponent 65537. The one function of the package that draws its own randomness: the
 * platform's generator takes no source from outside.
 */
export async function generateServerKey(bits: ServerKeyBits): Promise<ServerKey> {
  const { privateKey } = await generate('rsa', {
    modulusLength: bits,
    publicExponent: 0x10001,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return readServerKey(new Uint8Array(privateKey));
}

/**
 * Opens a stored private key once, for callers that answer many phones with it.
 * @param privateKey PKCS#8, DER
 * @throws CtKipError `invalid-argument` when it is not an RSA private key in that form
 */
export function openPrivateKey(privateKey: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  } catch {
    throw new CtKipError('invalid-argument', 'The server key is not a PKCS#8 private key');
  }
  if (key.asymmetricKeyType !== 'rsa')
    throw new CtKipError('invalid-argument', 'The server key is not an RSA key');
  return key;
}

/**
 * The public numbers of a stored private key.
 * @param privateKey PKCS#8, DER
 * @throws CtKipError `invalid-argument` when it is not an RSA private key in that form
 */
export function readServerKey(privateKey: Uint8Array): ServerKey {
  // JWK writes its numbers without leading zero octets (RFC 7518 section 6.3.1), as k wants them.
  const { n, e } = openPrivateKey(privateKey).export({ format: 'jwk' });
  if (n === undefined || e === undefined)
    throw new CtKipError('invalid-argument', 'The server key has no modulus');
  return {
    privateKey,
    modulus: new Uint8Array(Buffer.from(n, 'base64url')),
    exponent: new Uint8Array(Buffer.from(e, 'base64url')),
  };
}

/** The name of a server key in links and logs: SHA-256 of the modulus octets, base64url, 43 characters. */
export function keyFingerprint(modulus: Uint8Array): string {
  return createHash('sha256').update(modulus).digest('base64url');
}
