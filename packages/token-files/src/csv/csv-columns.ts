import { TokenFileError } from '../errors.ts';

/** What a column of a CSV file can hold. */
export type CsvField =
  | 'serialNumber'
  | 'seed'
  | 'algorithm'
  | 'hashAlgorithm'
  | 'digits'
  | 'intervalSeconds'
  | 'startsOn'
  | 'expiresOn'
  | 'userName'
  | 'firstName'
  | 'lastName'
  | 'nickname';

/** How seeds are written. */
export type SeedEncoding = 'hex' | 'base32';

/** Where each field stands in a record, and how the header says that seeds are written, if it does. */
export type CsvColumns = { positions: ReadonlyMap<CsvField, number>; encoding: SeedEncoding | undefined };

// Compared in lower case, letters and digits only: «Serial Number», «serial_number» and «serialNumber» are one.
const names: Record<CsvField, readonly string[]> = {
  serialNumber: ['serial', 'serialnumber', 'serialno', 'tokenserial', 'tokenserialnumber', 'tokenid', 'sn'],
  seed: ['seed', 'secret', 'secretkey', 'key', 'otpkey', 'tokenseed'],
  algorithm: ['algorithm', 'alg', 'type', 'tokentype', 'otptype'],
  hashAlgorithm: ['hash', 'hashalgorithm', 'hashlib', 'hmac', 'suite'],
  digits: ['digits', 'otplength', 'otplen', 'length', 'codelength', 'responselength'],
  intervalSeconds: ['interval', 'intervalseconds', 'period', 'timestep', 'timeinterval', 'step'],
  startsOn: ['start', 'starts', 'startson', 'startdate', 'birth', 'validfrom'],
  expiresOn: [
    'expiry',
    'expires',
    'expireson',
    'expirydate',
    'expirationdate',
    'death',
    'validuntil',
    'validto',
  ],
  userName: ['owner', 'user', 'username', 'userid', 'login', 'userlogin', 'upn'],
  firstName: ['firstname', 'givenname'],
  lastName: ['lastname', 'surname', 'familyname'],
  nickname: ['nickname', 'label', 'friendlyname', 'description'],
};

const required = [
  ['serialNumber', 'serial'],
  ['seed', 'seed'],
] as const;

const compact = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Field and seed encoding that a cell of the header stands for; undefined for a column that is not known. */
export function namedField(cell: string): { field: CsvField; encoding?: SeedEncoding } | undefined {
  const name = compact(cell);
  const [, base = '', written] = /^(.*?)(hex|base32|b32)?$/.exec(name) ?? [];
  for (const [field, known] of Object.entries(names) as [CsvField, readonly string[]][]) {
    if (known.includes(name)) return { field };
    if (field === 'seed' && written && known.includes(base))
      return { field, encoding: written === 'hex' ? 'hex' : 'base32' };
  }
  return undefined;
}

/**
 * Finds the fields in the header; columns that are not known are left alone.
 * @param chosen the header's own words for a field, before what is known by name
 * @throws TokenFileError `malformed`, naming the columns that are missing or there twice
 */
export function readColumns(
  header: readonly string[],
  chosen: Partial<Record<CsvField, string>> = {},
): CsvColumns {
  const positions = new Map<CsvField, number>();
  let encoding: SeedEncoding | undefined;
  const set = (field: CsvField, position: number): void => {
    if (positions.has(field))
      throw new TokenFileError('malformed', `Two columns stand for ${field}: keep one`, 1);
    positions.set(field, position);
  };
  const taken = new Set<number>();
  for (const [field, word] of Object.entries(chosen) as [CsvField, string][]) {
    const position = header.findIndex((cell) => cell.trim() === word.trim());
    if (position === -1)
      throw new TokenFileError('malformed', `There is no column «${word.slice(0, 80)}»`, 1);
    set(field, position);
    taken.add(position);
    if (field === 'seed') encoding = namedField(word)?.encoding;
  }
  for (const [position, cell] of header.entries()) {
    const named = namedField(cell);
    if (!named || taken.has(position) || chosen[named.field] !== undefined) continue;
    set(named.field, position);
    encoding ??= named.encoding;
  }
  const missing = required.filter(([field]) => !positions.has(field)).map(([, name]) => name);
  if (missing.length > 0)
    throw new TokenFileError('malformed', `The first line names no column ${missing.join(', nor one ')}`, 1);
  return { positions, encoding };
}

const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/** The delimiter that the header shows the most of outside quotes; a comma where there is none. */
export function headerDelimiter(line: string): Delimiter {
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Whether a line looks like the header of a token list: a column for the serial number or the seed, and one beside it. */
export function isTokenHeader(line: string): boolean {
  const cells = line.split(headerDelimiter(line)).map((cell) => namedField(cell)?.field);
  return cells.length > 1 && (cells.includes('serialNumber') || cells.includes('seed'));
}
