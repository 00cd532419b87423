import { randomBytes, randomInt } from 'node:crypto';
import type { Page } from '@playwright/test';
import { writePskc } from '../../packages/token-files/src/pskc/write-pskc.ts';
import { writeSdtid } from '../../packages/token-files/src/sdtid/write-sdtid.ts';
import type { TokenRecord } from '../../packages/token-files/src/token-record.ts';
import { expect } from './test.ts';

/** A serial number that no other test of the run has, with room for so many behind it. */
export const freshSerial = (): number => 700_000_000_000 + randomInt(200_000) * 1_000_000;

export const serialOf = (first: number, index = 0): string => String(first + index).padStart(12, '0');

/** Tokens with consecutive serial numbers, no PIN, eight digits every minute. */
export const records = (
  first: number,
  count: number,
  more: (index: number) => Partial<TokenRecord> = () => ({}),
): TokenRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    serialNumber: serialOf(first, index),
    algorithm: 'SECURID',
    seed: randomBytes(16),
    digits: 8,
    intervalSeconds: 60,
    pinStyle: 'NONE',
    expiresOn: '2036-12-31',
    ...more(index),
  }));

/** An SDTID file, sealed with the password if there is one. */
export async function sdtid(tokens: readonly TokenRecord[], password?: string): Promise<string> {
  let file = '';
  for await (const piece of writeSdtid(tokens, { randomBytes, password })) file += piece;
  return file;
}

/** A PSKC file, its seeds encrypted with a key that both sides have. */
export async function pskc(tokens: readonly TokenRecord[], key: Uint8Array): Promise<string> {
  const encryption = { kind: 'key', key, name: 'shared' } as const;
  let file = '';
  for await (const piece of writePskc(tokens, { encryption, randomBytes })) file += piece;
  return file;
}

/** The same file with one octet of a token's seed changed. */
export function damaged(file: string, serialNumber: string): string {
  const at = file.indexOf('<Seed>', file.indexOf(`<SN>${serialNumber}</SN>`)) + '<Seed>'.length + 5;
  return `${file.slice(0, at)}${file[at] === 'A' ? 'B' : 'A'}${file.slice(at + 1)}`;
}

/** Uploads a file on the import's page and waits for the question what it is. */
export async function bring(page: Page, name: string, content: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/xml', buffer: Buffer.from(content) });
  await expect(page.getByText(`File: ${name}`)).toBeVisible();
}
