/** Class GUIDs: «any device of this kind» (`reference/token-formats.md` §1.5). */
export const classGuids = {
  iphone: '556f1985-33dd-442c-9155-3a0e994f21b1',
  android: 'a01c4380-fc01-4df0-b113-7fb98ec74694',
  blackberry: '868c28f8-31bf-4911-9876-ebece5c3f2ab',
  blackberry10: 'b77a1d06-d505-4200-90d3-1bb397748704',
  windowsPhone: 'c483b592-63f0-4f19-b4cb-a6bce8e57159',
  windows: '8f94b226-d362-4204-ac52-3b21fa333b6f',
  macos: 'd0955a53-569b-4ecc-9cf7-6c2a59d4e775',
} as const;

/** Characters of an id that count in a smartphone's link, and in bare digits; separators are counted, too. */
export const ID_LENGTHS = { link: 40, digits: 32 } as const;
export type IdLength = (typeof ID_LENGTHS)[keyof typeof ID_LENGTHS];

/** What of a device id takes part in version 2: hex digits, upper case, of its first characters. */
export const hexOfId = (id: string, length: IdLength): Uint8Array =>
  Buffer.from(
    id
      .trim()
      .slice(0, length)
      .replace(/[^0-9a-f]/gi, '')
      .toUpperCase(),
    'latin1',
  );

/** What of a device id takes part in versions 3 and 4: letters and digits, upper case, filled up to 48 octets. */
export function octetsOfId(id: string): Uint8Array {
  const octets = new Uint8Array(48);
  octets.set(
    Buffer.from(
      id
        .replace(/[^0-9a-z]/gi, '')
        .toUpperCase()
        .slice(0, 48),
      'latin1',
    ),
  );
  return octets;
}
