import type { FileRow, TokenRecord } from '../token-record.ts';
import type { XmlElement } from '../xml-stream.ts';
import { trimmed } from './cbc-mac.ts';
import { block, FieldFault, field, words } from './fields.ts';
import { type BatchKeys, sameMac } from './keys.ts';
import { pinStyle, type Settings, tokenSettings } from './settings.ts';

/** A header that has been unlocked. */
export type Batch = { keys: BatchKeys; defaults: Settings };

/** The token's serial number as keys are made of it. */
export const rawSerial = (token: XmlElement): string => trimmed(field(token, 'SN') ?? '');

/** Whether the token's own MAC holds with these keys. */
export const tokenHolds = (token: XmlElement, keys: BatchKeys): boolean =>
  sameMac(keys.tokenMac(rawSerial(token), token), block(field(token, 'TokenMAC')));

/**
 * One TKN as a row (`reference/token-formats.md` §1.1–1.5). Never throws for what is in it, but `too-large`.
 * @param batch keys and defaults of its header
 */
export function readToken(token: XmlElement, batch: Batch): FileRow {
  const serial = rawSerial(token);
  const serialNumber = /^\d{1,12}$/.test(serial) ? serial.padStart(12, '0') : undefined;
  const row = { line: token.line, ...(serialNumber !== undefined && { serialNumber }) };
  try {
    for (const name of ['SN', 'Seed', 'TokenMAC']) {
      if (field(token, name) === undefined) throw new FieldFault('row.malformed', `The token has no ${name}`);
    }
    if (!tokenHolds(token, batch.keys))
      throw new FieldFault('row.damaged', 'The token was changed after its file was made: its MAC is wrong');
    if (serialNumber === undefined)
      throw new FieldFault('row.serial_number', 'The serial number is not 1 to 12 digits');
    const settings = tokenSettings(token, batch.defaults);
    if (settings.algorithm === 0) {
      const message = 'The token is of the old kind with 64 bits; only AES with 128 bits is taken';
      return { ...row, kind: 'skipped', code: 'row.algorithm', message };
    }
    const { digits } = settings;
    if (digits !== 6 && digits !== 8) {
      const message = `The code has ${digits} digits; only 6 and 8 are taken`;
      return { ...row, kind: 'skipped', code: 'row.digits', message };
    }
    return {
      ...row,
      kind: 'token',
      token: recordOf(token, batch.keys, serialNumber, { ...settings, digits }),
    };
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    return { ...row, kind: 'bad', code: error.code, message: error.message };
  }
}

function recordOf(
  token: XmlElement,
  keys: BatchKeys,
  serialNumber: string,
  settings: Settings & { digits: 6 | 8 },
): TokenRecord {
  const { startsOn, expiresOn, copyProtection } = settings;
  // Its first character means nothing, whatever it is.
  const encrypted = block(field(token, 'Seed')?.slice(1));
  if (!encrypted) throw new FieldFault('row.seed', 'The seed is not 16 bytes in Base64');
  if (expiresOn === undefined)
    throw new FieldFault('row.date', 'Neither token nor header name the last valid day (Death)');
  const record: TokenRecord = {
    serialNumber,
    algorithm: 'SECURID',
    seed: new Uint8Array(keys.maskSeed(rawSerial(token), encrypted)),
    digits: settings.digits,
    intervalSeconds: settings.intervalSeconds === 60 ? 60 : 30,
    pinStyle: pinStyle(settings),
    expiresOn,
  };
  if (startsOn !== undefined) record.startsOn = startsOn;
  if (copyProtection !== undefined) record.copyProtected = copyProtection !== 0;
  for (const [name, key] of TEXTS) {
    const text = words(field(token, name));
    if (text !== undefined) record[key] = text;
  }
  return record;
}

/** The texts of a TKN, by the element that holds them. */
const TEXTS = [
  ['UserLogin', 'userName'],
  ['UserFirstName', 'firstName'],
  ['UserLastName', 'lastName'],
  ['Nickname', 'nickname'],
  ['DeviceSerialNumber', 'deviceId'],
] as const;
