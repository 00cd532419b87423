import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  checkDeps,
  closeServers,
  foreignVault,
  freePort,
  serveHttp,
  serveHttps,
  serveTcp,
} from '../../../test/address-scene.ts';
import { type MadeCertificate, makeCertificate } from '@symbolon/serving/test/certificates';
import { checkAddress } from './check-address.ts';
import { findingText } from './finding-texts.ts';
import { type Finding, severityOf } from './finding.ts';

const TIMEOUT_MS = 700;
const OLD_TLS = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:!aNULL@SECLEVEL=0' } as const;

let root: MadeCertificate;
let good: MadeCertificate;
beforeAll(() => {
  root = makeCertificate({ commonName: 'Our Root', isAuthority: true });
  good = makeCertificate({ issuer: root });
});
afterEach(closeServers);

const check = (address: string, trusted: MadeCertificate[] = [root], forPhones = true) =>
  checkAddress(checkDeps, address, {
    forPhones,
    databaseAheadMs: 0,
    timeoutMs: TIMEOUT_MS,
    ownRoots: trusted.map(({ certificate }) => certificate),
  });
const codes = (findings: Finding[]) => findings.map(({ code }) => code);
const errors = (findings: Finding[]) => codes(findings.filter((one) => severityOf(one) === 'ERROR'));
const params = (findings: Finding[], code: string) => findings.find((one) => one.code === code)?.params;

test('an address where all is well but that it is this machine’s', async () => {
  const found = await check(await serveHttps(good));
  expect(codes(found)).toEqual([
    'reach.loopback',
    'tls.modern',
    'certificate.own_authority',
    'certificate.name_matches',
    'certificate.valid',
    'certificate.strong',
    'answer.here',
  ]);
  expect(params(found, 'tls.modern')).toMatchObject({ protocol: 'TLS 1.3' });
  expect(params(found, 'certificate.strong')).toMatchObject({ kind: 'RSA', bits: 2048 });
});

describe('a certificate that phones refuse', () => {
  test.each<[string, () => [MadeCertificate, string[]]]>([
    ['untrusted: signs itself', () => [makeCertificate(), ['certificate.self_signed']]],
    [
      'untrusted: of an unknown authority',
      () => {
        const issuer = makeCertificate({ commonName: 'Somebody', isAuthority: true });
        return [makeCertificate({ issuer }), ['certificate.unknown_issuer']];
      },
    ],
    ['expired', () => [makeCertificate({ issuer: root, from: -90, to: -2 }), ['certificate.expired']]],
    [
      'not yet valid',
      () => [makeCertificate({ issuer: root, from: 2, to: 90 }), ['certificate.not_yet_valid']],
    ],
    [
      'for another name',
      () => [makeCertificate({ issuer: root, names: ['tokens.example'] }), ['certificate.wrong_name']],
    ],
    [
      'expired, untrusted and for another name at once',
      () => [
        makeCertificate({ names: ['tokens.example'], from: -90, to: -2 }),
        ['certificate.self_signed', 'certificate.wrong_name', 'certificate.expired'],
      ],
    ],
    ['with a short key', () => [makeCertificate({ issuer: root, bits: 1024 }), ['certificate.weak_key']]],
    [
      'signed with SHA-1',
      () => [makeCertificate({ issuer: root, digest: 'sha1' }), ['certificate.weak_signature']],
    ],
  ])('%s', async (_what, make) => {
    const [certificate, expected] = make();
    const address = await serveHttps(certificate, { ciphers: 'DEFAULT:!aNULL@SECLEVEL=0' });
    const found = await check(address);
    // Whatever is wrong with it, who answers is told, too.
    expect(codes(found)).toContain('answer.here');
    expect(errors(found)).toEqual(expected);
  });

  test('without the authority between it and the root, which is told from an unknown one', async () => {
    const between = makeCertificate({ commonName: 'Between', isAuthority: true, issuer: root });
    const leaf = makeCertificate({ issuer: between, issuerAt: 'http://ca.example/between.crt' });
    expect(errors(await check(await serveHttps(leaf)))).toEqual(['certificate.incomplete_chain']);
    const whole = { certificate: leaf.certificate + between.certificate, key: leaf.key };
    expect(errors(await check(await serveHttps(whole)))).toEqual([]);
  });

  test('below an authority that has expired', async () => {
    const between = makeCertificate({ commonName: 'Between', isAuthority: true, issuer: root, to: -0.5 });
    const leaf = makeCertificate({ issuer: between });
    const whole = { certificate: leaf.certificate + between.certificate, key: leaf.key };
    const found = await check(await serveHttps(whole));
    expect(errors(found)).toEqual(['certificate.chain_expired']);
    expect(params(found, 'certificate.chain_expired')).toMatchObject({ name: 'Between' });
  });

  test('with the name as its common name only', async () => {
    const leaf = makeCertificate({ issuer: root, names: [], commonName: 'localhost' });
    const address = (await serveHttps(leaf)).replace('127.0.0.1', 'localhost');
    expect(errors(await check(address))).toEqual(['certificate.no_names']);
  });

  test.each([
    [20, 'certificate.expires_soon', 19],
    [5, 'certificate.expires_this_week', 4],
  ])('that ends in %i days is a warning', async (to, code, days) => {
    const found = await check(await serveHttps(makeCertificate({ issuer: root, to })));
    expect(errors(found)).toEqual([]);
    expect(params(found, code)).toMatchObject({ days });
  });

  test('that is valid for longer than iOS takes', async () => {
    const found = await check(await serveHttps(makeCertificate({ issuer: root, to: 900 })));
    expect(params(found, 'certificate.long_lived')).toMatchObject({ days: 901, most: 825 });
  });
});

describe('TLS that phones refuse', () => {
  test('1.1 at most', async () => {
    const found = await check(await serveHttps(good, OLD_TLS));
    expect(errors(found)).toEqual(['tls.too_old']);
    expect(params(found, 'tls.too_old')).toEqual({ protocol: 'TLS 1.1' });
  });

  test('1.0 still accepted beside 1.3', async () => {
    const found = await check(await serveHttps(good, { ...OLD_TLS, maxVersion: 'TLSv1.3' }));
    expect(errors(found)).toEqual([]);
    expect(codes(found)).toContain('tls.old_accepted');
  });

  test('no forward secrecy', async () => {
    const found = await check(
      await serveHttps(good, { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }),
    );
    expect(errors(found)).toEqual(['tls.no_forward_secrecy']);
    expect(params(found, 'tls.no_forward_secrecy')).toEqual({ cipher: 'AES256-GCM-SHA384' });
  });

  test('none: garbage, or plain http on the port', async () => {
    expect(errors(await check(`https://127.0.0.1:${await serveTcp('garbage\r\n')}`))).toEqual(['tls.none']);
    expect(errors(await check((await serveHttp()).replace('http:', 'https:')))).toEqual(['tls.none']);
  });

  test('silence', async () => {
    const begun = performance.now();
    expect(errors(await check(`https://127.0.0.1:${await serveTcp()}`))).toEqual(['tls.silent']);
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS * 3);
  });
});

describe('who answers', () => {
  test('nobody', async () => {
    const port = await freePort();
    expect(errors(await check(`https://127.0.0.1:${port}`))).toEqual(['connection.refused']);
    expect(errors(await check(`http://127.0.0.1:${port}`))).toEqual(['connection.refused']);
  });

  test('a name that nobody knows', async () => {
    expect(errors(await check('https://nobody.invalid'))).toEqual(['name.unknown']);
  });

  test('another installation', async () => {
    expect(errors(await check(await serveHttps(good, { vault: foreignVault })))).toEqual([
      'answer.elsewhere',
    ]);
  });

  test.each<[string, number, string]>([
    ['another program', 200, 'answer.elsewhere'],
    ['one that knows no such page', 404, 'answer.elsewhere'],
    ['a proxy that reaches nothing', 502, 'answer.gateway'],
  ])('%s', async (_what, status, code) => {
    const address = await serveHttps(good, {
      before: (_request, response) => void response.status(status).send('It works!'),
    });
    expect(errors(await check(address))).toEqual([code]);
  });

  test('one that leads on is not followed', async () => {
    let followed = false;
    const other = await serveHttp((_request, response) => {
      followed = true;
      response.end();
    });
    const address = await serveHttps(good, {
      before: (_request, response) => response.redirect(307, `${other}/ctkip?secret=1`),
    });
    const found = await check(address);
    expect(params(found, 'answer.redirected')).toEqual({ to: other, status: 307 });
    expect(followed).toBe(false);
  });

  test('one that never ends its answer', async () => {
    const slow = await serveHttps(good, {
      before: (_request, response) => void response.write('x'),
    });
    expect(errors(await check(slow))).toEqual(['answer.none']);
    const endless = await serveHttps(good, {
      before: (_request, response) => {
        const more = () => {
          while (response.writable && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more).on('error', () => undefined);
        more();
      },
    });
    expect(errors(await check(endless))).toEqual(['answer.elsewhere']);
  });

  test('garbage in place of HTTP', async () => {
    expect(errors(await check(`http://127.0.0.1:${await serveTcp('SSH-2.0-OpenSSH\r\n')}`))).toEqual([
      'answer.none',
    ]);
  });

  test('one whose clock is off', async () => {
    const address = await serveHttps(good, {
      before: (_request, response, next) => {
        response.setHeader('Date', new Date(Date.now() - 120_000).toUTCString());
        next();
      },
    });
    const found = await check(address);
    expect(params(found, 'clock.answer')).toMatchObject({ direction: 'behind' });
    expect(Math.abs(Number(params(found, 'clock.answer')!['seconds']) - 120)).toBeLessThanOrEqual(2);
  });

  test('is asked as phones do, without cookies; consoles’ addresses beside their health', async () => {
    const asked: string[] = [];
    const address = await serveHttp((request, _response, next) => {
      asked.push(`${request.method} ${request.path} ${request.headers.cookie ?? 'no cookie'}`);
      next();
    });
    expect(codes(await check(address))).toEqual(['reach.loopback', 'scheme.plain_loopback', 'answer.here']);
    expect(codes(await check(address, [], false))).toContain('answer.here');
    expect(asked).toEqual(['POST /ctkip/services/CtkipService no cookie', 'POST /healthz no cookie']);
  });
});

test('every finding that was made has words, and none is left open', async () => {
  const found = [
    ...(await check(await serveHttps(makeCertificate({ names: ['a.example'], from: -9, to: -2 })))),
    ...(await check(`https://127.0.0.1:${await freePort()}`)),
    ...(await check('https://nobody.invalid')),
  ];
  for (const one of found) {
    const { message, advice } = findingText(one);
    expect(`${message} ${advice}`).not.toMatch(/[{}]|undefined/);
    expect(message).toMatch(/^\S.*\.$/);
    if (severityOf(one) === 'ERROR') expect(advice).toMatch(/\.$/);
  }
});
