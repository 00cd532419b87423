import { createCipheriv, createHmac, createSecretKey } from 'node:crypto';
import { CtKipError } from './errors.ts';
import { concat } from './octets.ts';

/** CT-KIP-PRF-AES or CT-KIP-PRF-SHA256 (RFC 4758 appendices D.2 and D.3). */
export type PrfAlgorithm = 'aes' | 'sha256';
/** Where the block counter stands: in front of the input (RFC 4758), or behind it (RSA's software). */
export type CounterPosition = 'before' | 'after';

const blockLength = { aes: 16, sha256: 32 } as const;

/** Shifts a block left by one bit; where a bit falls out, folds in the constant of AES-CMAC. */
function double(block: Uint8Array): Uint8Array {
  const doubled = block.map((octet, i) => ((octet << 1) | ((block[i + 1] ?? 0) >> 7)) & 0xff);
  if ((block[0] ?? 0) & 0x80) doubled[15] = (doubled[15] ?? 0) ^ 0x87;
  return doubled;
}

/**
 * AES-CMAC with a 128-bit key, the OMAC1 of RFC 4758 (RFC 4493 section 2.4).
 * @param key 16 octets
 * @returns 16 octets
 * @throws CtKipError `invalid-argument` for a key of another length
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length !== 16) throw new CtKipError('invalid-argument', 'The key of AES-CMAC must be 16 octets');
  // A KeyObject, which Node takes four times as fast as plain octets.
  const aes = createSecretKey(key);
  const cipher = createCipheriv('aes-128-ecb', aes, null);
  const subkey = double(new Uint8Array(cipher.update(new Uint8Array(16))));
  const isWhole = message.length > 0 && message.length % 16 === 0;
  const padded = isWhole
    ? message.slice()
    : concat(message, Uint8Array.of(0x80), new Uint8Array(15 - (message.length % 16)));
  const mask = isWhole ? subkey : double(subkey);
  const last = padded.length - 16;
  for (let i = 0; i < 16; i++) padded[last + i] = (padded[last + i] ?? 0) ^ (mask[i] ?? 0);
  return new Uint8Array(createCipheriv('aes-128-cbc', aes, new Uint8Array(16)).update(padded).subarray(last));
}

/**
 * The pseudo-random function of CT-KIP (RFC 4758 section 3.4.2, appendix D), with the counter on either side.
 * A shorter output is always a prefix of a longer one.
 * @param input.key 16 octets for `aes`; any length for `sha256`
 * @param input.length octets wanted, 1 or more
 * @throws CtKipError `invalid-argument` for a length or an AES key that the function does not allow
 */
export function prf(input: {
  algorithm: PrfAlgorithm;
  counter: CounterPosition;
  key: Uint8Array;
  data: Uint8Array;
  length: number;
}): Uint8Array {
  const { algorithm, counter, key, data, length } = input;
  const size = blockLength[algorithm];
  if (!Number.isInteger(length) || length < 1 || length > (2 ** 32 - 1) * size) {
    throw new CtKipError('invalid-argument', 'The length of a PRF output is out of range');
  }
  const blocks: Uint8Array[] = [];
  for (let i = 1; i <= Math.ceil(length / size); i++) {
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, i);
    const block = counter === 'before' ? concat(count, data) : concat(data, count);
    blocks.push(
      algorithm === 'aes'
        ? aesCmac(key, block)
        : new Uint8Array(createHmac('sha256', key).update(block).digest()),
    );
  }
  return concat(...blocks).slice(0, length);
}
