import type { TokenRecord } from '../token-record.ts';

/**
 * PIN styles as a string holds them: AddPIN says that the device adds the PIN to the code, LocalPIN that there is one at
 * all. Versions 3 and 4 keep AddPIN only, so FOB comes back from them as NONE.
 */
export const pinModes: Record<TokenRecord['pinStyle'], number> = { NONE: 0b00, FOB: 0b01, PINPAD: 0b11 };

/** The PIN style of the two bits AddPIN and LocalPIN. */
export const pinStyleOf = (mode: number): TokenRecord['pinStyle'] =>
  mode & 0b10 ? 'PINPAD' : mode & 0b01 ? 'FOB' : 'NONE';
