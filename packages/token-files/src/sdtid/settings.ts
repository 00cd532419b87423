import type { TokenRecord } from '../token-record.ts';
import { day, field, wholeNumber } from './fields.ts';
import type { Section } from './flatten.ts';

/** What a token takes from the header unless it says otherwise itself. */
export type Settings = {
  /** Zero is the old algorithm with 64 bits; anything else is AES. */
  algorithm: number;
  digits: number;
  intervalSeconds: number;
  addPin: number;
  localPin: number;
  copyProtection: number | undefined;
  startsOn: string | undefined;
  expiresOn: string | undefined;
};

/** What stoken takes where neither token nor header say anything. */
const unsaid: Settings = {
  algorithm: 0,
  digits: 6,
  intervalSeconds: 60,
  addPin: 0,
  localPin: 0,
  copyProtection: undefined,
  startsOn: undefined,
  expiresOn: undefined,
};

/** @throws FieldFault */
function readSettings(lookUp: (name: string) => string | undefined, inherited: Settings): Settings {
  const number = <T>(name: string, fallback: T): number | T => {
    const text = lookUp(name);
    return text === undefined ? fallback : wholeNumber(text, name);
  };
  const date = (name: string, fallback: string | undefined) => {
    const text = lookUp(name);
    return text === undefined ? fallback : day(text, name);
  };
  return {
    algorithm: number('Alg', inherited.algorithm),
    digits: number('Digits', inherited.digits),
    intervalSeconds: number('Interval', inherited.intervalSeconds),
    addPin: number('AddPIN', inherited.addPin),
    localPin: number('LocalPIN', inherited.localPin),
    copyProtection: number('CopyProtection', inherited.copyProtection),
    startsOn: date('Birth', inherited.startsOn),
    expiresOn: date('Death', inherited.expiresOn),
  };
}

/** The header's defaults: `DefDigits`, or where that is missing `Digits`. @throws FieldFault */
export const headerSettings = (header: Section): Settings =>
  readSettings((name) => field(header, `Def${name}`) ?? field(header, name), unsaid);

/** A token's settings: its own, and else the header's. @throws FieldFault */
export const tokenSettings = (token: Section, defaults: Settings): Settings =>
  readSettings((name) => field(token, name), defaults);

/**
 * Added on the device; or asked for by the app (LocalPIN) and not added, which is what stoken and the model call
 * fob-style; or none (`reference/token-formats.md` §2.1 «PIN mode», §3.2).
 */
export function pinStyle({ addPin, localPin }: Settings): TokenRecord['pinStyle'] {
  if (addPin !== 0) return 'PINPAD';
  return localPin !== 0 ? 'FOB' : 'NONE';
}
