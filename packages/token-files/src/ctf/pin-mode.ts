import type { TokenRecord } from '../token-record.ts';

/**
 * PIN styles as a string holds them (`reference/token-formats.md` §2.1, §2.2, §3.2). AddPIN says that the device adds the
 * PIN to the code, LocalPIN that there is one at all; the mode is AddPIN, LocalPIN as two bits.
 *
 * | mode | AddPIN, LocalPIN | read as | written for | versions 3 and 4 give back |
 * |---|---|---|---|---|
 * | 0 | 0, 0 | NONE | NONE | NONE |
 * | 1 | 0, 1 | FOB | FOB | NONE: they keep AddPIN only |
 * | 2 | 1, 0 | PINPAD | – | PINPAD |
 * | 3 | 1, 1 | PINPAD | PINPAD | PINPAD |
 */
export const pinModes: Record<TokenRecord['pinStyle'], number> = { NONE: 0b00, FOB: 0b01, PINPAD: 0b11 };

/** The PIN style of a mode, as in the table of `pinModes`. */
export const pinStyleOf = (mode: number): TokenRecord['pinStyle'] =>
  mode & 0b10 ? 'PINPAD' : mode & 0b01 ? 'FOB' : 'NONE';
