import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { CtKipError } from './errors.ts';
import { concat, type RandomSource } from './octets.ts';
import type { ServerPublicKey } from './server-key.ts';

const hashLength = 20;

function sha1(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha1').update(data).digest());
}

/** `data` xor MGF1-SHA-1 of `seed` (RFC 8017 appendix B.2.1). */
function mask(data: Uint8Array, seed: Uint8Array): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(data.length / hashLength) }, (_, i) =>
    sha1(concat(seed, Uint8Array.of(0, 0, i >> 8, i & 0xff))),
  );
  const stream = concat(...blocks);
  return data.map((octet, i) => octet ^ (stream[i] ?? 0));
}

/**
 * Encrypts R_C with RSAES-OAEP, SHA-1, empty label: what RSA's software does under the name `rsa-1_5`. The padding is
 * written here (RFC 8017 section 7.1.1), because the platform's own would take its seed from the platform.
 * @param nonce R_C, 16 octets
 * @returns as many octets as the modulus has
 * @throws CtKipError `message-malformed` when the numbers are no usable RSA key
 */
export function encryptNonce(key: ServerPublicKey, nonce: Uint8Array, random: RandomSource): Uint8Array {
  const room = key.modulus.length - nonce.length - 2 * hashLength - 2;
  if (room < 0) throw new CtKipError('message-malformed', 'The server key is too short for the nonce');
  const seed = random(hashLength);
  const block = concat(sha1(new Uint8Array()), new Uint8Array(room), Uint8Array.of(1), nonce);
  const maskedBlock = mask(block, seed);
  const padded = concat(Uint8Array.of(0), mask(seed, maskedBlock), maskedBlock);
  try {
    const n = Buffer.from(key.modulus).toString('base64url');
    const e = Buffer.from(key.exponent).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return new Uint8Array(publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, padded));
  } catch {
    throw new CtKipError('message-malformed', 'The server key cannot be used');
  }
}

/**
 * Decrypts R_C on the server. Wrong length, wrong padding and a wrong plaintext all answer alike, after one private
 * operation each: whoever probes with made-up ciphertexts learns nothing (RFC 4758 section 3.6, RFC 8017 section 7.1.2).
 * @returns the 16 octets of R_C, or undefined
 */
export function decryptNonce(key: KeyObject, encryptedNonce: Uint8Array): Uint8Array | undefined {
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  const hasLength = encryptedNonce.length === length;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const block = hasLength ? encryptedNonce : new Uint8Array(length);
    const nonce = privateDecrypt({ key, padding, oaepHash: 'sha1' }, block);
    return hasLength && nonce.length === 16 ? new Uint8Array(nonce) : undefined;
  } catch {
    return undefined;
  }
}
