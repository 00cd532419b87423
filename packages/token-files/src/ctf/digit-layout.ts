import { Buffer } from 'node:buffer';
import { ctfMac, shortMac } from './ctf-mac.ts';
import type { IdLength } from './device-text.ts';

/** Digits of a string of version 1 or 2: version, serial number, 63 octal digits, 5 octal digits of checksum. */
export const DIGITS = 81;
/** Those that the checksum is made of. */
const BODY = 76;
/** Where the octal digits begin. */
const OCTAL = 13;

/** Places of the flags' bits (`reference/token-formats.md` §2.1). */
export const FLAGS = { aes: 14, password: 13, device: 12, timeDerived: 9, digits: 6, pinMode: 3 } as const;

const SEED_KEY_END = Buffer.from('d8f532538289', 'hex');

/** What the 189 bits say. */
export type DigitFields = {
  /** The seed, encrypted. */
  sealed: Uint8Array;
  flags: number;
  /** Last day, counted from 2000-01-01. */
  expiryDay: number;
  seedHash: number;
  deviceHash: number;
};

/** The key of the seed. */
export const seedKey = (password: Uint8Array, device: Uint8Array): Uint8Array =>
  ctfMac(Buffer.concat([password, device, SEED_KEY_END]));

/** The hash by which a wrong device id is noticed; of an unbound token that of zeros. */
export function hashOfDevice(device: Uint8Array, length: IdLength): number {
  const padded = new Uint8Array(length);
  padded.set(device);
  return shortMac(padded);
}

/** Whether the last five digits are the checksum of the others. */
export const checksumHolds = (digits: string): boolean =>
  digits.slice(BODY) === checksumOf(digits.slice(0, BODY));

const checksumOf = (body: string): string =>
  shortMac(Buffer.from(body, 'latin1')).toString(8).padStart(5, '0');

/** Takes 81 digits apart; the caller has checked their form. */
export function fieldsOf(digits: string): DigitFields {
  const bits = Array.from(digits.slice(OCTAL, BODY), (digit) =>
    Number(digit).toString(2).padStart(3, '0'),
  ).join('');
  const numberAt = (from: number, length: number): number =>
    Number.parseInt(bits.slice(from, from + length), 2);
  return {
    sealed: Uint8Array.from({ length: 16 }, (_, at) => numberAt(at * 8, 8)),
    flags: numberAt(128, 16),
    expiryDay: numberAt(144, 14),
    seedHash: numberAt(159, 15),
    deviceHash: numberAt(174, 15),
  };
}

/** Puts 81 digits of `version` together. */
export function digitsOf(version: 1 | 2, serialNumber: string, fields: DigitFields): string {
  const binary = (value: number, width: number): string => value.toString(2).padStart(width, '0');
  const bits = [
    ...Array.from(fields.sealed, (octet) => binary(octet, 8)),
    binary(fields.flags, 16),
    binary(fields.expiryDay, 14),
    '0',
    binary(fields.seedHash, 15),
    binary(fields.deviceHash, 15),
  ].join('');
  const octal = bits.match(/.{3}/g)!.map((three) => Number.parseInt(three, 2));
  const body = `${version}${serialNumber}${octal.join('')}`;
  return body + checksumOf(body);
}
