import { createCipheriv } from 'node:crypto';

const BLOCK = 16;

function encrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

const xor = (one: Uint8Array, other: Uint8Array): Uint8Array => one.map((octet, at) => octet ^ other[at]!);

/**
 * The hash of the compressed token format (`reference/token-formats.md` §2.1): each block of the message is the AES key
 * under which the state so far is encrypted.
 * @returns 16 octets
 */
export function ctfMac(message: Uint8Array): Uint8Array {
  let state: Uint8Array = new Uint8Array(BLOCK).fill(0xff);
  const step = (block: Uint8Array) => {
    state = xor(state, encrypt(block, state));
  };
  const full = Math.max(0, Math.floor((message.length - 1) / BLOCK));
  for (let at = 0; at <= full; at += 1) {
    const block = new Uint8Array(BLOCK);
    block.set(message.subarray(at * BLOCK, (at + 1) * BLOCK));
    step(block);
  }
  if (full % 2 === 1) step(new Uint8Array(BLOCK));
  const length = new Uint8Array(BLOCK);
  new DataView(length.buffer).setBigUint64(8, BigInt(message.length) * 8n);
  step(length);
  return xor(state, encrypt(state, state));
}

/** The first 15 bits of the hash, as a number. */
export function shortMac(message: Uint8Array): number {
  const mac = ctfMac(message);
  return (mac[0]! << 7) | (mac[1]! >> 1);
}
