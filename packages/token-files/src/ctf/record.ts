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
import { pinStyleOf } from './pin-mode.ts';

/** Octets of a record of version 3 or 4, and characters of its base64. */
export const RECORD = 0x123;
export const RECORD_CHARACTERS = 388;

const PARTS = { device: 3, password: 35, nonce: 67, payload: 83, mac: 259 } as const;
const ROUNDS = 1000;
const CONSTANTS = [
  Buffer.from('d014433c6d179febda09abfc3249634c', 'hex'),
  Buffer.from('3bafff4d918d89b68160de444e05c0dd', 'hex'),
];
const PIN_ADDED = 0x21;
const PIN_NOT_ADDED = 0x1f;
const MAX_PASSWORD = 40;

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
 * Reads a record of version 3 or 4 (`reference/token-formats.md` §2.2).
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
    throw new TokenFileError('password-required', 'The token has a password');
  const locks = { password, device: found.octets, nonce };
  if (!sha256(nonce, found.octets, password).equals(record.subarray(PARTS.password, PARTS.nonce))) {
    throw needsPassword
      ? new TokenFileError('wrong-password', 'The password does not open the token')
      : new TokenFileError('damaged', 'A checksum of the token does not hold');
  }
  if (!timingSafeEqual(macOf(version, locks, record), record.subarray(PARTS.mac)))
    throw new TokenFileError('damaged', 'The checksum of the token does not hold');
  const decipher = createDecipheriv('aes-256-cbc', keyOf(version, 1, locks), nonce);
  try {
    const sealed = record.subarray(PARTS.payload, PARTS.mac);
    return tokenIn(Buffer.concat([decipher.update(sealed), decipher.final()]), found.id);
  } catch (error) {
    if (error instanceof TokenFileError) throw error;
    throw new TokenFileError('damaged', 'The token cannot be decrypted');
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
  if (!isBound) throw new TokenFileError('damaged', 'A checksum of the token does not hold');
  throw given?.trim()
    ? new TokenFileError('wrong-device', 'The token is bound to another device')
    : new TokenFileError('device-required', 'The token is bound to a device');
}

function tokenIn(payload: Buffer, deviceId: string | undefined): TokenRecord {
  const serial = payload.subarray(0, 16).toString('latin1').replace(/\0+$/, '');
  const digits = payload[35];
  const intervalSeconds = payload[37];
  if (!/^\d{1,12}$/.test(serial)) throw new TokenFileError('malformed', 'The serial number is not of digits');
  if (digits !== 6 && digits !== 8)
    throw new TokenFileError('unsupported', `Its codes have ${digits} digits; only 6 and 8 are known here`);
  if (intervalSeconds !== 30 && intervalSeconds !== 60)
    throw new TokenFileError(
      'unsupported',
      `Its code changes every ${intervalSeconds} s; only 30 and 60 are known`,
    );
  const startsOn = dayAt(payload, 38);
  const expiresOn = dayAt(payload, 46);
  return {
    serialNumber: serial.padStart(12, '0'),
    algorithm: 'SECURID',
    seed: new Uint8Array(payload.subarray(16, 32)),
    digits,
    intervalSeconds,
    pinStyle: pinStyleOf(payload[36] === PIN_ADDED ? 0b10 : 0),
    ...(startsOn ? { startsOn } : {}),
    ...(expiresOn ? { expiresOn } : {}),
    ...(deviceId ? { deviceId } : {}),
  };
}

/** The UTC day of milliseconds since 1970; 0 stands for none. */
function dayAt(payload: Buffer, at: number): string | undefined {
  const moment = Number(payload.readBigInt64BE(at));
  if (moment === 0) return undefined;
  const day = Math.abs(moment) < 8.64e15 ? new Date(moment).toISOString() : '';
  if (/^\d{4}-/.test(day)) return day.slice(0, 10);
  throw new TokenFileError('malformed', 'A date of the token is none');
}

export type RecordOptions = {
  version: 3 | 4;
  password?: string | undefined;
  deviceId?: string | undefined;
  randomBytes: (length: number) => Uint8Array;
};

/** Writes a record; never the same one twice. @throws TokenFileError `invalid-argument` */
export function writeRecord(token: TokenRecord, options: RecordOptions): Uint8Array {
  const { version, deviceId, randomBytes } = options;
  const password = Buffer.from(options.password ?? '');
  if (password.length > MAX_PASSWORD)
    throw new TokenFileError('invalid-argument', `The password has at most ${MAX_PASSWORD} octets`);
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
  record.set(Buffer.concat([cipher.update(payloadOf(token)), cipher.final()]), PARTS.payload);
  record.set(macOf(version, locks, record), PARTS.mac);
  return new Uint8Array(record);
}

function payloadOf(token: TokenRecord): Buffer {
  const payload = Buffer.alloc(160);
  payload.write(token.serialNumber, 0, 'latin1');
  payload.set(token.seed, 16);
  payload.set([1, 1, 0, token.digits, token.pinStyle === 'PINPAD' ? PIN_ADDED : PIN_NOT_ADDED], 32);
  payload[37] = token.intervalSeconds;
  const moment = (day: string | undefined) => BigInt(day ? Date.parse(`${day}T00:00Z`) : 0);
  payload.writeBigInt64BE(moment(token.startsOn), 38);
  payload.writeBigInt64BE(moment(token.expiresOn), 46);
  return payload;
}
