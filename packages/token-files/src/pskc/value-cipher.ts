import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/** How a value is encrypted: AES-CBC with the IV in front, or AES key wrap (RFC 3394; RFC 5649 where it is padded). */
export type ValueCipher = { mode: 'cbc' | 'wrap'; keyLength: 16 | 24 | 32 };

const keyLengths = { '128': 16, '192': 24, '256': 32 } as const;

/** The cipher of an identifier like `http://www.w3.org/2001/04/xmlenc#aes128-cbc`; undefined for one not supported. */
export function namedCipher(identifier: string): ValueCipher | undefined {
  const name = identifier.trim().toLowerCase();
  const cbc = /(?:^|#)aes(128|192|256)-cbc$/.exec(name)?.[1];
  if (cbc) return { mode: 'cbc', keyLength: keyLengths[cbc as keyof typeof keyLengths] };
  const wrap = /(?:^|#)kw-aes-?(128|192|256)(?:-pad)?$/.exec(name)?.[1];
  if (wrap) return { mode: 'wrap', keyLength: keyLengths[wrap as keyof typeof keyLengths] };
  return undefined;
}

/** What came out; `strict` says that it could hardly come out so with another key. */
export type Opened = { plain: Buffer; strict: boolean };

/**
 * Decrypts a value.
 * @param key of the length that the cipher has
 * @returns undefined where the key or the value is wrong
 */
export function decryptValue(cipher: ValueCipher, key: KeyObject, value: Uint8Array): Opened | undefined {
  return cipher.mode === 'cbc' ? decryptCbc(key, value) : unwrap(key, value);
}

const BLOCK = 16;

const bitsOf = (key: KeyObject): number => (key.symmetricKeySize ?? 0) * 8;

function decryptCbc(key: KeyObject, value: Uint8Array): Opened | undefined {
  if (value.length < 2 * BLOCK || value.length % BLOCK !== 0) return undefined;
  const decipher = createDecipheriv(`aes-${bitsOf(key)}-cbc`, key, value.subarray(0, BLOCK));
  decipher.setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(value.subarray(BLOCK)), decipher.final()]);
  // XML Encryption §5.2: only the last octet counts, and some programs fill up with random ones (PKCS#7 does not).
  const fill = padded.at(-1) ?? 0;
  if (fill < 1 || fill > BLOCK) return undefined;
  const end = padded.length - fill;
  return { plain: padded.subarray(0, end), strict: padded.subarray(end).every((octet) => octet === fill) };
}

function unwrap(key: KeyObject, value: Uint8Array): Opened | undefined {
  const bits = bitsOf(key);
  const kinds = [
    [`id-aes${bits}-wrap`, 'a6a6a6a6a6a6a6a6'],
    // Programs write both kinds under the one identifier.
    [`id-aes${bits}-wrap-pad`, 'a65959a6'],
  ] as const;
  for (const [name, iv] of kinds) {
    try {
      const decipher = createDecipheriv(name, key, Buffer.from(iv, 'hex'));
      return { plain: Buffer.concat([decipher.update(value), decipher.final()]), strict: true };
    } catch {
      // Not of this kind, or not of this key.
    }
  }
  return undefined;
}

/** AES-CBC with PKCS#7 padding, the IV in front, as `CipherValue` has it. */
export function encryptCbc(key: KeyObject, iv: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${bitsOf(key)}-cbc`, key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]);
}
