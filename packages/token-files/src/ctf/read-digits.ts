import { Buffer } from 'node:buffer';
import { createDecipheriv } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord, Unlocking } from '../token-record.ts';
import { shortMac } from './ctf-mac.ts';
import { classGuids, hexOfId, ID_LENGTHS } from './device-text.ts';
import { checksumHolds, type DigitFields, FLAGS, fieldsOf, hashOfDevice, seedKey } from './digit-layout.ts';
import { DAY_MS, EPOCH } from './limits.ts';
import { pinStyleOf } from './pin-mode.ts';

/**
 * Reads 81 digits (`reference/token-formats.md` §2.1).
 * @param isLink whether they came in a smartphone's link, where more of a device id counts; the other length is tried, too
 * @throws TokenFileError `malformed`, `damaged`, `unsupported`, `password-required`, `wrong-password`,
 *   `device-required`, `wrong-device`. Of wrong passwords one in 32,768 is not noticed: 15 bits are all there is to tell
 */
export function readDigits(text: string, isLink: boolean, unlocking: Unlocking): TokenRecord {
  if (!/^[12]\d{12}[0-7]{68}$/.test(text))
    throw new TokenFileError('malformed', 'The digits are not of the compressed token format');
  if (!checksumHolds(text))
    throw new TokenFileError('damaged', 'The checksum does not hold: a digit is wrong. Copy the token again');
  const fields = fieldsOf(text);
  const { digits, intervalSeconds } = shapeOf(fields);
  const isBound = has(fields, FLAGS.device);
  if (text.startsWith('1') && isBound)
    throw new TokenFileError('unsupported', 'A token of version 1 that is bound to a device is not read');
  const opened = open(fields, isBound ? devicesOf(fields, isLink, unlocking.deviceId) : [UNBOUND], unlocking);
  return {
    serialNumber: text.slice(1, 13),
    algorithm: 'SECURID',
    seed: opened.seed,
    digits,
    intervalSeconds,
    pinStyle: pinStyleOf((fields.flags >> FLAGS.pinMode) & 3),
    expiresOn: new Date(EPOCH + fields.expiryDay * DAY_MS).toISOString().slice(0, 10),
    ...(opened.id === undefined ? {} : { deviceId: opened.id }),
  };
}

const has = ({ flags }: DigitFields, bit: number): boolean => ((flags >> bit) & 1) === 1;

function shapeOf(fields: DigitFields): { digits: 6 | 8; intervalSeconds: 30 | 60 } {
  if (!has(fields, FLAGS.aes))
    throw new TokenFileError('unsupported', 'It is a token with a 64-bit seed; only 128 bits are taken');
  const digits = ((fields.flags >> FLAGS.digits) & 7) + 1;
  if (digits !== 6 && digits !== 8)
    throw new TokenFileError('unsupported', `Its codes have ${digits} digits; only 6 and 8 are known here`);
  const interval = fields.flags & 3;
  if (interval > 1)
    throw new TokenFileError('unsupported', 'Its code changes neither every 30 nor every 60 seconds');
  return { digits, intervalSeconds: interval === 1 ? 60 : 30 };
}

type Device = { id: string | undefined; octets: Uint8Array };
const UNBOUND: Device = { id: undefined, octets: new Uint8Array() };

const deviceProblem = (given: string | undefined): TokenFileError =>
  given?.trim()
    ? new TokenFileError('wrong-device', 'The token is bound to another device: give the id of that one')
    : new TokenFileError('device-required', 'The token is bound to a device: give its device id');

/**
 * The ids whose hash the digits hold: the given one, or without one the class GUIDs, as stoken tries them. There can be
 * more than one, for the hash has 15 bits only; which of them is right shows when the seed opens.
 */
function devicesOf({ deviceHash }: DigitFields, isLink: boolean, given: string | undefined): Device[] {
  const lengths = isLink ? [ID_LENGTHS.link, ID_LENGTHS.digits] : [ID_LENGTHS.digits, ID_LENGTHS.link];
  const ids = given?.trim() ? [given.trim()] : Object.values(classGuids);
  const devices = lengths.flatMap((length) =>
    ids
      .map((id) => ({ id, octets: hexOfId(id, length) }))
      .filter(({ octets }) => hashOfDevice(octets, length) === deviceHash),
  );
  if (devices.length === 0) throw deviceProblem(given);
  return devices;
}

function open(
  fields: DigitFields,
  devices: readonly Device[],
  { password = '', deviceId }: Unlocking,
): Device & { seed: Uint8Array } {
  const isLocked = has(fields, FLAGS.password);
  if (isLocked && password === '')
    throw new TokenFileError('password-required', 'The token has a password: give it');
  for (const device of devices) {
    const key = seedKey(Buffer.from(isLocked ? password : ''), device.octets);
    const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    const seed = new Uint8Array(decipher.update(fields.sealed));
    if (shortMac(seed) === fields.seedHash) return { ...device, seed };
  }
  if (isLocked) throw new TokenFileError('wrong-password', 'The password does not open the token');
  // The checksum over all digits held, so it is rather the id whose 15 bits were the same by chance.
  if (devices[0] !== UNBOUND) throw deviceProblem(deviceId);
  throw new TokenFileError('damaged', 'The seed does not fit its checksum: ask for the token again');
}
