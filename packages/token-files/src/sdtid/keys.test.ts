import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sample } from '../../test/sdtid-files.ts';
import { readXmlPieces } from '../xml-stream.ts';
import { aesKey, cbcMac, fit, trimmed } from './cbc-mac.ts';
import { flatten } from './flatten.ts';
import { batchKeys, masterKey, openBatch, passwordKey } from './keys.ts';
import { leaf } from './sections.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
const names = { name: 'Batch One', destination: 'Example Dest' };
const secret = Buffer.from('WTFNzycMvOXcvS7UKDpKWA==', 'base64');

async function sections() {
  const pieces = [];
  for await (const piece of readXmlPieces([sample('A-8digit-60s-pinpad.sdtid')])) pieces.push(piece);
  return { header: pieces[1]!, token: pieces[2]! };
}

describe('the worked example of token-formats.md §1.2', () => {
  const password = passwordKey('Example Origin', names);
  const master = masterKey(secret, password, names.name);
  const derived = (iv: string, purpose: string, subject: string) =>
    hex(cbcMac(aesKey(master), Buffer.from(iv, 'hex'), Buffer.concat([fit(purpose, 32), fit(subject, 32)])));

  test('password key and master key', () => {
    expect(hex(password)).toBe('e4d2b07fd145eb052c43b4e26ac33133');
    expect(hex(master)).toBe('cd0a414854333e8759bd5d77a3b5010d');
  });

  test.each([
    ['2b7e151628aed2a6abf7158809cf4f3c', 'BatchMAC', 'Batch One', '6dd6290e974208ac004ff34f6fef5892'],
    ['1bb67ae8584caa73b25742d7078b83b8', 'TokenMAC', '000123456789', '0d79effe5282a7bf2ca28f59ced53e29'],
    ['16a09e667f3bcc908b2fb1366ea957d3', 'TokenEncrypt', '000123456789', 'cc8212b55b6b43e221f15711285670e8'],
  ])('%s %s %s', (iv, purpose, subject, key) => {
    expect(derived(iv, purpose, subject)).toBe(key);
  });

  test('what the MACs are made over, and the MACs', async () => {
    const { header, token } = await sections();
    expect(flatten(header)).toEqual(sample('A.header.macinput.bin'));
    expect(flatten(token)).toEqual(sample('A.token.macinput.bin'));
    const keys = batchKeys(master, names.name);
    expect(keys.headerMac(header).toString('base64')).toBe('PLkj00oRQOJ28H801ffYIA==');
    expect(keys.tokenMac('000123456789', token).toString('base64')).toBe('KN2nemUXNaOflLfzZuJtDQ==');
    const seed = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    expect(keys.maskSeed('000123456789', seed).toString('base64')).toBe('SIL1jGG8X+u6inkCdla8Mw==');
  });
});

/** K_pw as §1.2 says it, chain by chain. */
function passwordKeyByTheBook(password: string, name: string, destination: string): Buffer {
  const sum = Buffer.alloc(16);
  for (let round = 0; round < 1000; round += 1) {
    const data = Buffer.concat([fit(password, 32), fit(destination, 32), Buffer.alloc(16)]);
    data.writeUInt16BE(round, 78);
    const cipher = createCipheriv('aes-128-cbc', fit(name, 16), Buffer.alloc(16)).setAutoPadding(false);
    for (const [at, octet] of cipher.update(data).subarray(-16).entries()) sum[at]! ^= octet;
  }
  return sum;
}

test('the password key is the one of a thousand chains, for any text of any length', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, (password, name, destination) => {
      expect(passwordKey(password, { name, destination })).toEqual(
        passwordKeyByTheBook(password, name, destination),
      );
    }),
    { numRuns: 50 },
  );
});

test('only the first 32 octets of a password count, and no white space around it', () => {
  const keyOf = (password: string) => openBatch(secret, password, names).maskSeed('1', Buffer.alloc(16));
  expect(keyOf(`${'p'.repeat(32)}more`)).toEqual(keyOf(`\t ${'p'.repeat(32)}\r\n`));
  expect(keyOf('p'.repeat(31))).not.toEqual(keyOf('p'.repeat(32)));
  // A no-break space is a part of the password, as it is for C.
  expect(trimmed('\u00a0p \v\f')).toBe('\u00a0p');
});

describe('flattening', () => {
  const of = (...texts: [name: string, text: string][]) =>
    flatten({ name: 'T', text: '', children: texts.map(([name, text]) => leaf(name, text)) });

  test('a short line cuts what is before it, and zeros follow by the former length', () => {
    // «T.a 1» is 6 octets: 6 of them remain as padding for the next line, which then cuts everything before.
    expect(of(['a', '1'])).toEqual(Buffer.from('T.a 1\n'));
    expect(of(['a', '1'], ['b', '2'])).toEqual(Buffer.from('T.b 2\n\0\0\0\0\0\0'));
    expect(of(['a', '1'], ['b', 'x'.repeat(20)])).toEqual(
      Buffer.from(`T.a 1\nT.b ${'x'.repeat(20)}\n${'\0'.repeat(6)}`),
    );
    // A multiple of 16 leaves a padding of 16, not of none.
    expect(of(['a', 'x'.repeat(11)], ['b', '2'])).toEqual(
      Buffer.from(`T.a ${'x'.repeat(11)}\nT.b 2\n${'\0'.repeat(16)}`),
    );
  });

  test('an empty leaf names itself, MACs are left out, and what has children has no text', () => {
    const inner = { name: 'c', text: 'ignored', children: [leaf('d', '')] };
    const children = [leaf('TokenMAC', 'x'), leaf('MAC', 'y'), inner];
    expect(flatten({ name: 'T', text: '', children })).toEqual(
      Buffer.from(`T.MAC y\nT.c.d </d>\n${'\0'.repeat(8)}`),
    );
  });

  test('paths that grow without end are refused', () => {
    const name = 'n'.repeat(60_000);
    const deep = Array.from({ length: 6 }).reduce(
      (inner: ReturnType<typeof leaf>) => ({ name, text: '', children: [inner] }),
      leaf(name, '1'),
    );
    expect(() => flatten(deep)).toThrow(/More than/);
  });
});
