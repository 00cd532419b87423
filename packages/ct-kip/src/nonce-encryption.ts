import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { CtKipError } from './errors.ts';
import type { DerivationRules } from './key-derivation.ts';
import { concat, type RandomSource, utf8 } from './octets.ts';
import { type PrfAlgorithm, prf } from './prf.ts';
import type { ServerPublicKey } from './server-key.ts';

/**
 * How R_C travels (RFC 4758 sections 3.4, 3.6): `oaep` and `pkcs1` under the server's RSA key, `aes` and `sha256`
 * masked by the PRF of that name under a key that both sides hold.
 */
export type NonceScheme = 'oaep' | 'pkcs1' | PrfAlgorithm;
/** The schemes with an RSA key. */
export type RsaScheme = Exclude<NonceScheme, PrfAlgorithm>;

const nonceLength = 16;
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

/** RFC 8017 section 7.1.1 with SHA-1 and an empty label. */
function padOaep(nonce: Uint8Array, room: number, random: RandomSource): Uint8Array {
  const seed = random(hashLength);
  const zeros = new Uint8Array(room - nonce.length - 2 * hashLength - 2);
  const block = concat(sha1(new Uint8Array()), zeros, Uint8Array.of(1), nonce);
  const maskedBlock = mask(block, seed);
  return concat(Uint8Array.of(0), mask(seed, maskedBlock), maskedBlock);
}

/** RFC 8017 section 7.2.1: random octets none of which is zero. */
function padPkcs1(nonce: Uint8Array, room: number, random: RandomSource): Uint8Array {
  const wanted = room - nonce.length - 3;
  let filler: Uint8Array = new Uint8Array();
  while (filler.length < wanted) {
    filler = concat(
      filler,
      random(wanted - filler.length).filter((octet) => octet !== 0),
    );
  }
  return concat(Uint8Array.of(0, 2), filler, Uint8Array.of(0), nonce);
}

const paddings = {
  oaep: { pad: padOaep, overhead: 2 * hashLength + 2 },
  pkcs1: { pad: padPkcs1, overhead: 11 },
} as const;

/**
 * Encrypts R_C under the server's RSA key. The padding is written here, because the platform's own would take its
 * octets from the platform.
 * @param nonce R_C, 16 octets
 * @returns as many octets as the modulus has
 * @throws CtKipError `message-malformed` when the numbers are no usable RSA key
 */
export function encryptNonce(
  scheme: RsaScheme,
  key: ServerPublicKey,
  nonce: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const { pad, overhead } = paddings[scheme];
  const { length } = key.modulus;
  if (length < nonce.length + overhead)
    throw new CtKipError('message-malformed', 'The server key is too short for the nonce');
  const padded = pad(nonce, length, random);
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
 * operation each: whoever probes with made-up ciphertexts learns nothing (RFC 4758 section 3.6, RFC 8017 section 7).
 * Under `pkcs1` the platform rejects implicitly: a damaged ciphertext decrypts to octets of a random length, which are
 * 16 about once in 200 times.
 * @returns the 16 octets of R_C, or undefined
 */
export function decryptNonce(
  scheme: RsaScheme,
  key: KeyObject,
  encryptedNonce: Uint8Array,
): Uint8Array | undefined {
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  const hasLength = encryptedNonce.length === length;
  const padding = scheme === 'oaep' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
  try {
    const block = hasLength ? encryptedNonce : new Uint8Array(length);
    const nonce = privateDecrypt({ key, padding, oaepHash: 'sha1' }, block);
    return hasLength && nonce.length === nonceLength ? new Uint8Array(nonce) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * R_C under a shared key, and back: the same xor in both directions (RFC 4758 section 3.4.2). A key must never meet the
 * same R_S twice.
 * @param input.sharedKey K_SHARED, 16 octets for `aes`
 * @param input.serverNonce R_S
 * @param input.nonce R_C, or EncryptedNonce
 */
export function maskNonce(
  rules: DerivationRules,
  algorithm: PrfAlgorithm,
  input: { sharedKey: Uint8Array; serverNonce: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  const { sharedKey, serverNonce, nonce } = input;
  const stream = prf({
    algorithm,
    counter: rules.counter,
    key: sharedKey,
    data: concat(utf8('Encryption'), serverNonce),
    length: nonce.length,
  });
  return nonce.map((octet, i) => octet ^ (stream[i] ?? 0));
}
