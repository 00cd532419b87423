import { createCipheriv, createDecipheriv } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord, Unlocking } from '../token-record.ts';
import { ctfMac, shortMac } from './ctf-mac.ts';
import { classGuids, hexOfId, ID_LENGTHS, type IdLength } from './device-text.ts';
import { pinModes, pinStyleOf } from './pin-mode.ts';

/** Digits of a string of version 1 or 2: version, serial number, 63 octal digits, 5 octal digits of checksum. */
export const DIGITS = 81;
const BODY = 76;
const EPOCH = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const SEED_KEY_END = Buffer.from('d8f532538289', 'hex');
const MAX_PASSWORD = 40;

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const bitsOf = (octal: string): string =>
  [...octal].map((digit) => Number(digit).toString(2).padStart(3, '0')).join('');
const numberAt = (bits: string, from: number, length: number): number =>
  Number.parseInt(bits.slice(from, from + length), 2);

const seedKey = (password: string, device: Uint8Array): Uint8Array =>
  ctfMac(Buffer.concat([Buffer.from(password), device, SEED_KEY_END]));
/** The hash by which a wrong device id is noticed; of an unbound token that of zeros. */
const deviceHash = (device: Uint8Array, length: IdLength): number => {
  const padded = new Uint8Array(length);
  padded.set(device);
  return shortMac(padded);
};

/**
 * Reads 81 digits (`reference/token-formats.md` §2.1).
 * @param isLink whether they came in a smartphone's link, where more of a device id counts; the other length is tried, too
 * @throws TokenFileError `damaged`, `unsupported`, `password-required`, `wrong-password`, `device-required`,
 *   `wrong-device`. Of wrong passwords one in 32,768 is not noticed: 15 bits are all there is to tell
 */
export function readDigits(text: string, isLink: boolean, unlocking: Unlocking): TokenRecord {
  if (!/^[12]\d{12}[0-7]{68}$/.test(text))
    throw new TokenFileError('malformed', 'The digits are not of the compressed token format');
  if (Number.parseInt(text.slice(BODY), 8) !== shortMac(ascii(text.slice(0, BODY))))
    throw new TokenFileError('damaged', 'The checksum does not hold: a digit is wrong or missing');
  const bits = bitsOf(text.slice(13, BODY));
  const flags = numberAt(bits, 128, 16);
  const has = (bit: number): boolean => ((flags >> bit) & 1) === 1;
  if (!has(14))
    throw new TokenFileError('unsupported', 'It is a token with a 64-bit seed; only 128 bits are taken');
  const length = ((flags >> 6) & 7) + 1;
  if (length !== 6 && length !== 8)
    throw new TokenFileError('unsupported', `Its codes have ${length} digits; only 6 and 8 are known here`);
  const isBound = has(12);
  if (text.startsWith('1') && isBound)
    throw new TokenFileError('unsupported', 'A token of version 1 that is bound to a device is not read');
  const device = isBound ? findDevice(numberAt(bits, 174, 15), isLink, unlocking.deviceId) : undefined;
  const needsPassword = has(13);
  const password = needsPassword ? (unlocking.password ?? '') : '';
  if (needsPassword && password === '')
    throw new TokenFileError('password-required', 'The token has a password');
  const decipher = createDecipheriv(
    'aes-128-ecb',
    seedKey(password, device?.octets ?? new Uint8Array()),
    null,
  );
  const encrypted = Buffer.from(
    BigInt(`0b${bits.slice(0, 128)}`)
      .toString(16)
      .padStart(32, '0'),
    'hex',
  );
  const seed = new Uint8Array(decipher.setAutoPadding(false).update(encrypted));
  if (shortMac(seed) !== numberAt(bits, 159, 15)) {
    throw needsPassword
      ? new TokenFileError('wrong-password', 'The password does not open the token')
      : new TokenFileError('damaged', 'The seed does not fit its checksum');
  }
  const expires = new Date(EPOCH + numberAt(bits, 144, 14) * DAY_MS);
  return {
    serialNumber: text.slice(1, 13),
    algorithm: 'SECURID',
    seed,
    digits: length,
    intervalSeconds: (flags & 3) === 1 ? 60 : 30,
    pinStyle: pinStyleOf((flags >> 3) & 3),
    expiresOn: expires.toISOString().slice(0, 10),
    ...(device ? { deviceId: device.id } : {}),
  };
}

/** The id whose hash the digits hold: the given one, or without one a class GUID, as stoken tries them. */
function findDevice(
  hash: number,
  isLink: boolean,
  given: string | undefined,
): { id: string; octets: Uint8Array } {
  const lengths = isLink ? [ID_LENGTHS.link, ID_LENGTHS.digits] : [ID_LENGTHS.digits, ID_LENGTHS.link];
  const wanted = given?.trim() ? [given.trim()] : Object.values(classGuids);
  for (const length of lengths) {
    for (const id of wanted) {
      const octets = hexOfId(id, length);
      if (deviceHash(octets, length) === hash) return { id, octets };
    }
  }
  throw given?.trim()
    ? new TokenFileError('wrong-device', 'The token is bound to another device')
    : new TokenFileError('device-required', 'The token is bound to a device');
}

/** How digits are locked: what is left out is not asked for when they are read. */
export type DigitLocks = { password?: string | undefined; deviceId?: string | undefined };

/**
 * Writes 81 digits of version 2. The same token and locks always give the same digits.
 * @param isLink whether they go into a smartphone's link: digits that are bound to a device differ
 * @throws TokenFileError `invalid-argument`
 */
export function writeDigits(token: TokenRecord, isLink: boolean, { password, deviceId }: DigitLocks): string {
  const days = token.expiresOn ? (Date.parse(`${token.expiresOn}T00:00Z`) - EPOCH) / DAY_MS : Number.NaN;
  if (!(days >= 0 && days < 2 ** 14))
    throw new TokenFileError('invalid-argument', 'A token of this format expires between 2000 and 2044');
  if (Buffer.byteLength(password ?? '') > MAX_PASSWORD)
    throw new TokenFileError('invalid-argument', `The password has at most ${MAX_PASSWORD} octets`);
  const length = isLink ? ID_LENGTHS.link : ID_LENGTHS.digits;
  const device = deviceId ? hexOfId(deviceId, length) : new Uint8Array();
  if (deviceId && device.length === 0)
    throw new TokenFileError('invalid-argument', 'The device id has no hexadecimal digit');
  const flags =
    (1 << 14) |
    (password ? 1 << 13 : 0) |
    (deviceId ? 1 << 12 : 0) |
    (1 << 9) |
    ((token.digits - 1) << 6) |
    (pinModes[token.pinStyle] << 3) |
    (token.intervalSeconds === 60 ? 1 : 0);
  const cipher = createCipheriv('aes-128-ecb', seedKey(password ?? '', device), null).setAutoPadding(false);
  const bit = (value: number, width: number) => value.toString(2).padStart(width, '0');
  const encrypted = cipher.update(token.seed).toString('hex');
  const bits = [
    bitsOfHex(encrypted),
    bit(flags, 16),
    bit(days, 14),
    '0',
    bit(shortMac(token.seed), 15),
    bit(deviceHash(device, length), 15),
  ].join('');
  const octal = bits.match(/.{3}/g)!.map((three) => Number.parseInt(three, 2));
  const body = `2${token.serialNumber}${octal.join('')}`;
  return body + shortMac(ascii(body)).toString(8).padStart(5, '0');
}

const bitsOfHex = (hex: string): string =>
  BigInt(`0x${hex}`)
    .toString(2)
    .padStart(hex.length * 4, '0');
