import { timingSafeEqual } from 'node:crypto';
import { aesKey, BLOCK, cbcMac, encryptBlocks, fit, trimmed } from './cbc-mac.ts';
import { flatten, type Section } from './flatten.ts';

const BATCH_MAC = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex');
const TOKEN_MAC = Buffer.from('1bb67ae8584caa73b25742d7078b83b8', 'hex');
const TOKEN_ENCRYPT = Buffer.from('16a09e667f3bcc908b2fb1366ea957d3', 'hex');
const ROUNDS = 1000;

/** The texts of a header that keys are made of, white space around them taken off. */
export type BatchNames = { name: string; destination: string };

/**
 * K_pw (`reference/token-formats.md` §1.2). Of the password the first 32 octets count.
 * @param password of the file; its Origin where it has none
 */
export function passwordKey(password: string, { name, destination }: BatchNames): Buffer {
  const key = aesKey(fit(name, BLOCK));
  // The thousand chains differ in their last block only, so the rest of them is one chain, and the ends are one call.
  const common = Buffer.concat([fit(password, 32), fit(destination, 32)]);
  const start = cbcMac(key, Buffer.alloc(BLOCK), common);
  const last = start.readUInt16BE(BLOCK - 2);
  const ends = Buffer.alloc(ROUNDS * BLOCK);
  for (let round = 0; round < ROUNDS; round += 1) {
    start.copy(ends, round * BLOCK);
    ends.writeUInt16BE(last ^ round, (round + 1) * BLOCK - 2);
  }
  const encrypted = encryptBlocks(key, ends);
  const combined = Buffer.alloc(BLOCK);
  for (let at = 0; at < encrypted.length; at += 1) combined[at % BLOCK]! ^= encrypted[at]!;
  return combined;
}

/** The batch's master key, out of the header's Secret. */
export function masterKey(secret: Uint8Array, passwordKeyOctets: Uint8Array, name: string): Buffer {
  const mask = encryptBlocks(aesKey(passwordKeyOctets), Buffer.concat([fit('Secret', 8), fit(name, 8)]));
  return xored(mask, secret);
}

/** What a batch's master key opens. A serial number stands here as in the file, without white space around it. */
export type BatchKeys = {
  headerMac(header: Section): Buffer;
  tokenMac(serial: string, token: Section): Buffer;
  /** Encrypts a seed of 16 octets, and decrypts an encrypted one. */
  maskSeed(serial: string, seed: Uint8Array): Buffer;
};

/** The keys of a batch (`reference/token-formats.md` §1.2). It holds them: drop it after use. */
export function batchKeys(master: Uint8Array, name: string): BatchKeys {
  const key = aesKey(master);
  const derived = (iv: Buffer, purpose: Buffer, subject: string) =>
    aesKey(cbcMac(key, iv, Buffer.concat([purpose, fit(subject, 32)])));
  const macOf = (macKey: ReturnType<typeof aesKey>, iv: Buffer, section: Section) =>
    cbcMac(macKey, iv, flatten(section));
  return {
    headerMac: (header) => macOf(derived(BATCH_MAC, PURPOSE.batchMac, name), BATCH_MAC, header),
    tokenMac: (serial, token) => macOf(derived(TOKEN_MAC, PURPOSE.tokenMac, serial), TOKEN_MAC, token),
    maskSeed: (serial, seed) => {
      const mask = Buffer.concat([fit(serial, 8), fit('Seed', 8)]);
      return xored(encryptBlocks(derived(TOKEN_ENCRYPT, PURPOSE.tokenEncrypt, serial), mask), seed);
    },
  };
}

const PURPOSE = {
  batchMac: fit('BatchMAC', 32),
  tokenMac: fit('TokenMAC', 32),
  tokenEncrypt: fit('TokenEncrypt', 32),
};

/** The keys that a password opens a header's Secret with. */
export function openBatch(secret: Uint8Array, password: string, names: BatchNames): BatchKeys {
  return batchKeys(masterKey(secret, passwordKey(trimmed(password), names), names.name), names.name);
}

/** Whether a MAC of the file, as far as it is one, is the right one. */
export const sameMac = (right: Uint8Array, found: Uint8Array | undefined): boolean =>
  found !== undefined && found.length === right.length && timingSafeEqual(right, found);

function xored(left: Uint8Array, right: Uint8Array): Buffer {
  const result = Buffer.from(left);
  for (let at = 0; at < result.length; at += 1) result[at]! ^= right[at]!;
  return result;
}
