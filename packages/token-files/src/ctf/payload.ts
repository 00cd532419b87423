import { Buffer } from 'node:buffer';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import { lastMoment, momentOf } from './limits.ts';
import { pinStyleOf } from './pin-mode.ts';

/** Octets of what versions 3 and 4 encrypt, before padding (`reference/token-formats.md` §2.2). */
export const PAYLOAD = 160;

const AT = {
  serial: 0,
  seed: 16,
  version: 32,
  digits: 35,
  pin: 36,
  interval: 37,
  birth: 38,
  expiry: 46,
} as const;
const PIN_ADDED = 0x21;
const PIN_NOT_ADDED = 0x1f;

/** The token that a payload holds. @throws TokenFileError `malformed`, `unsupported` */
export function tokenIn(payload: Buffer, deviceId: string | undefined): TokenRecord {
  if (payload.length !== PAYLOAD) throw new TokenFileError('malformed', 'The token is of another length');
  const serial = payload.subarray(AT.serial, AT.seed).toString('latin1').replace(/\0+$/, '');
  const digits = payload[AT.digits];
  const intervalSeconds = payload[AT.interval];
  if (!/^\d{1,12}$/.test(serial)) throw new TokenFileError('malformed', 'The serial number is not of digits');
  if (digits !== 6 && digits !== 8)
    throw new TokenFileError('unsupported', `Its codes have ${digits} digits; only 6 and 8 are known here`);
  if (intervalSeconds !== 30 && intervalSeconds !== 60)
    throw new TokenFileError(
      'unsupported',
      `Its code changes every ${intervalSeconds} s; only 30 and 60 are known`,
    );
  const startsOn = dayAt(payload, AT.birth);
  const expiresOn = dayAt(payload, AT.expiry);
  return {
    serialNumber: serial.padStart(12, '0'),
    algorithm: 'SECURID',
    seed: new Uint8Array(payload.subarray(AT.seed, AT.version)),
    digits,
    intervalSeconds,
    // Apps take every value but the one for «not added» as «added».
    pinStyle: pinStyleOf(payload[AT.pin] === PIN_NOT_ADDED ? 0b00 : 0b10),
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

/** The payload of a token. @throws TokenFileError `invalid-argument` for dates that are none, or without a last day */
export function payloadOf(token: TokenRecord): Buffer {
  const payload = Buffer.alloc(PAYLOAD);
  payload.write(token.serialNumber, AT.serial, 'latin1');
  payload.set(token.seed, AT.seed);
  payload.set([1, 1, 0, token.digits], AT.version);
  payload[AT.pin] = token.pinStyle === 'PINPAD' ? PIN_ADDED : PIN_NOT_ADDED;
  payload[AT.interval] = token.intervalSeconds;
  payload.writeBigInt64BE(BigInt(token.startsOn ? momentOf(token.startsOn) : 0), AT.birth);
  payload.writeBigInt64BE(BigInt(lastMoment(token)), AT.expiry);
  return payload;
}
