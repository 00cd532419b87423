import { Buffer } from 'node:buffer';
import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';

/** Octets of a password at most; apps refuse longer ones, or cut them (`reference/token-formats.md` §2.1). */
export const MAX_PASSWORD = 40;
/** The first day that apps understand, in milliseconds since 1970. */
export const EPOCH = Date.UTC(2000, 0, 1);
export const DAY_MS = 86_400_000;
/** The last one that version 2 can say: it has 14 bits for it. */
export const LAST_DAY_OF_DIGITS = '2044-11-08';

/** A password of the length that every app takes. @throws TokenFileError `invalid-argument` */
export function checkedPassword(password: string | undefined): Buffer {
  const octets = Buffer.from(password ?? '');
  if (octets.length > MAX_PASSWORD)
    throw new TokenFileError(
      'invalid-argument',
      `The password has at most ${MAX_PASSWORD} octets: take a shorter one`,
    );
  return octets;
}

/** The beginning of a UTC day, `YYYY-MM-DD`, in milliseconds since 1970. @throws TokenFileError `invalid-argument` */
export function momentOf(day: string): number {
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00Z`) : Number.NaN;
  // Date.parse turns 30 February into 1 March.
  if (Number.isNaN(moment) || !new Date(moment).toISOString().startsWith(day))
    throw new TokenFileError('invalid-argument', 'A date of the token is not a day like 2031-12-31');
  return moment;
}

/**
 * The last day of a token that is to be written, in milliseconds since 1970.
 * @throws TokenFileError `invalid-argument` where there is none: apps would take the token as expired, or as good for
 *   ever; also for days before 2000, which no version can say
 */
export function lastMoment({ expiresOn }: TokenRecord): number {
  if (!expiresOn)
    throw new TokenFileError('invalid-argument', 'A token of this format needs a last day: set one');
  const moment = momentOf(expiresOn);
  if (moment < EPOCH)
    throw new TokenFileError('invalid-argument', 'A token of this format ends in 2000 or later');
  return moment;
}

/** What no version can hold otherwise. @throws TokenFileError `invalid-argument` */
export function refuseUnfit({ algorithm, serialNumber, seed, digits, intervalSeconds }: TokenRecord): void {
  const refuse = (message: string): never => {
    throw new TokenFileError('invalid-argument', message);
  };
  if (algorithm !== 'SECURID') refuse('The compressed format holds SecurID tokens only');
  if (!/^\d{12}$/.test(serialNumber)) refuse('The serial number has 12 digits');
  if (seed.length !== 16) refuse('The seed has 16 octets');
  if (digits !== 6 && digits !== 8) refuse('Codes have 6 or 8 digits');
  if (intervalSeconds !== 30 && intervalSeconds !== 60) refuse('The code changes every 30 or 60 seconds');
}
