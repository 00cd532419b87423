import { describe, expect, test } from 'vitest';
import { counting, hex, scripted, testKey, toHex, vectors } from '../test/samples.ts';
import { decryptNonce, encryptNonce } from './nonce-encryption.ts';
import { generateServerKey, keyFingerprint, openPrivateKey, readServerKey } from './server-key.ts';

const { key: numbers, R_C, oaep_sha1_seed, oaep_ciphertext, pkcs1v15_ciphertext } = vectors.V3_pubkey;
const key = readServerKey(testKey());
const privateKey = openPrivateKey(testKey());

describe('server key', () => {
  test('gives the modulus without a leading zero octet', () => {
    expect(toHex(key.modulus)).toBe(numbers.n);
    expect(toHex(key.exponent)).toBe('010001');
  });

  test.each([1024, 2048] as const)('makes a key of %i bits', async (bits) => {
    const made = await generateServerKey(bits);
    expect(made.modulus).toHaveLength(bits / 8);
    expect(made.modulus[0]).toBeGreaterThanOrEqual(128);
    expect(readServerKey(made.privateKey)).toEqual(made);
    expect(keyFingerprint(made.modulus)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('says what is wrong with something else', () => {
    expect(() => readServerKey(new Uint8Array(40))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});

describe('nonce encryption', () => {
  test('OAEP as in the vector', () => {
    const encrypted = encryptNonce('oaep', key, hex(R_C), scripted(hex(oaep_sha1_seed)));
    expect(toHex(encrypted)).toBe(oaep_ciphertext);
  });

  test('decrypts the vector', () => {
    const nonce = decryptNonce('oaep', privateKey, hex(oaep_ciphertext));
    expect(nonce && toHex(nonce)).toBe(R_C);
  });

  test.each([
    ['empty', ''],
    ['a short one', oaep_ciphertext.slice(2)],
    ['a long one', `00${oaep_ciphertext}`],
    ['all zero', '00'.repeat(128)],
    ['more than the modulus', 'ff'.repeat(128)],
    ['PKCS#1 v1.5 padding', pkcs1v15_ciphertext],
    ['a changed octet', oaep_ciphertext.replace(/^38/, '39')],
    ['a nonce of 15 octets', toHex(encryptNonce('oaep', key, new Uint8Array(15), counting()))],
    ['a nonce of 17 octets', toHex(encryptNonce('oaep', key, new Uint8Array(17), counting()))],
  ])('answers alike to %s', (_, encrypted) => {
    expect(decryptNonce('oaep', privateKey, hex(encrypted))).toBeUndefined();
  });

  test('refuses a key that is too short for the nonce', () => {
    const short = { modulus: new Uint8Array(56).fill(255), exponent: key.exponent };
    expect(() => encryptNonce('oaep', short, hex(R_C), counting())).toThrow(
      expect.objectContaining({ code: 'message-malformed' }),
    );
  });
});
