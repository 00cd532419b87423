import { TokenFileError } from '../errors.ts';
import type { TokenRecord } from '../token-record.ts';
import type { Section } from './flatten.ts';
import { writable } from './xml-text.ts';

/** Most characters of a name or device id in a file. */
const MAX_TEXT = 1024;

export const leaf = (name: string, text: string): Section => ({ name, text, children: [] });

/** stoken writes a space for an empty text, and so the MAC is not the odd one of an empty element. */
function words(name: string, text: string | undefined, token: TokenRecord): Section {
  const written = writable(text ?? '').trim();
  if (written.length > MAX_TEXT)
    throw new TokenFileError(
      'invalid-argument',
      `Token ${token.serialNumber}: ${name} is longer than ${MAX_TEXT} characters`,
    );
  return leaf(name, written || ' ');
}

/** What tokens may differ in, by the element's name without its Def, in the order of the format. */
export function settingsOf(token: TokenRecord): ReadonlyMap<string, string> {
  const { startsOn = '2000-01-01', expiresOn = '', digits, intervalSeconds, pinStyle } = token;
  return new Map([
    ['Birth', startsOn.replaceAll('-', '/')],
    ['Death', expiresOn.replaceAll('-', '/')],
    ['Digits', String(digits)],
    ['Interval', String(intervalSeconds)],
    ['AddPIN', pinStyle === 'PINPAD' ? '1' : '0'],
    ['LocalPIN', pinStyle === 'FOB' ? '1' : '0'],
    ['CopyProtection', token.copyProtected === false ? '0' : '1'],
  ]);
}

export type HeaderTexts = { name: string; origin: string; destination: string; secret: string };

/** The header, its MAC still missing. Elements and defaults are those that stoken writes (§1.1). */
export function headerSection(texts: HeaderTexts, defaults: ReadonlyMap<string, string>): Section {
  const setting = (name: string) => leaf(`Def${name}`, defaults.get(name)!);
  const children = [
    leaf('Version', '0'),
    leaf('Origin', texts.origin),
    leaf('Dest', texts.destination),
    leaf('Name', texts.name),
    // How many follow is not known here, and nobody checks it.
    leaf('FirstToken', 'N/A'),
    leaf('LastToken', 'N/A'),
    leaf('NumTokens', '0'),
    leaf('Secret', texts.secret),
    ...['Birth', 'Death', 'Digits', 'Interval'].map(setting),
    leaf('DefAlg', '1'),
    leaf('DefMode', '0'),
    leaf('DefPrecision', '2400'),
    leaf('DefSmallWin', '630'),
    leaf('DefMediumWin', '4320'),
    leaf('DefLargeWin', '4320'),
    ...['AddPIN', 'LocalPIN', 'CopyProtection'].map(setting),
    leaf('DefPinType', '0'),
    leaf('DefKeypad', '1'),
    leaf('DefProtLevel', '0'),
    leaf('DefRevision', '0'),
    leaf('DefTimeDerivedSeeds', '1'),
    leaf('DefAppDerivedSeeds', '0'),
    leaf('DefFormFactor', '20000001'),
  ];
  return { name: 'TKNHeader', text: '', children };
}

/**
 * A token, its MAC still missing: what differs from the header's defaults it says itself.
 * @param seed as it stands in the file: Base64 of the encrypted octets
 * @throws TokenFileError `invalid-argument` for a name that is too long
 */
export function tokenSection(
  token: TokenRecord,
  seed: string,
  defaults: ReadonlyMap<string, string>,
): Section {
  const own = [...settingsOf(token)].filter(([name, value]) => defaults.get(name) !== value);
  const attributes = [
    words('DeviceSerialNumber', token.deviceId, token),
    words('Nickname', token.nickname, token),
  ];
  const children = [
    leaf('SN', token.serialNumber),
    leaf('Seed', `=${seed}`),
    words('UserFirstName', token.firstName, token),
    words('UserLastName', token.lastName, token),
    words('UserLogin', token.userName, token),
    ...own.map(([name, value]) => leaf(name, value)),
    { name: 'TokenAttributes', text: '', children: attributes },
  ];
  return { name: 'TKN', text: '', children };
}

/** The section with its MAC behind everything else. */
export const withMac = (section: Section, name: string, mac: Buffer): Section => ({
  ...section,
  children: [...section.children, leaf(name, mac.toString('base64'))],
});
