import { createSecretKey, type KeyObject } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { Unlocking } from '../token-record.ts';
import { child, type XmlElement } from '../xml-stream.ts';
import { base64Value } from './base64-value.ts';
import { deriveKey, readDerivation } from './password-key.ts';
import { hmacHash } from './pskc-names.ts';
import { decryptValue, namedCipher, type ValueCipher } from './value-cipher.ts';

/** What opens the encrypted values of a PSKC file: a password, or the key that was agreed upon (16, 24 or 32 octets). */
export type PskcUnlocking = Unlocking & { key?: Uint8Array | undefined };

/**
 * The keys of a file. Whether they are the right ones, only its values show. As KeyObject, since node takes several times
 * as long with octets.
 */
export type FileKeys = {
  key: KeyObject;
  /** Octets of the key. */
  keyLength: number;
  source: 'password' | 'key';
  /** `strict`: that the MAC key could be decrypted speaks for the key. Without MACMethod there are no MACs. */
  mac?: { hash: string; key: KeyObject; strict: boolean };
};

/** The password or the key is wrong, or what it is tried on is damaged: the format cannot always tell. */
export const wrongSecret = ({ source }: Pick<FileKeys, 'source'>, line?: number): TokenFileError =>
  source === 'password'
    ? new TokenFileError('wrong-password', 'The password does not open the file', line)
    : new TokenFileError('wrong-key', 'The key does not open the file', line);

/** Cipher and octets of an encrypted value or MAC key; `undefined` where they cannot be read. */
export function readEncrypted(
  element: XmlElement,
  { keyLength }: FileKeys,
): { cipher: ValueCipher | undefined; name: string; value: Buffer | undefined } {
  const name = child(element, 'EncryptionMethod')?.attributes.get('Algorithm') ?? `aes${keyLength * 8}-cbc`;
  const text = child(child(element, 'CipherData'), 'CipherValue')?.text;
  return { cipher: namedCipher(name), name, value: text === undefined ? undefined : base64Value(text) };
}

/**
 * Makes the keys of a file out of its `EncryptionKey` and `MACMethod` (RFC 6030 §6). Without a MACKey the encryption key
 * is that of the MACs, too.
 * @throws TokenFileError `password-required`, `key-required`; `wrong-password`, `wrong-key` where the MAC key already shows
 *   it; `malformed`, `unsupported`, `too-large`
 */
export async function makeFileKeys(
  encryptionKey: XmlElement | undefined,
  macMethod: XmlElement | undefined,
  unlocking: PskcUnlocking,
): Promise<FileKeys> {
  const keys = await encryptionKeyOf(encryptionKey, unlocking);
  // python-pskc 1.2 writes a MACMethod that names no algorithm where key wrap needs no MACs.
  const algorithm = macMethod?.attributes.get('Algorithm')?.trim();
  if (!macMethod || !algorithm) return keys;
  const hash = hmacHash(algorithm);
  if (!hash) throw new TokenFileError('unsupported', 'The MACs are not HMAC-SHA', macMethod.line);
  if (child(macMethod, 'MACKeyReference'))
    throw new TokenFileError('unsupported', 'The key of the MACs is not in the file', macMethod.line);
  const macKey = child(macMethod, 'MACKey');
  if (!macKey) return { ...keys, mac: { hash, key: keys.key, strict: true } };
  const { cipher, value } = readEncrypted(macKey, keys);
  if (!value) throw new TokenFileError('malformed', 'The key of the MACs is not Base64', macKey.line);
  if (!cipher)
    throw new TokenFileError('unsupported', 'The key of the MACs is not encrypted with AES', macKey.line);
  const opened = cipher.keyLength === keys.keyLength ? decryptValue(cipher, keys.key, value) : undefined;
  if (!opened) throw wrongSecret(keys, macKey.line);
  return { ...keys, mac: { hash, key: createSecretKey(opened.plain), strict: opened.strict } };
}

async function encryptionKeyOf(
  encryptionKey: XmlElement | undefined,
  { password, key }: PskcUnlocking,
): Promise<FileKeys> {
  const derivedKey = child(encryptionKey, 'DerivedKey');
  if (derivedKey) {
    const derivation = readDerivation(derivedKey);
    if (!password)
      throw new TokenFileError(
        'password-required',
        'The file is encrypted: give its password',
        derivedKey.line,
      );
    const made = await deriveKey(password, derivation);
    return { key: createSecretKey(made), keyLength: made.length, source: 'password' };
  }
  const other = encryptionKey?.children.find(({ name }) => name !== 'KeyName');
  if (other)
    throw new TokenFileError(
      'unsupported',
      `The file is encrypted by ${other.name.slice(0, 40)}; a password or a shared key is taken`,
      other.line,
    );
  if (!key) {
    const name = child(encryptionKey, 'KeyName')?.text.trim().slice(0, 80);
    throw new TokenFileError(
      'key-required',
      `The file is encrypted with a key that was agreed upon${name ? ` («${name}»)` : ''}: give that key`,
      encryptionKey?.line,
    );
  }
  if (![16, 24, 32].includes(key.length))
    throw new TokenFileError('wrong-key', `The key is of ${key.length} octets; 16, 24 or 32 are possible`);
  return { key: createSecretKey(key), keyLength: key.length, source: 'key' };
}
