import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { thrownBy } from '../test/samples.ts';
import { parseActivationLink } from './activation-link.ts';
import { LinkError } from './link-error.ts';
import { checkLinkTemplate, fillLinkTemplate, linkValues } from './link-template.ts';

const service = 'https://host.example/ctkip/services/CtkipService';
const code = '001729366426';

const ownKey = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA';

test('our own link names the server by its key', () => {
  const link = `symbolon://ctkip?url=http%3A%2F%2Fhost.example%3A4000%2Fctkip&nonce=AAECAwQFBgcICQoLDA0ODw&key=${ownKey}`;
  expect(parseActivationLink(link)).toEqual({
    scheme: 'symbolon',
    serviceUrl: 'http://host.example:4000/ctkip',
    activationCode: 'AAECAwQFBgcICQoLDA0ODw',
    serverKeyFingerprint: ownKey,
  });
});

describe('a link of every known form', () => {
  test.each([
    [
      'Android',
      `http://127.0.0.1/securid/ctkip?scheme=https&url=host.example:443/ctkip/services/CtkipService&activationCode=${code}`,
      service,
      code,
    ],
    [
      'RSA app',
      `com.rsa.securid://ctkip?scheme=https&url=host.example:7005/ctkip/services/CtkipService&activationCode=${code}`,
      'https://host.example:7005/ctkip/services/CtkipService',
      code,
    ],
    [
      'url with its own scheme, no code',
      'com.rsa.securid://ctkip?url=https://host.example:443/ctkip/services/CtkipService',
      service,
      undefined,
    ],
    [
      'iPhone, encoded url, slash',
      `com.rsa.securid.iphone://ctkip/?scheme=https&url=${encodeURIComponent('host.example:443/ctkip/services/CtkipService')}&activationCode=${code}`,
      service,
      code,
    ],
    [
      'encoded url with its own scheme',
      `com.rsa.securid://ctkip?url=${encodeURIComponent(service)}&activationCode=${code}`,
      service,
      code,
    ],
    [
      'Windows',
      'securidauthenticator://ctkip?scheme=https&url=host.example:7004/ctkip/services/CtkipService',
      'https://host.example:7004/ctkip/services/CtkipService',
      undefined,
    ],
    [
      'Horizon',
      `viewclient-securid://ctkip?scheme=https&url=host.example/ctkip/services/CtkipService&activationCode=${code}`,
      service,
      code,
    ],
    [
      'reported as ctf with schema',
      'http://127.0.0.1/securid/ctf?schema=https&url=host.example:443/ctkip/services/CtkipService',
      service,
      undefined,
    ],
    [
      'quoted-printable damage',
      `com.rsa.securid://ctkip?scheme=3Dhttps&url=3Dhost.example/ctkip/services/CtkipService&activationCode=3D${code}`,
      service,
      code,
    ],
    [
      'a code that begins with 3D',
      'com.rsa.securid://ctkip?scheme=https&url=host.example/ctkip/services/CtkipService&activationCode=3D17',
      service,
      '3D17',
    ],
    [
      'another case',
      `COM.RSA.SecurID://CTKIP?Scheme=HTTPS&URL=HOST.example/ctkip/services/CtkipService&ActivationCode=${code}`,
      service,
      code,
    ],
    [
      'plain http on loopback',
      'com.rsa.securid://ctkip?scheme=http&url=localhost:4000/ctkip/services/CtkipService&activationCode=1',
      'http://localhost:4000/ctkip/services/CtkipService',
      '1',
    ],
    ['service URL', ` ${service}\n`, service, undefined],
    ['service URL with a code', `${service}?activationCode=${code}`, service, code],
    [
      'http service URL',
      'http://127.0.0.1:4000/ctkip/services/CtkipService',
      'http://127.0.0.1:4000/ctkip/services/CtkipService',
      undefined,
    ],
  ])('%s', (_, link, serviceUrl, activationCode) => {
    const scheme = link.trim().split(':')[0]?.toLowerCase();
    expect(parseActivationLink(link)).toEqual({ scheme, serviceUrl, activationCode });
  });
});

describe('anything else', () => {
  test.each([
    ['malformed', ''],
    ['malformed', 'hello'],
    ['malformed', 'com.rsa.securid://ctkip?url=a b'],
    ['malformed', 'com.rsa.securid://other?url=host'],
    ['malformed', 'com.rsa.securid://ctkip?url=a&url=b'],
    ['malformed', 'com.rsa.securid://ctkip?url=%zz'],
    ['malformed', `https://${'a'.repeat(5000)}`],
    ['scheme-not-allowed', 'javascript://ctkip?url=host'],
    ['scheme-not-allowed', 'otpauth://totp/x?secret=A'],
    ['activation-code', `symbolon://ctkip?url=https%3A%2F%2Fhost&nonce=x&key=${ownKey}`],
    ['activation-code', `symbolon://ctkip?url=https%3A%2F%2Fhost&key=${ownKey}`],
    ['server-key', 'symbolon://ctkip?url=https%3A%2F%2Fhost&nonce=AAECAwQFBgcICQoLDA0ODw&key=y'],
    ['server-key', 'symbolon://ctkip?url=https%3A%2F%2Fhost&nonce=AAECAwQFBgcICQoLDA0ODw'],
    ['service-url', `symbolon://ctkip?nonce=AAECAwQFBgcICQoLDA0ODw&key=${ownKey}`],
    ['service-url', `symbolon://ctkip?url=file%3A%2F%2F%2Fetc&nonce=AAECAwQFBgcICQoLDA0ODw&key=${ownKey}`],
    ['token-data-link', 'com.rsa.securid://ctf?ctfData=2000'],
    ['token-data-link', 'http://127.0.0.1/securid/ctf?ctfData=AAA'],
    ['service-url', 'com.rsa.securid://ctkip?activationCode=1'],
    ['service-url', 'com.rsa.securid://ctkip?scheme=file&url=/etc/passwd'],
    ['service-url', 'com.rsa.securid://ctkip?url=javascript://host/x'],
    ['service-url', 'com.rsa.securid://ctkip?url=https://user:pw@host/'],
    ['service-url', 'com.rsa.securid://ctkip?url=https%3A%2F%2Fho%20st'],
    ['service-url', 'https://'],
    ['activation-code', 'com.rsa.securid://ctkip?url=host&activationCode=a%0Ab'],
    ['activation-code', `com.rsa.securid://ctkip?url=host&activationCode=${'1'.repeat(129)}`],
  ])('%s: %s', (errorCode, link) => {
    expect(thrownBy(() => parseActivationLink(link))).toMatchObject({ name: 'LinkError', code: errorCode });
  });

  test('throws nothing but its own error', () => {
    const start = fc.constantFrom(
      '',
      'https://',
      'com.rsa.securid://ctkip?',
      'http://127.0.0.1/securid/ctkip?url=',
      'com.rsa.securid://ctkip?url=',
    );
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary-ascii' }), (head, tail) => {
        try {
          parseActivationLink(head + tail);
        } catch (error) {
          if (!(error instanceof LinkError)) throw error;
        }
      }),
    );
  });
});

/** The templates of the shipped device definitions. */
const shipped = [
  'http://127.0.0.1/securid/ctkip?scheme={scheme}&url={host}{path}&activationCode={code}',
  'com.rsa.securid://ctkip?scheme={scheme}&url={host}{path}&activationCode={code}',
  'com.rsa.securid.iphone://ctkip?scheme={scheme}&url={host}{path}&activationCode={code}',
  'com.rsa.securid://ctkip?url={url}&activationCode={code}',
  'securidauthenticator://ctkip?scheme={scheme}&url={host}{path}',
  '{scheme}://{host}{path}',
  'https://{host}{path}',
];

describe('templates', () => {
  test.each(shipped)('%s parses back', (template) => {
    const link = fillLinkTemplate(template, { ...linkValues(service), code });
    const expected = { serviceUrl: service, activationCode: template.includes('{code}') ? code : undefined };
    expect(parseActivationLink(link)).toMatchObject(expected);
  });

  test('any code parses back', () => {
    const visible = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 })
      .filter((text) => /^[\x21-\x7e]+$/.test(text));
    fc.assert(
      fc.property(visible, fc.constantFrom(...shipped.slice(0, 4)), (activationCode, template) => {
        const link = fillLinkTemplate(template, { ...linkValues(service), code: activationCode });
        expect(parseActivationLink(link)).toMatchObject({ serviceUrl: service, activationCode });
      }),
    );
  });

  test('writes the port out and encodes {url}', () => {
    const values = { ...linkValues(service), code: 'c', key: 'k' };
    expect(fillLinkTemplate('symbolon://ctkip?url={url}&nonce={code}&key={key}', values)).toBe(
      'symbolon://ctkip?url=https%3A%2F%2Fhost.example%2Fctkip%2Fservices%2FCtkipService&nonce=c&key=k',
    );
    expect(values.host).toBe('host.example:443');
    expect(linkValues('http://[::1]:4000/x').host).toBe('[::1]:4000');
  });

  test.each([
    ['template-characters', 'https://{host}/a b'],
    ['template-characters', 'https://{host}/\u0000'],
    ['template-characters', 'https://{host}/<script>'],
    ['template-characters', 'https://höst/{url}'],
    ['template-characters', ''],
    ['template-characters', `https://{host}/${'a'.repeat(500)}`],
    ['template-placeholder', 'https://{host}/{user}'],
    ['template-placeholder', 'https://{host}/{}'],
    ['template-placeholder', 'https://{host}/{Code}'],
    ['template-placeholder', 'https://{host}/{code'],
    ['template-placeholder', 'https://{host}/code}'],
    ['template-incomplete', 'https://host.example/{code}'],
    ['template-scheme', 'javascript://{host}/'],
    ['template-scheme', 'data:text/html,{url}'],
    ['template-scheme', '{url}'],
    ['template-scheme', '{code}://{host}'],
    ['template-scheme', '{scheme}://{host}.evil.example/'],
    ['template-scheme', 'HTTPS://{host}/'],
    ['template-host', 'http://{host}{path}'],
    ['template-host', 'http://127.0.0.1.evil.example/?url={url}'],
  ])('%s: %s', (errorCode, template) => {
    expect(thrownBy(() => checkLinkTemplate(template))).toMatchObject({ name: 'LinkError', code: errorCode });
  });

  test.each([
    [{ code: undefined }],
    [{ code: '' }],
    [{ host: 'host&x=y' }],
    [{ path: 'no-slash' }],
    [{ scheme: 'javascript' }],
  ])('refuses the value %o', (change) => {
    const template = shipped[0] ?? '';
    expect(
      thrownBy(() => fillLinkTemplate(template, { ...linkValues(service), code, ...change })),
    ).toMatchObject({ code: 'template-value' });
  });

  test.each(['', 'ftp://host/', 'https://u@host/', 'https://host/?a=b', 'https://host/#a'])(
    'no service URL: %j',
    (url) => {
      expect(thrownBy(() => linkValues(url))).toMatchObject({ code: 'service-url' });
    },
  );
});
