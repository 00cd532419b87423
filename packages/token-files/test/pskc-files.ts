import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PskcUnlocking } from '../src/pskc/file-keys.ts';
import { readPskc } from '../src/pskc/read-pskc.ts';
import { type PskcWriting, writePskc } from '../src/pskc/write-pskc.ts';
import type { FileRow, TokenRecord } from '../src/token-record.ts';

/** The pre-shared key of the samples and of RFC 6030 figure 6. */
export const sharedKey = Buffer.from('12345678901234567890123456789012', 'hex');

export const seed = new TextEncoder().encode('12345678901234567890');

export const token: TokenRecord = {
  serialNumber: '00000001',
  algorithm: 'TOTP',
  seed,
  digits: 6,
  intervalSeconds: 30,
  hashAlgorithm: 'SHA1',
  pinStyle: 'NONE',
};

export const samplePskc = (name: string): string =>
  readFileSync(new URL(`samples/pskc/${name}`, import.meta.url), 'utf8');

export async function gathered<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

export const pskcRows = (
  xml: string,
  unlocking?: PskcUnlocking & { securId?: boolean },
): Promise<FileRow[]> => gathered(readPskc([new TextEncoder().encode(xml)], unlocking));

/** Not random at all: the same file each time. */
export function countedBytes(): (size: number) => Uint8Array {
  let calls = 0;
  return (size) => {
    calls += 1;
    return createHash('shake256', { outputLength: size }).update(`${calls}`).digest();
  };
}

export const pskcText = async (
  tokens: Iterable<TokenRecord>,
  encryption: PskcWriting['encryption'],
  more: Partial<PskcWriting> = {},
): Promise<string> =>
  (await gathered(writePskc(tokens, { encryption, randomBytes: countedBytes(), ...more }))).join('');

/** A container with one key package. */
export const pskcWith = (key: string, device = '<DeviceInfo><SerialNo>1</SerialNo></DeviceInfo>'): string =>
  `<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><KeyPackage>${device}${key}</KeyPackage></KeyContainer>`;

export const TOTP = 'urn:ietf:params:xml:ns:keyprov:pskc:totp';

/** A TOTP key, whatever else stands in it before and after Data. */
export const totpKey = ({ before = '', data = '', after = '' } = {}): string =>
  `<Key Id="k" Algorithm="${TOTP}">${before}<Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>${data}</Data>${after}</Key>`;
