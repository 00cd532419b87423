import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';

/** Octets of an AES-128 block, and of its key. */
export const BLOCK = 16;

/** 16 octets as Node's crypto takes them fastest. */
export const aesKey = (octets: Uint8Array): KeyObject => createSecretKey(octets);

/** Encrypts whole blocks, each by itself. */
export function encryptBlocks(key: KeyObject, blocks: Uint8Array): Buffer {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(blocks);
}

/**
 * CBC-MAC with AES-128 as SDTID has it (`reference/token-formats.md` §1.2): zeros fill the last block, and the chain
 * begins with a constant of its own. Of no data the MAC is `iv`.
 */
export function cbcMac(key: KeyObject, iv: Uint8Array, data: Uint8Array): Buffer {
  if (data.length === 0) return Buffer.from(iv);
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  const rest = data.length % BLOCK;
  const whole = cipher.update(data);
  return rest === 0 ? whole.subarray(-BLOCK) : cipher.update(new Uint8Array(BLOCK - rest)).subarray(-BLOCK);
}

/** `fit(s, n)`: the first octets of the text in UTF-8, zeros behind where it is shorter. */
export function fit(text: string, length: number): Buffer {
  const octets = Buffer.alloc(length);
  Buffer.from(text).copy(octets);
  return octets;
}

/** Without the white space around it: C's, not Unicode's, since keys depend on it. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);
