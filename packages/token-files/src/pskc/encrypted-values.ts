import { createHmac, timingSafeEqual } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import { refuse } from '../row-checks.ts';
import type { XmlElement } from '../xml-stream.ts';
import { base64Value } from './base64-value.ts';
import { type FileKeys, makeFileKeys, type PskcUnlocking, readEncrypted, wrongSecret } from './file-keys.ts';
import { decryptValue, type Opened } from './value-cipher.ts';

/**
 * Opens one `EncryptedValue`, after its MAC held.
 * @throws RowProblem `row.damaged` or `row.malformed` once the key is known to be right; before, a TokenFileError, since
 *   then nothing of the file can be read
 */
export type OpenValue = (encrypted: XmlElement, valueMac: XmlElement | undefined) => Promise<Uint8Array>;

/** Without MACs one value in some hundred opens with a wrong key; two hardly ever do. */
const PROOFS = 2;

/**
 * The encrypted values of one file. Its keys are made when the first value needs them: a file without one needs no
 * password. A password is known to be right when a MAC holds, or two values without MACs have been opened; what fails
 * before means a wrong password, unless MAC key and value both open with it. What fails later is damaged.
 */
export function encryptedValues(
  encryptionKey: XmlElement | undefined,
  macMethod: XmlElement | undefined,
  unlocking: PskcUnlocking,
): OpenValue {
  let making: Promise<FileKeys> | undefined;
  let proofs = 0;
  return async (encrypted, valueMac) => {
    making ??= makeFileKeys(encryptionKey, macMethod, unlocking);
    const keys = await making;
    const proven = proofs >= PROOFS;
    const { line } = encrypted;
    const { cipher, name, value } = readEncrypted(encrypted, keys);
    if (!value) return refuse('row.malformed', 'An encrypted value is not Base64');
    if (!cipher) {
      const message = `A value is encrypted with ${name.slice(0, 80)}, which is not supported`;
      if (proven) refuse('row.malformed', message);
      throw new TokenFileError('unsupported', message, line);
    }
    if (cipher.keyLength !== keys.keyLength) {
      if (proven) refuse('row.damaged', `A value needs a key of ${cipher.keyLength} octets`);
      throw wrongSecret(keys, line);
    }
    if (keys.mac && (valueMac || cipher.mode === 'cbc')) {
      // A MAC that may be left out protects nothing.
      if (!valueMac)
        return refuse('row.damaged', 'An encrypted value has no MAC, although the file promises MACs');
      if (!macHolds(keys.mac, value, valueMac)) {
        const opened = decryptValue(cipher, keys.key, value);
        if (proven || (keys.mac.strict && opened?.strict))
          refuse('row.damaged', 'The MAC of a value does not hold');
        throw wrongSecret(keys, line);
      }
      proofs = PROOFS;
      return plainOf(decryptValue(cipher, keys.key, value));
    }
    const opened = decryptValue(cipher, keys.key, value);
    if (!opened?.strict && !proven) throw wrongSecret(keys, line);
    proofs += cipher.mode === 'wrap' ? PROOFS : 1;
    return plainOf(opened?.strict ? opened : undefined);
  };
}

function plainOf(opened: Opened | undefined): Uint8Array {
  return opened?.plain ?? refuse('row.damaged', 'A value cannot be decrypted');
}

/** Over the octets of CipherValue, the IV among them (RFC 6030 §6.1.1). */
function macHolds(mac: NonNullable<FileKeys['mac']>, value: Uint8Array, valueMac: XmlElement): boolean {
  const given = base64Value(valueMac.text);
  const made = createHmac(mac.hash, mac.key).update(value).digest();
  return given?.length === made.length && timingSafeEqual(given, made);
}
