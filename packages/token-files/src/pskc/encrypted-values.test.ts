import { createCipheriv, createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pskcRows, pskcText, samplePskc, seed, sharedKey, token } from '../../test/pskc-files.ts';
import { deriveKey, readDerivation } from './password-key.ts';
import { encryptCbc } from './value-cipher.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const badMac = samplePskc('own-preshared-badmac.xml');
const withPassword = samplePskc('own-pbkdf2-aes128.xml');

/** An encrypted value as XML. */
const encryptedValue = (cipher: string, octets: Uint8Array): string =>
  `<EncryptedValue><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${cipher}"/><CipherData><CipherValue>${Buffer.from(octets).toString('base64')}</CipherValue></CipherData></EncryptedValue>`;

/** A file under the shared key whose packages hold these secrets. */
const fileOf = (secrets: readonly string[], macMethod = '', data = ''): string => {
  const packages = secrets.map(
    (secret, index) =>
      `<KeyPackage><Key Id="${index}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp"><Data><Secret>${secret}</Secret>${data}</Data></Key></KeyPackage>`,
  );
  return `<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><EncryptionKey><KeyName>k</KeyName></EncryptionKey>${macMethod}${packages.join('')}</KeyContainer>`;
};

const iv = Buffer.alloc(16, 9);
const sealed = (plain: Uint8Array, key = sharedKey): Buffer => encryptCbc(createSecretKey(key), iv, plain);
const good = encryptedValue('aes128-cbc', sealed(seed));
const damaged = encryptedValue('aes128-cbc', Buffer.alloc(48, 1));
const tokenRow = { kind: 'token', token: { seed } };

describe('vectors of RFC 6030', () => {
  test('figure 6: AES-128-CBC under a pre-shared key, HMAC-SHA1', async () => {
    const xml = fileOf(
      [
        `${encryptedValue('aes128-cbc', Buffer.from('AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv', 'base64'))}<ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=\n</ValueMAC>`,
      ],
      `<MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><MACKey>${encryptedValue(
        'aes128-cbc',
        Buffer.from('ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX', 'base64'),
      ).replaceAll(/<\/?EncryptedValue>/g, '')}</MACKey></MACMethod>`,
    );
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([tokenRow]);
  });

  test('figure 7: the key of a password', async () => {
    const salt = Buffer.from('Ej7/PEpyEpw=', 'base64');
    const key = await deriveKey('qwerty', { salt, iterations: 1000, keyLength: 16, hash: 'sha1' });
    expect(key.toString('hex')).toBe('651e63cd57008476af1ff6422cd02e41');
  });

  test('the keys of token-formats.md §4.2', async () => {
    const salt = hex('000102030405060708090a0b0c0d0e0f');
    const key = await deriveKey('qwerty', { salt, iterations: 10_000, keyLength: 16, hash: 'sha1' });
    expect(key.toString('hex')).toBe('e6e6d339c5fbd02d7f6e7f431226e6d7');
  });
});

describe('what does not open', () => {
  test.each([
    ['password-required', withPassword, {}],
    ['password-required', withPassword, { password: '' }],
    ['password-required', withPassword, { key: sharedKey }],
    ['wrong-password', withPassword, { password: 'Qwerty' }],
    ['key-required', badMac, {}],
    ['key-required', badMac, { password: 'qwerty' }],
    ['wrong-key', badMac, { key: Buffer.alloc(16) }],
    ['wrong-key', badMac, { key: Buffer.alloc(32) }],
    ['wrong-key', badMac, { key: Buffer.alloc(5) }],
    ['wrong-key', fileOf([good]), { key: Buffer.alloc(16, 3) }],
  ])('%s', async (code, xml, unlocking) => {
    await expect(pskcRows(xml, unlocking)).rejects.toMatchObject({ name: 'TokenFileError', code });
  });

  test('a damaged value is told from a wrong key', async () => {
    expect(await pskcRows(badMac, { key: sharedKey })).toMatchObject([
      { kind: 'bad', code: 'row.damaged', serialNumber: '00000001' },
    ]);
  });

  test('once the password is known to be right, damage costs one row', async () => {
    const tokens = ['1', '2', '3'].map((serialNumber) => ({ ...token, serialNumber }));
    const xml = await pskcText(tokens, { kind: 'password', password: 'p', iterations: 1000 });
    const parts = xml.split('<pskc:KeyPackage>');
    parts[2] = parts[2]!.replace(/<pskc:ValueMAC>..../, '<pskc:ValueMAC>AAAA');
    expect(await pskcRows(parts.join('<pskc:KeyPackage>'), { password: 'p' })).toMatchObject([
      { kind: 'token' },
      { code: 'row.damaged', serialNumber: '2' },
      { kind: 'token' },
    ]);
  });

  test('without MACs two values have to open', async () => {
    expect(await pskcRows(fileOf([good, good, damaged, good]), { key: sharedKey })).toMatchObject([
      tokenRow,
      tokenRow,
      { code: 'row.damaged' },
      tokenRow,
    ]);
    await expect(pskcRows(fileOf([good, damaged]), { key: sharedKey })).rejects.toMatchObject({
      code: 'wrong-key',
    });
  });

  test('a value whose MAC was taken away', async () => {
    const xml = samplePskc('own-preshared-aes128.xml').replace(/<pskc:ValueMAC>.*<\/pskc:ValueMAC>/, '');
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([{ code: 'row.damaged' }]);
  });

  test('files that hold nothing encrypted, or only what is left out, need no password', async () => {
    const hotp = withPassword.replace('pskc:totp', 'pskc:hotp');
    expect(await pskcRows(hotp)).toMatchObject([{ kind: 'skipped', code: 'row.hotp' }]);
  });
});

describe('other ways to encrypt', () => {
  test('an empty MAC key is none that could be right', async () => {
    const empty = encryptedValue('aes128-cbc', sealed(new Uint8Array())).replaceAll(
      /<\/?EncryptedValue>/g,
      '',
    );
    const xml = fileOf(
      [`${good}<ValueMAC>AAAA</ValueMAC>`],
      `<MACMethod Algorithm="urn:x#hmac-sha1"><MACKey>${empty}</MACKey></MACMethod>`,
    );
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([{ code: 'row.damaged' }]);
  });

  test('without a MAC key the encryption key makes the MACs', async () => {
    const value = sealed(seed);
    const mac = createHmac('sha256', sharedKey).update(value).digest('base64');
    const xml = fileOf(
      [`${encryptedValue('aes128-cbc', value)}<ValueMAC>${mac}</ValueMAC>`],
      '<MACMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>',
    );
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([tokenRow]);
    await expect(pskcRows(xml, { key: Buffer.alloc(16, 3) })).rejects.toMatchObject({ code: 'wrong-key' });
  });

  test('padding of random octets, under a MAC', async () => {
    const cipher = createCipheriv('aes-128-cbc', sharedKey, iv).setAutoPadding(false);
    const padded = Buffer.concat([seed, Buffer.from('random-pad!'), Buffer.of(12)]);
    const value = Buffer.concat([iv, cipher.update(padded), cipher.final()]);
    const mac = createHmac('sha1', sharedKey).update(value).digest('base64');
    const xml = fileOf(
      [`${encryptedValue('aes128-cbc', value)}<ValueMAC>${mac}</ValueMAC>`],
      '<MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"/>',
    );
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([tokenRow]);
  });

  test.each([
    ['aes192-cbc', 24],
    ['aes256-cbc', 32],
  ])('%s', async (name, length) => {
    const key = Buffer.alloc(length, 5);
    const xml = fileOf([encryptedValue(name, sealed(seed, key))]);
    expect(await pskcRows(xml, { key })).toMatchObject([tokenRow]);
  });

  // RFC 3394 §4.1, and the same of RFC 5649 for a length that is no multiple of 8.
  test('kw-aes128', async () => {
    const key = hex('000102030405060708090a0b0c0d0e0f');
    const value = hex('1fa68b0a8112b447 aef34bd8fb5a7b82 9d3e862371d2cfe5');
    const xml = fileOf([encryptedValue('kw-aes128', value)]);
    expect(await pskcRows(xml, { key })).toMatchObject([
      { token: { seed: new Uint8Array(hex('00112233445566778899aabbccddeeff')) } },
    ]);
    await expect(pskcRows(xml, { key: sharedKey })).rejects.toMatchObject({ code: 'wrong-key' });
    const cipher = createCipheriv('id-aes128-wrap-pad', key, hex('a65959a6'));
    const padded = Buffer.concat([cipher.update(seed), cipher.final()]);
    expect(await pskcRows(fileOf([encryptedValue('kw-aes128', padded)]), { key })).toMatchObject([tokenRow]);
  });

  test.each([
    ['text', Buffer.from('60')],
    ['big-endian octets', Buffer.of(0, 60)],
  ])('numbers as %s', async (_, octets) => {
    const data = `<TimeInterval>${encryptedValue('aes128-cbc', sealed(octets))}</TimeInterval>`;
    expect(await pskcRows(fileOf([good], '', data), { key: sharedKey })).toMatchObject([
      { token: { intervalSeconds: 60 } },
    ]);
  });

  test('the MAC behind the secret, as privacyIDEA wrote it', async () => {
    const xml = samplePskc('own-preshared-aes128.xml').replace(
      /(<pskc:ValueMAC>.*<\/pskc:ValueMAC>)\s*<\/pskc:Secret>/,
      '</pskc:Secret>$1',
    );
    expect(await pskcRows(xml, { key: sharedKey })).toMatchObject([tokenRow]);
  });

  test.each([
    ['unsupported', fileOf([good.replace('aes128-cbc', 'tripledes-cbc')])],
    ['unsupported', fileOf([good]).replace('<KeyName>k</KeyName>', '<X509Data/>')],
    ['unsupported', fileOf([good], '<MACMethod Algorithm="urn:hmac-md5"/>')],
    [
      'unsupported',
      badMac.replace(/<pskc:MACKey>[\s\S]*<\/pskc:MACKey>/, '<pskc:MACKeyReference>x</pskc:MACKeyReference>'),
    ],
    ['unsupported', withPassword.replace('pkcs-5v2-0#pbkdf2', 'xmlenc11#ConcatKDF')],
    ['unsupported', withPassword.replace('<KeyLength>16', '<KeyLength>4096')],
    ['unsupported', withPassword.replace('<PRF/>', '<PRF Algorithm="urn:hmac-md5"/>')],
    ['malformed', withPassword.replace('AAECAwQF', '*')],
    ['malformed', withPassword.replace('<IterationCount>10000', '<IterationCount>-1')],
    ['too-large', withPassword.replace('<IterationCount>10000', '<IterationCount>5000001')],
  ])('%s', async (code, xml) => {
    await expect(pskcRows(xml, { key: sharedKey, password: 'qwerty' })).rejects.toMatchObject({ code });
  });
});

test('the PRF, as an attribute or as text', () => {
  const element = (name: string, text = '', children: unknown[] = [], algorithm = '') => ({
    name,
    namespace: '',
    attributes: new Map(algorithm ? [['Algorithm', algorithm]] : []),
    children: children as never[],
    text,
    line: 1,
  });
  const derivation = (prf: unknown) =>
    readDerivation(
      element('DerivedKey', '', [
        element(
          'KeyDerivationMethod',
          '',
          [
            element('PBKDF2-params', '', [
              element('Salt', '', [element('Specified', 'AAEC')]),
              element('IterationCount', '5'),
              element('KeyLength', ' 32 '),
              prf,
            ]),
          ],
          'http://www.w3.org/2009/xmlenc11#pbkdf2',
        ),
      ]),
    );
  const uri = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha512';
  expect(derivation(element('PRF', '', [], uri))).toMatchObject({
    hash: 'sha512',
    keyLength: 32,
    iterations: 5,
  });
  expect(derivation(element('PRF', uri)).hash).toBe('sha512');
  expect(derivation(element('Other')).hash).toBe('sha1');
});
