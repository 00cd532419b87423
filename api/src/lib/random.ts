import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from './clock.ts';

/** The only source of randomness in the program. */
export type Random = {
  /** `length` octets from the system's generator. */
  bytes(length: number): Uint8Array;
  /** A whole number in [0, below). */
  int(below: number): number;
};

export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  int: (below) => randomInt(below),
};

/** A UUID of version 7 (RFC 9562 §5.7): ids sort by the time they were made. */
export function newId(deps: { clock: Clock; random: Random }): string {
  const id = Buffer.from(deps.random.bytes(16));
  id.writeUIntBE(deps.clock.now().getTime(), 0, 6);
  id[6] = (id[6]! & 0x0f) | 0x70;
  id[8] = (id[8]! & 0x3f) | 0x80;
  const hex = id.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// No 0/O, 1/I/L: a generated password is read aloud and typed.
const readable = '23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz';

/** A password of four groups of five characters, about 115 bits. */
export function generatePassword(random: Random): string {
  const groups = Array.from({ length: 4 }, () =>
    Array.from({ length: 5 }, () => readable[random.int(readable.length)]).join(''),
  );
  return groups.join('-');
}
