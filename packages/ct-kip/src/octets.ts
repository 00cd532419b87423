import { timingSafeEqual } from 'node:crypto';

/** Draws `count` octets from a cryptographic source. The packages have none of their own: callers pass theirs. */
export type RandomSource = (count: number) => Uint8Array;

const encoder = new TextEncoder();

/** The UTF-8 octets of a text; for the labels of RFC 4758 section 3.5 this is ASCII without a terminator. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** All parts one after the other, in a new array. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two octet strings are equal; the time depends on their lengths only. */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** An unsigned big-endian number without its leading zero octets. */
export function trimLeadingZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((octet) => octet !== 0);
  return first === -1 ? new Uint8Array() : number.slice(first);
}
