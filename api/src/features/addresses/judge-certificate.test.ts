import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { judgeCertificate } from './judge-certificate.ts';

// TEST-ONLY: for tokens.example, made by openssl req -x509, valid for a hundred years; their keys were thrown away.
const P256 = `-----BEGIN CERTIFICATE-----
MIIBrzCCAVagAwIBAgIUVz9uZ5/BsA2T+S0KKdFTYm1pcgMwCgYIKoZIzj0EAwIw
HzEdMBsGA1UEAwwUVEVTVC1PTkxZIHByaW1lMjU2djEwIBcNMjYxMTIzMjIwNzA0
WhgPMjEyNjEwMzAyMjA3MDRaMB8xHTAbBgNVBAMMFFRFU1QtT05MWSBwcmltZTI1
NnYxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE668VG0wJHjB1LbhipvJ3rjXM
CA3/UOzC5UBwqdhB9OU8G6jEFo4lYvU0b1FlQDGraIKwQTwN75E+GrIwY178m6Nu
MGwwHQYDVR0OBBYEFCiPD+kOUuuklEC746zpgQm6CqpNMB8GA1UdIwQYMBaAFCiP
D+kOUuuklEC746zpgQm6CqpNMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIO
dG9rZW5zLmV4YW1wbGUwCgYIKoZIzj0EAwIDRwAwRAIgXS6XnO9pYBL1iHVjP4Kv
NzowKz3AQZHJAUDxG3asXbsCIDotGlP3J2G/qYF+LrN8edxIjEg3c3vkZDR89Qcg
Geik
-----END CERTIFICATE-----`;
const P224 = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUmgAwIBAgIUBxRz8YGOqECFJ/XkfvmWW0NauQowCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTVEVTVC1PTkxZIHNlY3AyMjRyMTAgFw0yNjExMjMyMjA3MDRa
GA8yMTI2MTAzMDIyMDcwNFowHjEcMBoGA1UEAwwTVEVTVC1PTkxZIHNlY3AyMjRy
MTBOMBAGByqGSM49AgEGBSuBBAAhAzoABPyrqKAyonDcrpEjmtCLCWN18t6CJ8Pz
NsTwinG5rQy0eKXOevqm7pbdKuVG30r6sDRvQdBikyVVo24wbDAdBgNVHQ4EFgQU
UEvSSlx9jB9XkEQPrySIlbmPXlMwHwYDVR0jBBgwFoAUUEvSSlx9jB9XkEQPrySI
lbmPXlMwDwYDVR0TAQH/BAUwAwEB/zAZBgNVHREEEjAQgg50b2tlbnMuZXhhbXBs
ZTAKBggqhkjOPQQDAgNAADA9Ah0A5kc64XW0Odlk9CjJGJN3Pjw4SczT1RbB+jdc
DgIcRxLZEKCfOmZl2I38QLXeq5PfIoCdW62MMu3naQ==
-----END CERTIFICATE-----`;
const ED25519 = `-----BEGIN CERTIFICATE-----
MIIBajCCARygAwIBAgIUdEQjI+gTNtxKxzrerYN00bBRTLEwBQYDK2VwMBwxGjAY
BgNVBAMMEVRFU1QtT05MWSBlZDI1NTE5MCAXDTI2MTEyMzIyMDcwNFoYDzIxMjYx
MDMwMjIwNzA0WjAcMRowGAYDVQQDDBFURVNULU9OTFkgZWQyNTUxOTAqMAUGAytl
cAMhADhpBfjkmYlIT1/rGi4sGuxvZm/60gYZC6g2350XUNgjo24wbDAdBgNVHQ4E
FgQULT24zXO+ei9fZO1FCIWCElSiiSIwHwYDVR0jBBgwFoAULT24zXO+ei9fZO1F
CIWCElSiiSIwDwYDVR0TAQH/BAUwAwEB/zAZBgNVHREEEjAQgg50b2tlbnMuZXhh
bXBsZTAFBgMrZXADQQBiWd2+FFP1Mi7qmitPlYlk/wLDqTUr/pQUcCn4+Dc1MROW
ho0oBhhTk/AhQiASjQwtEXjkLNAqIPUWjV9xFFkJ
-----END CERTIFICATE-----`;

const judge = (pem: string, { refusal = null as string | null, known = [pem], at = '2027-01-01' } = {}) =>
  judgeCertificate(
    { protocol: 'TLSv1.3', cipher: '', chain: [new X509Certificate(pem)], refusal },
    'tokens.example',
    { known, own: [] },
    new Date(at),
  );
const codes = (...given: Parameters<typeof judge>) => judge(...given).map(({ code }) => code);

test('an EC key of 256 bits is strong', () => {
  expect(judge(P256).at(-1)).toEqual({
    code: 'certificate.strong',
    params: { kind: 'EC', bits: 256, algorithm: 'ecdsa-with-SHA256' },
  });
  expect(codes(P256)).toContain('certificate.trusted');
});

test('one of 224 bits is weak, and what is neither RSA nor EC is unusual', () => {
  expect(judge(P224)).toContainEqual({
    code: 'certificate.weak_key',
    params: { name: 'TEST-ONLY secp224r1', kind: 'EC', bits: 224, least: 256 },
  });
  expect(codes(ED25519)).toContain('certificate.unusual_key');
});

test('what OpenSSL alone refuses is refused, with its code; what is told in other words is not told twice', () => {
  expect(judge(P256, { refusal: 'INVALID_PURPOSE' })[0]).toEqual({
    code: 'certificate.untrusted',
    params: { reason: 'INVALID_PURPOSE' },
  });
  expect(codes(P256, { refusal: 'ERR_TLS_CERT_ALTNAME_INVALID' })).toContain('certificate.trusted');
  expect(codes(P256, { refusal: 'DEPTH_ZERO_SELF_SIGNED_CERT', known: [] })[0]).toBe(
    'certificate.self_signed',
  );
});

test.each([
  ['2020-01-01', 'certificate.not_yet_valid'],
  ['2027-01-01', 'certificate.valid'],
  ['2200-01-01', 'certificate.expired'],
])('at %s it is %s', (at, code) => {
  expect(codes(P256, { at })).toContain(code);
});

test('a server that shows no certificate is not trusted', () => {
  const shown = { protocol: 'TLSv1.2', cipher: 'ADH-AES256-SHA', chain: [], refusal: null };
  expect(judgeCertificate(shown, 'tokens.example', { known: [], own: [] }, new Date('2027-01-01'))).toEqual([
    { code: 'certificate.untrusted', params: { reason: 'NO_CERTIFICATE' } },
  ]);
});
