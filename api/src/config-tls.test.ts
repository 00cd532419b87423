import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '@symbolon/serving/test/certificates';
import { readConfig } from './config.ts';
import { StartRefused } from '@symbolon/serving/start-refused';

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'symbolon-tls-'));
  const made = makeCertificate();
  writeFileSync(file('cert.pem'), made.certificate);
  writeFileSync(file('key.pem'), made.key);
  writeFileSync(file('other.pem'), makeCertificate().key);
  writeFileSync(file('garbage.pem'), 'garbage');
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (certificate: string, key: string) =>
  readConfig({ TLS_CERT_FILE: file(certificate), TLS_KEY_FILE: file(key) });

test('certificate and key that fit are read, and the default address is https', () => {
  const { tls, publicUrl } = read('cert.pem', 'key.pem');
  expect(tls).toMatchObject({ certificateFile: file('cert.pem'), keyFile: file('key.pem') });
  expect(publicUrl).toBe('https://localhost:4000');
});

test.each([
  ['cert.pem', 'other.pem', /^The key in .*other\.pem does not belong to the certificate in .*cert\.pem\.$/],
  ['cert.pem', 'garbage.pem', /^TLS_KEY_FILE names .*garbage\.pem, which holds no private key/],
  ['garbage.pem', 'key.pem', /^TLS_CERT_FILE names .*garbage\.pem, which holds no certificate/],
  ['gone.pem', 'key.pem', /^TLS_CERT_FILE names .*gone\.pem, which cannot be read/],
])('%s with %s is refused at start in one sentence', (certificate, key, words) => {
  expect(() => read(certificate, key)).toThrow(StartRefused);
  expect(() => read(certificate, key)).toThrow(words);
});

test('one without the other is refused', () => {
  expect(() => readConfig({ TLS_KEY_FILE: file('key.pem') })).toThrow(/both TLS_CERT_FILE and TLS_KEY_FILE/);
});
