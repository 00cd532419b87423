import { readFileSync } from 'node:fs';
import { fit } from '../src/sdtid/cbc-mac.ts';
import type { Section } from '../src/sdtid/flatten.ts';
import { openBatch } from '../src/sdtid/keys.ts';
import { readSdtid } from '../src/sdtid/read-sdtid.ts';
import { leaf, withMac } from '../src/sdtid/sections.ts';
import { writeSdtid } from '../src/sdtid/write-sdtid.ts';
import { sectionXml } from '../src/sdtid/xml-text.ts';
import type { FileRow, TokenRecord } from '../src/token-record.ts';

/** A sample of `test/samples/sdtid`. */
export const sample = (name: string): Buffer =>
  readFileSync(new URL(`./samples/sdtid/${name}`, import.meta.url));

/** Octets that tests can know: TEST-ONLY. */
export const sameOctets = (length: number): Uint8Array => new Uint8Array(length).fill(7);

export const record: TokenRecord = {
  serialNumber: '000123456789',
  algorithm: 'SECURID',
  seed: Uint8Array.from({ length: 16 }, (_, at) => at),
  digits: 8,
  intervalSeconds: 60,
  pinStyle: 'PINPAD',
  startsOn: '2020-01-01',
  expiresOn: '2035-12-31',
  copyProtected: true,
};

/** All rows of a file that is one text or some chunks. */
export async function rowsOf(
  file: string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  password?: string,
): Promise<FileRow[]> {
  const chunks = typeof file === 'string' ? [Buffer.from(file)] : file instanceof Uint8Array ? [file] : file;
  const rows: FileRow[] = [];
  for await (const row of readSdtid(chunks, { password })) rows.push(row);
  return rows;
}

export async function fileOf(
  tokens: Iterable<TokenRecord>,
  options: Partial<Parameters<typeof writeSdtid>[1]> = {},
): Promise<string> {
  let text = '';
  for await (const part of writeSdtid(tokens, { randomBytes: sameOctets, ...options })) text += part;
  return text;
}

type Fields = Record<string, string | undefined>;
const leaves = (fields: Fields): Section[] =>
  Object.entries(fields).flatMap(([name, text]) => (text === undefined ? [] : [leaf(name, text)]));

const NAMES = { name: 'Batch', destination: 'Dest' };
const SECRET = fit('TEST-ONLY secret', 16);
const keys = openBatch(SECRET, 'Origin', NAMES);

/**
 * A file whose MACs hold, whatever its elements say: what is given replaces an element or comes behind the others,
 * undefined takes one away.
 */
export function signedFile(header: Fields, ...tokens: Fields[]): string {
  const head = leaves({
    Origin: 'Origin',
    Dest: NAMES.destination,
    Name: NAMES.name,
    Secret: SECRET.toString('base64'),
    DefDeath: '2035/12/31',
    DefDigits: '8',
    DefInterval: '60',
    DefAlg: '1',
    ...header,
  });
  const section = { name: 'TKNHeader', text: '', children: head };
  const parts = [withMac(section, 'HeaderMAC', keys.headerMac(section))];
  for (const fields of tokens) {
    const serial = (fields.SN ?? '123456789').trim();
    const seed = keys.maskSeed(serial, record.seed).toString('base64');
    const children = leaves({ SN: '123456789', Seed: `=${seed}`, ...fields });
    const token = { name: 'TKN', text: '', children };
    parts.push(withMac(token, 'TokenMAC', keys.tokenMac(serial, token)));
  }
  return `<TKNBatch>${parts.map((part) => sectionXml(part)).join('')}<TKNTrailer/></TKNBatch>`;
}
