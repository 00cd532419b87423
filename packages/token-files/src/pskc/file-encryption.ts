import { createHmac, createSecretKey } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import { deriveKey } from './password-key.ts';
import { hmacNames, MAX_ITERATIONS, namespaces } from './pskc-names.ts';
import { encryptCbc } from './value-cipher.ts';
import { xmlEscape } from './xml-escape.ts';

/** How the seeds of a PSKC file are locked. */
export type PskcEncryption =
  | {
      kind: 'password';
      password: string;
      /** Rounds of PBKDF2: 600,000 unless said otherwise, 1,000 to 5,000,000. */
      iterations?: number;
      /** 256 (AES-256, HMAC-SHA256), or 128 for programs that have only what RFC 6030 demands (AES-128, HMAC-SHA1). */
      keyBits?: 128 | 256;
    }
  /** A key that both sides have, 16 or 32 octets; `name` tells the other side which. */
  | { kind: 'key'; key: Uint8Array; name: string }
  /** Seeds in the clear. */
  | { kind: 'none' };

/** From a secure source; `size` octets. */
export type RandomBytes = (size: number) => Uint8Array;

/** What a file begins with, and how it writes a secret: the content of `Secret`. */
export type SecretWriting = { head: string; writeSecret: (seed: Uint8Array) => string };

const DEFAULT_ITERATIONS = 600_000;
const SALT = 16;
const BLOCK = 16;

// By octets of the key. The short one is what RFC 6030 §6 obliges every reader to have.
const suites = {
  16: { hash: 'sha1', macKey: 20, cipher: `${namespaces.xenc}aes128-cbc` },
  32: { hash: 'sha256', macKey: 32, cipher: `${namespaces.xenc}aes256-cbc` },
} as const;

/**
 * Keys and head of a file (RFC 6030 §6, `reference/token-formats.md` §4.2), in the form that python-pskc reads.
 * @throws TokenFileError `invalid-argument` for an empty password or name, or a key or number of rounds out of range
 */
export async function prepareSecrets(
  encryption: PskcEncryption,
  randomBytes: RandomBytes,
): Promise<SecretWriting> {
  if (encryption.kind === 'none')
    return {
      head: '',
      writeSecret: (seed) => `<pskc:PlainValue>${base64(seed)}</pskc:PlainValue>`,
    };
  const { key, head } =
    encryption.kind === 'password' ? await ofPassword(encryption, randomBytes) : ofKey(encryption);
  const suite = suites[key.length as 16 | 32];
  const macOctets = randomBytes(suite.macKey);
  const macKey = createSecretKey(macOctets);
  const valueKey = createSecretKey(key);
  const seal = (plain: Uint8Array): Buffer => encryptCbc(valueKey, randomBytes(BLOCK), plain);
  const encrypted = (value: Uint8Array): string =>
    `<xenc:EncryptionMethod Algorithm="${suite.cipher}"/><xenc:CipherData><xenc:CipherValue>${base64(value)}</xenc:CipherValue></xenc:CipherData>`;
  const macMethod = `<pskc:MACMethod Algorithm="${hmacNames[suite.hash]}"><pskc:MACKey>${encrypted(seal(macOctets))}</pskc:MACKey></pskc:MACMethod>\n`;
  return {
    head: `<pskc:EncryptionKey>${head}</pskc:EncryptionKey>\n${macMethod}`,
    writeSecret: (seed) => {
      const value = seal(seed);
      const mac = createHmac(suite.hash, macKey).update(value).digest();
      return `<pskc:EncryptedValue>${encrypted(value)}</pskc:EncryptedValue><pskc:ValueMAC>${base64(mac)}</pskc:ValueMAC>`;
    },
  };
}

async function ofPassword(
  { password, iterations = DEFAULT_ITERATIONS, keyBits = 256 }: PskcEncryption & { kind: 'password' },
  randomBytes: RandomBytes,
): Promise<{ key: Uint8Array; head: string }> {
  if (password === '') throw new TokenFileError('invalid-argument', 'The password is empty');
  if (!Number.isInteger(iterations) || iterations < 1000 || iterations > MAX_ITERATIONS)
    throw new TokenFileError('invalid-argument', `PBKDF2 takes 1000 to ${MAX_ITERATIONS} rounds`);
  const keyLength = keyBits === 128 ? 16 : 32;
  const { hash } = suites[keyLength];
  const salt = randomBytes(SALT);
  const key = await deriveKey(password, { salt, iterations, keyLength, hash });
  // RFC 6030 figure 7: the parameters are in no namespace. Without an attribute PRF is HMAC-SHA1.
  const prf = hash === 'sha1' ? '<PRF/>' : `<PRF Algorithm="${hmacNames[hash]}"/>`;
  const parameters = `<Salt><Specified>${base64(salt)}</Specified></Salt><IterationCount>${iterations}</IterationCount><KeyLength>${keyLength}</KeyLength>${prf}`;
  const method = `<xenc11:KeyDerivationMethod Algorithm="${namespaces.pkcs5}pbkdf2"><pkcs5:PBKDF2-params>${parameters}</pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>`;
  return {
    key,
    head: `<xenc11:DerivedKey>${method}<xenc11:MasterKeyName>Password</xenc11:MasterKeyName></xenc11:DerivedKey>`,
  };
}

function ofKey({ key, name }: PskcEncryption & { kind: 'key' }): { key: Uint8Array; head: string } {
  if (key.length !== 16 && key.length !== 32)
    throw new TokenFileError('invalid-argument', 'The key is of 16 or 32 octets');
  if (name.trim() === '') throw new TokenFileError('invalid-argument', 'The key has no name');
  return { key, head: `<ds:KeyName>${xmlEscape(name)}</ds:KeyName>` };
}

const base64 = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
