import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import { AuthenticatorError } from './errors.ts';

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** scrypt's cost (RFC 7914): memory is 128·N·r bytes. */
export type ScryptCost = { N: number; r: number; p: number };
/** 128 MiB and some tenths of a second for one guess. */
export const defaultCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** A key made from a passphrase, with what a sealed text must say so that it can be made again. */
export type SealKey = { cost: ScryptCost; salt: Buffer; key: Buffer; check: Buffer };

type Sealed = {
  format: 'symbolon-authenticator';
  version: 1;
  kdf: { name: 'scrypt'; N: number; r: number; p: number; salt: string; check: string };
  cipher: { name: 'aes-256-gcm'; iv: string; tag: string };
  data: string;
};

/** Makes a key for a store that does not exist yet, with a new random salt. */
export function newSealKey(passphrase: string, cost: ScryptCost = defaultCost): Promise<SealKey> {
  return deriveKey(passphrase, randomBytes(16), cost);
}

/**
 * Seals a text: AES-256-GCM under the key, a new random IV each time, the head (format, version, scrypt's
 * parameters) as additional data. The answer is JSON, a few lines.
 */
export function seal(plain: string, key: SealKey): string {
  const iv = randomBytes(12);
  const kdf: Sealed['kdf'] = {
    name: 'scrypt',
    ...key.cost,
    salt: key.salt.toString('base64'),
    check: key.check.toString('base64'),
  };
  const cipher = createCipheriv('aes-256-gcm', key.key, iv).setAAD(head(kdf));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
  const sealed: Sealed = {
    format: 'symbolon-authenticator',
    version: 1,
    kdf,
    cipher: { name: 'aes-256-gcm', iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64') },
    data,
  };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/**
 * Opens what `seal` made.
 * @param known a key that may fit already (same salt): saves making it again
 * @throws AuthenticatorError PASSPHRASE_WRONG, STORE_DAMAGED
 */
export async function unseal(
  text: string,
  passphrase: string,
  known?: SealKey,
): Promise<{ plain: string; key: SealKey }> {
  const { kdf, cipher, data } = parse(text);
  const salt = Buffer.from(kdf.salt, 'base64');
  const key = known?.salt.equals(salt)
    ? known
    : await deriveKey(passphrase, salt, { N: kdf.N, r: kdf.r, p: kdf.p });
  const check = Buffer.from(kdf.check, 'base64');
  if (check.length !== key.check.length || !timingSafeEqual(check, key.check)) {
    throw new AuthenticatorError('PASSPHRASE_WRONG', 'This passphrase does not open the token store.');
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, Buffer.from(cipher.iv, 'base64'), {
      authTagLength: 16,
    })
      .setAAD(head(kdf))
      .setAuthTag(Buffer.from(cipher.tag, 'base64'));
    return { plain: decipher.update(data, 'base64', 'utf8') + decipher.final('utf8'), key };
  } catch (cause) {
    throw damaged('its content was changed after it was written', cause);
  }
}

/** A store that cannot be what this program wrote. */
export function damaged(why: string, cause?: unknown): AuthenticatorError {
  return new AuthenticatorError('STORE_DAMAGED', `The token store is damaged: ${why}.`, { cause });
}

function head(kdf: Sealed['kdf']): Buffer {
  return Buffer.from(JSON.stringify(['symbolon-authenticator', 1, kdf.N, kdf.r, kdf.p, kdf.salt, kdf.check]));
}

/** 64 octets of scrypt: the key, and a check that tells a wrong passphrase from a damaged file. */
async function deriveKey(passphrase: string, salt: Buffer, cost: ScryptCost): Promise<SealKey> {
  const maxmem = 256 * cost.N * cost.r + 1024 * 1024;
  try {
    const bytes = await scryptAsync(passphrase.normalize('NFC'), salt, 64, { ...cost, maxmem });
    return { cost, salt, key: bytes.subarray(0, 32), check: bytes.subarray(32) };
  } catch (cause) {
    throw damaged('its head names impossible scrypt parameters', cause);
  }
}

function parse(text: string): Sealed {
  let sealed: Sealed;
  try {
    sealed = JSON.parse(text);
  } catch (cause) {
    throw damaged('it is not JSON', cause);
  }
  if (sealed?.format !== 'symbolon-authenticator') throw damaged('it is no token store of this program');
  if (sealed.version !== 1) {
    throw damaged(`it has version ${String(sealed.version)}, and this program reads version 1`);
  }
  const { kdf, cipher, data } = sealed;
  const texts = [kdf?.salt, kdf?.check, cipher?.iv, cipher?.tag, data];
  const costs = [kdf?.N, kdf?.r, kdf?.p];
  if (!texts.every((part) => typeof part === 'string') || !costs.every(Number.isSafeInteger)) {
    throw damaged('parts of it are missing');
  }
  // A head that asks for gigabytes is no file of ours.
  if (kdf.N > 2 ** 20 || kdf.r > 16 || kdf.p > 8)
    throw damaged('its head names impossible scrypt parameters');
  return sealed;
}
