import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';
import type { Random } from './random.ts';

/** What a sealed value belongs to; it opens nowhere else. */
export type SealedFor = { table: string; id: string; purpose: string };

/** Keys derived from the master key: sealing, deriving codes, looking codes up. */
export type Vault = {
  /** First four octets of a fingerprint of the master key; leads every sealed value. */
  keyId: Uint8Array;
  /** AES-256-GCM; the row and the purpose are additional data. */
  seal(plain: Uint8Array, place: SealedFor): Uint8Array;
  /** @throws Error when the value was not sealed by this key for this place. */
  open(sealed: Uint8Array, place: SealedFor): Uint8Array;
  /** An endless stream of octets fixed by `label`, for codes that are derived and not stored. */
  deriveOctets(label: string, length: number): Uint8Array;
  /** Keyed hash by which a code is found. */
  lookupHash(kind: string, value: Uint8Array | string): Uint8Array;
};

const VERSION = 1;
const HEADER = 5;

/** @param masterKey 32 octets. Layout of a sealed value: version, key id (4), nonce (12), ciphertext, tag (16). */
export function createVault(masterKey: Uint8Array, random: Random): Vault {
  if (masterKey.length !== 32) throw new Error('The master key has 32 octets.');
  const subkey = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', `symbolon ${purpose}`, 32)));
  const sealing = subkey('seal');
  const codes = subkey('codes');
  const lookup = subkey('lookup');
  const keyId = new Uint8Array(subkey('key id').export().subarray(0, 4));
  const place = ({ table, id, purpose }: SealedFor) => Buffer.from(`${table}\0${id}\0${purpose}`);

  return {
    keyId,
    seal(plain, forPlace) {
      const nonce = random.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      cipher.setAAD(place(forPlace));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return new Uint8Array(Buffer.concat([Buffer.from([VERSION]), keyId, nonce, text, cipher.getAuthTag()]));
    },
    open(sealed, forPlace) {
      const value = Buffer.from(sealed);
      if (value[0] !== VERSION || !timingSafeEqual(value.subarray(1, HEADER), keyId)) {
        throw new Error('This value was sealed under another master key.');
      }
      const decipher = createDecipheriv('aes-256-gcm', sealing, value.subarray(HEADER, HEADER + 12));
      decipher.setAAD(place(forPlace));
      decipher.setAuthTag(value.subarray(-16));
      return new Uint8Array(
        Buffer.concat([decipher.update(value.subarray(HEADER + 12, -16)), decipher.final()]),
      );
    },
    deriveOctets(label, length) {
      const blocks: Buffer[] = [];
      for (let block = 0; blocks.length * 32 < length; block += 1) {
        blocks.push(createHmac('sha256', codes).update(`${label}\0${block}`).digest());
      }
      return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
    },
    lookupHash: (kind, value) =>
      new Uint8Array(createHmac('sha256', lookup).update(`${kind}\0`).update(value).digest()),
  };
}
