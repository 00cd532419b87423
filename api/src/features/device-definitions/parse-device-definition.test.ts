import { readdirSync, readFileSync } from 'node:fs';
import { parseActivationLink } from '@symbolon/ct-kip/activation-link';
import { fillLinkTemplate, linkValues } from '@symbolon/ct-kip/link-template';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../lib/failure.ts';
import { parseDeviceDefinition } from './parse-device-definition.ts';

const shipped = new URL('./shipped/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, shipped), 'utf8');
const ios = read('ios-2.xml');
const desktop = read('desktop-pc-5.xml');

function refusal(source: string): Failure {
  try {
    parseDeviceDefinition(source);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** The file with a part replaced, which must be in it. */
function changed(source: string, from: string | RegExp, to: string): string {
  const result = source.replace(from, to);
  if (result === source) throw new Error(`${from} is not in the file.`);
  return result;
}

const lineOf = (source: string, text: string) => source.slice(0, source.indexOf(text)).split('\n').length;

describe('what comes with Symbolon', () => {
  test('is eleven device types that read', () => {
    const definitions = readdirSync(shipped).map((file) => parseDeviceDefinition(read(file)));
    const methods = Object.fromEntries(
      definitions.map(({ deviceType, deliveryMethods }) => [deviceType, deliveryMethods.join(' ')]),
    );
    expect(methods).toEqual({
      'Android 1.x': 'CT_KIP_URL CTF',
      'Android 2.x': 'CT_KIP_QR CT_KIP_URL CTF',
      'Desktop Mac 4.x': 'CT_KIP_URL FILE',
      'Desktop PC 5.x': 'CT_KIP_URL FILE',
      'OATH authenticator app': 'OTPAUTH_QR',
      'OATH program': 'FILE',
      'Symbolon Authenticator 1.x': 'CT_KIP_QR CT_KIP_URL',
      'Windows Authenticator 6.x': 'CT_KIP_URL FILE',
      'Windows Phone 1.x': 'CT_KIP_URL CTF',
      'iOS 2.x': 'CT_KIP_QR CT_KIP_URL CTF',
      'iPhone 1.3': 'CT_KIP_URL CTF',
    });
    const ofRsa = definitions.filter(({ deviceType }) => !/^(Symbolon|OATH)/.test(deviceType));
    for (const definition of ofRsa) {
      expect(definition).toMatchObject({
        algorithms: ['SECURID'],
        tokencodeLengths: [6, 8],
        tokencodeIntervals: [30, 60],
        pinStyles: ['PINPAD', 'FOB', 'NONE'],
        codeFormat: 'DIGITS',
        tellsDeviceId: false,
        dialect: 'RSA',
        serverKeyBits: 1024,
      });
    }
  });

  test('links as the references have them', () => {
    expect(parseDeviceDefinition(read('android-2.xml')).linkTemplates.CT_KIP_QR).toBe(
      'http://127.0.0.1/securid/ctkip?scheme={scheme}&url={host}{path}&activationCode={code}',
    );
    expect(parseDeviceDefinition(ios).linkTemplates.CT_KIP_QR).toBe(
      'com.rsa.securid://ctkip?scheme={scheme}&url={host}{path}&activationCode={code}',
    );
    expect(parseDeviceDefinition(desktop).linkTemplates).toEqual({ CT_KIP_URL: '{scheme}://{host}{path}' });
    expect(parseDeviceDefinition(read('windows-authenticator-6.xml')).linkTemplates).toEqual({
      CT_KIP_URL: 'securidauthenticator://ctkip?scheme={scheme}&url={host}{path}',
    });
  });
});

test('every link that is shipped leads our own authenticator to the service', () => {
  const [digits, octets, key] = ['001729366426', 'AAECAwQFBgcICQoLDA0ODw', 'k'.repeat(43)];
  for (const service of [
    'https://symbolon.example/ctkip/services/CtkipService',
    'http://localhost:4000/ctkip',
  ]) {
    for (const file of readdirSync(shipped)) {
      const { codeFormat, linkTemplates } = parseDeviceDefinition(read(file));
      const code = codeFormat === 'DIGITS' ? digits : octets;
      for (const template of Object.values(linkTemplates)) {
        const link = parseActivationLink(fillLinkTemplate(template, { ...linkValues(service), code, key }));
        expect(link.serverKeyFingerprint).toBe(template.includes('{key}') ? key : undefined);
        expect(new URL(link.serviceUrl).href).toBe(service);
        expect(link.activationCode).toBe(template.includes('{code}') ? code : undefined);
      }
    }
  }
});

test('the example of the documentation reads', () => {
  const doc = readFileSync(new URL('../../../../docs/device-definition.md', import.meta.url), 'utf8');
  const [, example = ''] = /```xml\n([^]*?)```/.exec(doc) ?? [];
  expect(parseDeviceDefinition(example)).toMatchObject({ deviceType: 'Our app 1.x', serverKeyBits: 2048 });
});

describe('reading', () => {
  test('evens out GUID, numbers and white space', () => {
    const source = changed(
      changed(
        ios,
        /<deviceClass>.*<\/deviceClass>/,
        '<deviceClass>\n{556F1985-33DD-442C-9155-3A0E994F21B1}</deviceClass>',
      ),
      /<tokencodeLength>6<\/tokencodeLength>\s*<tokencodeLength>8<\/tokencodeLength>/,
      '<tokencodeLength> 8 </tokencodeLength><tokencodeLength>6</tokencodeLength>',
    );
    expect(parseDeviceDefinition(source)).toMatchObject({
      deviceClass: '556f1985-33dd-442c-9155-3a0e994f21b1',
      tokencodeLengths: [6, 8],
    });
  });

  test('takes a 2048-bit key, OCTETS with {code} in each link, and no download link', () => {
    const source = changed(
      changed(changed(ios, '>1024<', '>2048<'), 'DIGITS', 'OCTETS'),
      / {2}<appDownloadUrl>.*\n/,
      '',
    );
    expect(parseDeviceDefinition(source)).toMatchObject({
      serverKeyBits: 2048,
      codeFormat: 'OCTETS',
      appDownloadUrl: null,
    });
  });
});

describe('refused', () => {
  test.each([
    [
      'a DOCTYPE',
      changed(ios, '<deviceDefinition', '<!DOCTYPE deviceDefinition>\n<deviceDefinition'),
      /DOCTYPE/,
    ],
    ['what is not XML', 'no XML', /XML/],
    ['another root', changed(ios, /deviceDefinition(?= |>)/g, 'device'), /root element/],
    ['another namespace', changed(ios, 'device-definition:1', 'device-definition:2'), /namespace/],
    [
      'an unknown element',
      changed(ios, '<codeFormat>', '<colour>red</colour><codeFormat>'),
      /element colour/,
    ],
    [
      'an element of another namespace',
      changed(ios, '<codeFormat>', '<codeFormat xmlns="urn:x">'),
      /codeFormat/,
    ],
    [
      'an unknown attribute',
      changed(ios, '<codeFormat>', '<codeFormat size="1">'),
      /attribute size of codeFormat/,
    ],
    [
      'an attribute of the root',
      changed(ios, '<deviceDefinition ', '<deviceDefinition version="2" '),
      /version/,
    ],
    ['an attribute in a list', changed(ios, '<algorithm>', '<algorithm bits="128">'), /attribute bits/],
    ['a missing element', changed(ios, /<codeFormat>.*<\/codeFormat>/, ''), /codeFormat is missing/],
    [
      'an element twice',
      changed(ios, '<codeFormat>', '<codeFormat>DIGITS</codeFormat><codeFormat>'),
      /twice/,
    ],
    ['a value twice', changed(ios, '<pinStyle>FOB', '<pinStyle>PINPAD'), /PINPAD stands here twice/],
    [
      'an empty list',
      changed(ios, /<algorithms>[^]*<\/algorithms>/, '<algorithms/>'),
      /at least one algorithm/,
    ],
    ['text among elements', changed(ios, '<algorithms>', '<algorithms>all'), /no text/],
    ['a wrong item', changed(ios, /<(\/?)pinStyle>/g, '<$1style>'), /pinStyle elements, and no style/],
    ['elements in text', changed(ios, '>DIGITS<', '><b>DIGITS</b><'), /text only/],
    ['an unknown algorithm', changed(ios, 'SECURID', 'HOTP'), /SECURID, TOTP, and not «HOTP»/],
    ['an unknown length', changed(ios, '<tokencodeLength>6', '<tokencodeLength>7'), /6, 8, and not «7»/],
    ['an unknown interval', changed(ios, '<tokencodeInterval>30', '<tokencodeInterval>45'), /30, 60/],
    ['a word that is no boolean', changed(ios, '>false<', '>no<'), /true, false/],
    ['another key size', changed(ios, '>1024<', '>512<'), /1024, 2048/],
    ['a class that is no GUID', changed(ios, '556f1985', '556f'), /GUID/],
    ['a long device type', changed(ios, 'iOS 2.x', 'x'.repeat(65)), /1 to 64 characters/],
    ['no device type', changed(ios, 'iOS 2.x', ' '), /1 to 64 characters/],
    ['letters that turn the text around', changed(ios, 'iOS 2.x', 'iOS \u202e2.x'), /1 to 64 characters/],
    ['a download over http', changed(ios, 'https://apps', 'http://apps'), /https/],
    ['a download with a password', changed(ios, 'https://apps', 'https://a:b@apps'), /https/],
    [
      'a link template for a file',
      changed(ios, 'deliveryMethod="CT_KIP_QR"', 'deliveryMethod="CTF"'),
      /CT_KIP_QR or/,
    ],
    [
      'a link template for nothing',
      changed(ios, ' deliveryMethod="CT_KIP_QR"', ''),
      /names its deliveryMethod/,
    ],
    ['two templates for one method', changed(ios, 'd="CT_KIP_QR"', 'd="CT_KIP_URL"'), /two link templates/],
    ['a foreign scheme', changed(ios, '>com.rsa.securid:', '>javascript:'), /must begin with one of/],
    ['http to another host', changed(ios, '>com.rsa.securid://', '>http://evil.example/'), /127\.0\.0\.1/],
    ['a foreign placeholder', changed(ios, '{code}', '{password}'), /\{password\} is not a placeholder/],
    ['a link with white space', changed(ios, '{host}{path}', '{host} {path}'), /characters/],
  ])('%s', (_, source, reason) => {
    const { kind, code, message } = refusal(source);
    expect({ kind, code }).toEqual({ kind: 'BadFile', code: 'device_definition.invalid' });
    expect(message).toMatch(reason);
  });

  test.each([
    [
      'a method without its template',
      changed(desktop, /<linkTemplates>[^]*<\/linkTemplates>/, ''),
      /CT_KIP_URL needs a link/,
    ],
    [
      'a template without its method',
      changed(ios, '<deliveryMethod>CT_KIP_QR</deliveryMethod>', ''),
      /not among the delivery/,
    ],
    ['a QR code without a code', changed(ios, '&amp;activationCode={code}', ''), /nobody types/],
    ['OCTETS that somebody types', changed(desktop, 'DIGITS', 'OCTETS'), /nobody types/],
    ['CTF for TOTP', changed(ios, 'SECURID', 'TOTP'), /CTF is for SECURID only/],
    ['OTPAUTH for SECURID', changed(desktop, 'FILE', 'OTPAUTH_QR'), /OTPAUTH_QR is for TOTP only/],
    ['a PIN for TOTP', changed(desktop, 'SECURID', 'TOTP'), /for SECURID only/],
    [
      'TOTP without the style NONE',
      changed(changed(desktop, '</algorithm>', '</algorithm><algorithm>TOTP</algorithm>'), /.*NONE.*\n/, ''),
      /include NONE/,
    ],
    [
      'TOTP for 60 seconds only',
      changed(changed(desktop, '</algorithm>', '</algorithm><algorithm>TOTP</algorithm>'), /.*>30<.*\n/, ''),
      /intervals include 30/,
    ],
    [
      'TOTP by CT-KIP in RSA’s dialect',
      changed(changed(ios, 'SECURID', 'TOTP'), /.*(PINPAD|FOB|CTF).*\n/g, ''),
      /dialect RFC/,
    ],
    [
      'RFC 4758 with a short key',
      changed(ios, '</serverKeyBits>', '</serverKeyBits><dialect>RFC</dialect>'),
      /2048 bits/,
    ],
    [
      'rsa-1_5 in RSA’s dialect',
      changed(ios, '</serverKeyBits>', '</serverKeyBits><allowsRsa15>true</allowsRsa15>'),
      /for the dialect RFC/,
    ],
  ])('as impossible: %s', (_, source, reason) => {
    expect(refusal(source)).toMatchObject({ kind: 'BadFile', message: expect.stringMatching(reason) });
  });

  test('with the line', () => {
    for (const [from, to] of [
      ['<algorithm>SECURID', '<algorithm>HOTP'],
      ['<pinStyle>FOB', '<pinStyle>NOB'],
      ['<tellsDeviceId>', '<colour/><tellsDeviceId>'],
      [
        '<linkTemplate deliveryMethod="CT_KIP_URL">com.rsa',
        '<linkTemplate deliveryMethod="CT_KIP_URL">org.other',
      ],
    ] as const) {
      const { extra, params } = refusal(changed(ios, from, to));
      expect({ from, line: extra.line }).toEqual({ from, line: lineOf(ios, from) });
      expect(params).toEqual({ line: extra.line });
    }
    expect(refusal(changed(ios, '<codeFormat>', '\n<!DOCTYPE a>')).extra.line).toBeGreaterThan(1);
  });

  test('over 256 KiB, and a long name is not repeated', () => {
    expect(refusal(`${ios}<!--${' '.repeat(256 * 1024)}-->`).message).toMatch(/over 262144 bytes/);
    const long = refusal(changed(ios, '<codeFormat>', `<${'x'.repeat(9000)}/><codeFormat>`));
    expect(long.message.length).toBeLessThan(310);
  });
});
