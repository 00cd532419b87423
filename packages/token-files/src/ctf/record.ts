import { Buffer } from 'node:buffer';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  pbkdf2Sync,
  timingSafeEqual,
} from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord, Unlocking } from '../token-record.ts';
import { classGuids, octetsOfId } from './device-text.ts';
import { checkedPassword } from './limits.ts';
import { tokenIn } from './payload.ts';
import type { CtfLocks } from './write-digits.ts';

/** Octets of a record of version 3 or 4, and characters of its base64. */
export const RECORD = 0x123;
export const RECORD_CHARACTERS = 388;

const PARTS = { device: 3, password: 35, nonce: 67, payload: 83, mac: 259 } as const;
const ROUNDS = 1000;
const CONSTANTS = [
  Buffer.from('d014433c6d179febda09abfc3249634c', 'hex'),
  Buffer.from('3bafff4d918d89b68160de444e05c0dd', 'hex'),
];

type Locks = { password: Buffer; device: Uint8Array; nonce: Uint8Array };
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** Key 0 is that of the MAC, key 1 that of the payload. Version 3 makes them of every second octet only. */
function keyOf(version: number, which: 0 | 1, { password, device, nonce }: Locks): Buffer {
  const all = Buffer.concat([password, device, CONSTANTS[which]!, nonce]);
  const material = version === 3 ? all.filter((_, at) => at % 2 === 1) : all;
  return pbkdf2Sync(material, nonce, ROUNDS, 32, 'sha256');
}

const macOf = (version: number, locks: Locks, record: Uint8Array): Buffer =>
  createHmac('sha256', keyOf(version, 0, locks))
    .update(record.subarray(0, PARTS.mac))
    .digest();

/**
 * Reads a record of version 3 or 4 (`reference/token-formats.md` §2.2). Here a wrong password or device id is noticed
 * for certain.
 * @throws TokenFileError `malformed`, `damaged`, `unsupported`, `password-required`, `wrong-password`,
 *   `device-required`, `wrong-device`
 */
export function readRecord(record: Uint8Array, unlocking: Unlocking): TokenRecord {
  const version = record[0];
  if (record.length !== RECORD || (version !== 3 && version !== 4))
    throw new TokenFileError('malformed', 'This is no token of the compressed format');
  const nonce = record.subarray(PARTS.nonce, PARTS.payload);
  const found = findDevice(record, nonce, unlocking.deviceId);
  const needsPassword = record[1] !== 0;
  const password = Buffer.from(needsPassword ? (unlocking.password ?? '') : '');
  if (needsPassword && password.length === 0)
    throw new TokenFileError('password-required', 'The token has a password: give it');
  const locks = { password, device: found.octets, nonce };
  if (!sha256(nonce, found.octets, password).equals(record.subarray(PARTS.password, PARTS.nonce))) {
    throw needsPassword
      ? new TokenFileError('wrong-password', 'The password does not open the token')
      : damaged();
  }
  if (!timingSafeEqual(macOf(version, locks, record), record.subarray(PARTS.mac))) throw damaged();
  return tokenIn(decrypted(record, keyOf(version, 1, locks)), found.id);
}

const damaged = (): TokenFileError =>
  new TokenFileError('damaged', 'A checksum of the token does not hold: copy it again');

function decrypted(record: Uint8Array, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, record.subarray(PARTS.nonce, PARTS.payload));
  try {
    return Buffer.concat([decipher.update(record.subarray(PARTS.payload, PARTS.mac)), decipher.final()]);
  } catch {
    throw damaged();
  }
}

function findDevice(record: Uint8Array, nonce: Uint8Array, given: string | undefined) {
  const hash = record.subarray(PARTS.device, PARTS.password);
  const isOf = (octets: Uint8Array) => sha256(nonce, octets).equals(hash);
  const isBound = record[2] !== 0;
  const wanted = given?.trim() ? [given.trim()] : Object.values(classGuids);
  for (const id of isBound ? wanted : ['']) {
    const octets = octetsOfId(id);
    if (isOf(octets)) return { id: id || undefined, octets };
  }
  if (!isBound) throw damaged();
  throw given?.trim()
    ? new TokenFileError('wrong-device', 'The token is bound to another device: give the id of that one')
    : new TokenFileError('device-required', 'The token is bound to a device: give its device id');
}

export type RecordOptions = CtfLocks & {
  version: 3 | 4;
  /** Secure random octets. */
  randomBytes: (length: number) => Uint8Array;
};

/** Encrypts a payload into a record; never the same one twice. @throws TokenFileError `invalid-argument` */
export function sealPayload(payload: Buffer, options: RecordOptions): Buffer {
  const { version, deviceId, randomBytes } = options;
  const password = checkedPassword(options.password);
  const device = octetsOfId(deviceId ?? '');
  if (deviceId && device[0] === 0)
    throw new TokenFileError('invalid-argument', 'The device id has no letter and no digit');
  const nonce = randomBytes(16);
  const locks = { password, device, nonce };
  const cipher = createCipheriv('aes-256-cbc', keyOf(version, 1, locks), nonce);
  const record = Buffer.alloc(RECORD);
  record.set([version, password.length > 0 ? 1 : 0, deviceId ? 1 : 0]);
  record.set(sha256(nonce, device), PARTS.device);
  record.set(sha256(nonce, device, password), PARTS.password);
  record.set(nonce, PARTS.nonce);
  record.set(Buffer.concat([cipher.update(payload), cipher.final()]), PARTS.payload);
  record.set(macOf(version, locks, record), PARTS.mac);
  return record;
}
