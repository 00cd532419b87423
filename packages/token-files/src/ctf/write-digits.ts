import { createCipheriv } from 'node:crypto';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import { shortMac } from './ctf-mac.ts';
import { hexOfId, ID_LENGTHS } from './device-text.ts';
import { digitsOf, FLAGS, hashOfDevice, seedKey } from './digit-layout.ts';
import { checkedPassword, DAY_MS, EPOCH, LAST_DAY_OF_DIGITS, lastMoment, momentOf } from './limits.ts';
import { pinModes } from './pin-mode.ts';

/** How a token is locked: what is left out or empty is not asked for when it is read. */
export type CtfLocks = { password?: string | undefined; deviceId?: string | undefined };

/**
 * Writes 81 digits of version 2 (`reference/token-formats.md` §2.1). The same token and locks always give the same digits.
 * @param isLink whether they go into a smartphone's link: digits that are bound to a device differ
 * @throws TokenFileError `invalid-argument`
 */
export function writeDigits(token: TokenRecord, isLink: boolean, locks: CtfLocks): string {
  const lastDay = lastMoment(token);
  if (lastDay > momentOf(LAST_DAY_OF_DIGITS))
    throw new TokenFileError(
      'invalid-argument',
      `A token of version 2 ends on ${LAST_DAY_OF_DIGITS} at the latest`,
    );
  const expiryDay = (lastDay - EPOCH) / DAY_MS;
  const password = checkedPassword(locks.password);
  const length = isLink ? ID_LENGTHS.link : ID_LENGTHS.digits;
  const device = hexOfId(locks.deviceId ?? '', length);
  if (locks.deviceId && device.length === 0)
    throw new TokenFileError('invalid-argument', 'The device id has no hexadecimal digit');
  const flags =
    (1 << FLAGS.aes) |
    (password.length > 0 ? 1 << FLAGS.password : 0) |
    (locks.deviceId ? 1 << FLAGS.device : 0) |
    (1 << FLAGS.timeDerived) |
    ((token.digits - 1) << FLAGS.digits) |
    (pinModes[token.pinStyle] << FLAGS.pinMode) |
    (token.intervalSeconds === 60 ? 1 : 0);
  const cipher = createCipheriv('aes-128-ecb', seedKey(password, device), null).setAutoPadding(false);
  return digitsOf(2, token.serialNumber, {
    sealed: new Uint8Array(cipher.update(token.seed)),
    flags,
    expiryDay,
    seedHash: shortMac(token.seed),
    deviceHash: hashOfDevice(device, length),
  });
}
