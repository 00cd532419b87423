import { describe, expect, test } from 'vitest';
import {
  pskcRows,
  pskcWith,
  samplePskc,
  seed,
  sharedKey,
  TOTP,
  token,
  totpKey,
} from '../../test/pskc-files.ts';
import { SECURID_ALGORITHM } from './pskc-names.ts';

const text = (octets: string): Uint8Array => new TextEncoder().encode(octets);

test('the plain sample', async () => {
  expect(await pskcRows(samplePskc('own-plain.xml'))).toEqual([
    {
      kind: 'token',
      line: 3,
      serialNumber: '00000001',
      token: {
        ...token,
        seed: text('12345678901234567890123456789012'),
        digits: 8,
        hashAlgorithm: 'SHA256',
        pinStyle: 'FOB',
        startsOn: '2024-01-01',
        expiresOn: '2034-01-01',
        userName: 'UID=alice,DC=example,DC=com',
        nickname: 'Alice & Zoë',
      },
    },
  ]);
});

test('the encrypted samples, with password and with key', async () => {
  const expected = [{ kind: 'token', line: 10, serialNumber: '00000001', token }];
  expect(await pskcRows(samplePskc('own-pbkdf2-aes128.xml'), { password: 'qwerty' })).toEqual(expected);
  expect(await pskcRows(samplePskc('own-preshared-aes128.xml'), { key: sharedKey })).toEqual(expected);
});

describe('what a key package says', () => {
  const suite = (xml: string) => `<AlgorithmParameters>${xml}</AlgorithmParameters>`;
  const format = (more: string) => suite(`<ResponseFormat Encoding="DECIMAL" ${more}/>`);

  test.each([
    ['nothing but the seed', {}, {}],
    ['SHA256 without a hyphen', { before: suite('<Suite>SHA256</Suite>') }, { hashAlgorithm: 'SHA256' }],
    [
      'hmac-sha512 in lower case',
      { before: suite('<Suite> hmac-sha512 </Suite>') },
      { hashAlgorithm: 'SHA512' },
    ],
    ['the attribute hashalgo', { before: suite('<Suite hashalgo="sha256"/>') }, { hashAlgorithm: 'SHA256' }],
    ['8 digits', { before: format('Length="8" CheckDigits="false"') }, { digits: 8 }],
    [
      'an interval',
      {
        data: '<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue> 60 </PlainValue></TimeInterval>',
      },
      { intervalSeconds: 60 },
    ],
    [
      'a PIN before the code',
      { after: '<Policy><PINPolicy PINUsageMode="Prepend"/></Policy>' },
      { pinStyle: 'FOB' },
    ],
    [
      'a PIN in the code',
      { after: '<Policy><PINPolicy PINUsageMode="Algorithmic"/></Policy>' },
      { pinStyle: 'PINPAD' },
    ],
    [
      'a PIN for the device',
      { after: '<Policy><PINPolicy PINUsageMode="Local"/></Policy>' },
      { pinStyle: 'NONE' },
    ],
    [
      'moments in another zone',
      {
        after:
          '<Policy><StartDate>2024-01-01T01:00:00+02:00</StartDate><ExpiryDate>2030-12-31T23:30:00.5-01:00</ExpiryDate></Policy>',
      },
      { startsOn: '2023-12-31', expiresOn: '2031-01-01' },
    ],
    ['a user', { after: '<UserId>jane</UserId>' }, { userName: 'jane' }],
  ])('%s', async (_, parts, expected) => {
    expect(await pskcRows(pskcWith(totpKey(parts)))).toMatchObject([
      { kind: 'token', token: { ...token, serialNumber: '1', ...expected } },
    ]);
  });

  test('of two periods the narrower', async () => {
    const device =
      '<DeviceInfo><SerialNo>1</SerialNo><StartDate>2024-05-01T00:00:00Z</StartDate><ExpiryDate>2030-01-01T00:00:00Z</ExpiryDate></DeviceInfo>';
    const after =
      '<Policy><StartDate>2024-04-01T00:00:00Z</StartDate><ExpiryDate>2029-01-01T00:00:00Z</ExpiryDate></Policy>';
    expect(await pskcRows(pskcWith(totpKey({ after }), device))).toMatchObject([
      { token: { startsOn: '2024-05-01', expiresOn: '2029-01-01' } },
    ]);
  });

  test('the id of the key, where there is no serial number', async () => {
    expect(await pskcRows(pskcWith(totpKey(), ''))).toMatchObject([{ kind: 'token', serialNumber: 'k' }]);
  });

  test('the bare name of the algorithm, as programs write it that take any text for it', async () => {
    const xml = pskcWith(totpKey().replace(TOTP, 'totp'));
    expect(await pskcRows(xml)).toMatchObject([{ kind: 'token', token: { algorithm: 'TOTP', seed } }]);
  });

  test('prefixes, odd namespaces, white space in Base64, comments and CDATA', async () => {
    const xml = pskcWith(totpKey())
      .replaceAll(/<(\/?)([A-Z])/g, '<$1x:$2')
      .replace('xmlns=', 'xmlns:x=')
      .replace('keyprov:pskc"', 'something:else"')
      .replace('MTIzNDU2', '\n MTIz<!-- 3 -->\tND<![CDATA[U2]]> ');
    expect(await pskcRows(xml)).toMatchObject([{ kind: 'token', token: { seed } }]);
  });
});

describe('rows that give no token', () => {
  const key = (algorithm: string) => totpKey().replace(TOTP, algorithm);
  const parameters = (xml: string) =>
    totpKey({ before: `<AlgorithmParameters>${xml}</AlgorithmParameters>` });
  test.each([
    ['row.hotp', key('urn:ietf:params:xml:ns:keyprov:pskc:hotp')],
    ['row.hotp', key('hotp')],
    ['row.algorithm', key('urn:ietf:params:xml:ns:keyprov:pskc:ocra')],
    ['row.algorithm', key('urn:ietf:params:xml:ns:keyprov:pskc:pin')],
    ['row.algorithm', key(SECURID_ALGORITHM)],
    ['row.algorithm', totpKey().replace(` Algorithm="${TOTP}"`, '')],
    ['row.algorithm', parameters('<Suite>HMAC-MD5</Suite>')],
    ['row.algorithm', totpKey({ after: '<Policy><KeyUsage>Encrypt</KeyUsage></Policy>' })],
    ['row.algorithm', totpKey({ after: '<Policy><Geofence/></Policy>' })],
    ['row.digits', parameters('<ResponseFormat Encoding="DECIMAL" Length="7"/>')],
    ['row.digits', parameters('<ResponseFormat Encoding="HEXADECIMAL" Length="8"/>')],
    ['row.digits', parameters('<ResponseFormat Encoding="DECIMAL" Length="8" CheckDigits="true"/>')],
    ['row.interval', totpKey({ data: '<TimeInterval><PlainValue>86400</PlainValue></TimeInterval>' })],
    ['row.seed', totpKey().replace('MTIz', 'M*Iz')],
    ['row.seed', totpKey().replace(/<PlainValue>.*<\/PlainValue>/, '<PlainValue/>')],
    ['row.seed', totpKey().replace(/<Data>.*<\/Data>/, '<KeyReference>master</KeyReference>')],
    ['row.malformed', totpKey() + totpKey()],
    ['row.malformed', ''],
    ['row.malformed', totpKey({ data: '<TimeInterval><PlainValue>soon</PlainValue></TimeInterval>' })],
    ['row.malformed', totpKey({ after: `<UserId>${'u'.repeat(2000)}</UserId>` })],
    ['row.date', totpKey({ after: '<Policy><ExpiryDate>2030-02-30T00:00:00Z</ExpiryDate></Policy>' })],
    ['row.date', totpKey({ after: '<Policy><ExpiryDate>soon</ExpiryDate></Policy>' })],
    [
      'row.date',
      totpKey({
        after:
          '<Policy><StartDate>2031-01-01T00:00:00Z</StartDate><ExpiryDate>2030-01-01T00:00:00Z</ExpiryDate></Policy>',
      }),
    ],
  ])('%s: %s', async (code, xml) => {
    const [row] = await pskcRows(pskcWith(xml));
    expect(row).toMatchObject({ code, line: 1 });
    expect(row?.kind === 'token' ? '' : row?.message).not.toContain('MTIz');
  });

  test('a serial number that is too long, or none', async () => {
    const device = (serial: string) => `<DeviceInfo><SerialNo>${serial}</SerialNo></DeviceInfo>`;
    const nameless = totpKey().replace(' Id="k"', '');
    expect(await pskcRows(pskcWith(nameless, device('s'.repeat(65))))).toMatchObject([
      { code: 'row.serial_number' },
    ]);
    expect(await pskcRows(pskcWith(nameless, device(' ')))).toMatchObject([{ code: 'row.serial_number' }]);
  });

  test('the others of the file are read', async () => {
    const good = pskcWith(totpKey());
    const xml = good.replace('</KeyContainer>', `<KeyPackage/>${good.slice(good.indexOf('<KeyPackage>'))}`);
    expect((await pskcRows(xml)).map(({ kind }) => kind)).toEqual(['token', 'bad', 'token']);
  });

  test('SecurID, when asked for', async () => {
    const xml = pskcWith(
      key(SECURID_ALGORITHM).replace(/MTIz.*=(?=<)/, Buffer.alloc(16, 7).toString('base64')),
      '<DeviceInfo><SerialNo>123456</SerialNo></DeviceInfo>',
    );
    const [row] = await pskcRows(xml, { securId: true });
    expect(row).toMatchObject({ token: { algorithm: 'SECURID', serialNumber: '000000123456' } });
    expect(row?.kind === 'token' && row.token.hashAlgorithm).toBeUndefined();
  });
});

describe('files that are refused', () => {
  const plain = pskcWith(totpKey());
  test.each([
    ['malformed', '<TKNBatch/>'],
    ['malformed', '<KeyContainer Version="1.0"/>'],
    ['malformed', 'serial,seed'],
    ['malformed', plain.replace('</KeyPackage>', '</KeyPackage><EncryptionKey/>')],
    ['malformed', plain.replace('<KeyPackage>', '<MACMethod/><MACMethod/><KeyPackage>')],
    ['malformed', plain.slice(0, -5)],
    ['unsupported', plain.replace('Version="1.0"', 'Version="2.0"')],
    ['unsupported', plain.replaceAll('KeyPackage', 'Device')],
  ])('%s: %s', async (code, xml) => {
    await expect(pskcRows(xml)).rejects.toMatchObject({ name: 'TokenFileError', code });
  });
});
