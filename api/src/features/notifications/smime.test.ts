import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptMime, readMailCertificate, signMime } from './smime.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(file(name), 'utf8');
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

function makeCertificate(name: string, subject: string, ...options: string[]) {
  const kind = options.length > 0 ? options : ['-newkey', 'rsa:2048'];
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  openssl('req', '-x509', '-nodes', '-days', '30', '-utf8', '-subj', subject, ...kind, ...files);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'symbolon-smime-'));
  makeCertificate('server', '/CN=Symbolon/emailAddress=symbolon@example.org');
  makeCertificate('alice', '/C=DE/O=Bücher und Söhne/CN=Älice Müller');
  makeCertificate('eve', '/CN=Eve');
  makeCertificate('short', '/CN=Short', '-newkey', 'rsa:1024');
  makeCertificate('curve', '/CN=Curve', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signing = () => ({ certificate: read('server.pem'), key: read('server.key') });
const mail = (eol: string, ...body: string[]) =>
  Buffer.from(
    [
      'From: symbolon@example.org',
      'To: alice@example.org',
      'Subject: A subject that is',
      ' folded',
      'Message-ID: <1@example.org>',
      'Date: Mon, 23 Nov 2026 12:00:00 +0000',
      'Content-Type: text/plain;',
      ' charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      'MIME-Version: 1.0',
      '',
      ...body,
    ].join(eol),
  );
const lines = ['Hello Älice,', '', '--=_symbolon_', '.', 'From here on  ', 'Goodbye', ''];

function verified(raw: Buffer, ...options: string[]): string {
  writeFileSync(file('signed.eml'), raw);
  const trust = ['-CAfile', 'server.pem', '-purpose', 'any', ...options];
  return openssl('cms', '-verify', '-in', 'signed.eml', ...trust).toString();
}
function decrypted(raw: Buffer, name: string): Buffer {
  writeFileSync(file('encrypted.eml'), raw);
  return openssl('cms', '-decrypt', '-in', 'encrypted.eml', '-recip', `${name}.pem`, '-inkey', `${name}.key`);
}

describe('signMime', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('openssl verifies a mail written with %s', (_name, eol) => {
    const signed = signMime(mail(eol, ...lines), signing());
    const content = verified(signed);
    expect(content).toContain('Content-Type: text/plain;\r\n charset=utf-8\r\n');
    expect(content.endsWith(`\r\n\r\n${lines.join('\r\n')}`)).toBe(true);
    expect(content).not.toContain('Subject');
    // Servers on the way may write the line breaks as they like.
    verified(Buffer.from(signed.toString('binary').replaceAll('\r\n', '\n'), 'binary'));
  });

  it('openssl refuses it when a letter was changed', () => {
    const signed = signMime(mail('\n', ...lines), signing()).toString('binary');
    const changed = Buffer.from(signed.replace('Goodbye', 'Goodbuy'), 'binary');
    expect(() => verified(changed)).toThrow(/verif|digest/i);
  });

  it('keeps the headers of the mail outside, and a mail program reads it', async () => {
    const signed = signMime(mail('\n', ...lines), signing());
    const parsed = await simpleParser(signed);
    expect(parsed.subject).toBe('A subject that is folded');
    expect(parsed.messageId).toBe('<1@example.org>');
    expect(parsed.text).toContain('Hello Älice');
    expect(parsed.attachments.map(({ contentType }) => contentType)).toEqual(['application/pkcs7-signature']);
    expect(signed.toString('binary').match(/^mime-version:/gim)).toHaveLength(1);
    expect(parsed.headers.get('content-type')).toMatchObject({
      value: 'multipart/signed',
      params: { micalg: 'sha-256', protocol: 'application/pkcs7-signature' },
    });
  });

  it('names the time of the mail as that of the signature', () => {
    verified(signMime(mail('\n', ...lines), signing()), '-out', 'content');
    const printed = openssl('cms', '-cmsout', '-print', '-in', 'signed.eml').toString();
    expect(printed).toMatch(/signingTime[\s\S]{0,80}Nov 23 12:00:00 2026 GMT/);
    expect(printed).toContain('sha256');
  });

  it('signs a mail without a date, without headers of its body, and without a body', () => {
    expect(verified(signMime(Buffer.from('From: a@b.example\n\nHello\n'), signing()))).toContain('Hello');
    verified(signMime(mail('\n', ''), signing()));
    expect(() => signMime(Buffer.from('From: a@b.example'), signing())).toThrow('no body');
  });

  it('a signer with letters beyond ASCII is found by her certificate', () => {
    const certificate = read('alice.pem');
    const signed = signMime(mail('\n', ...lines), { certificate, key: read('alice.key') });
    expect(verified(signed, '-CAfile', 'alice.pem')).toContain('Goodbye');
  });

  it('sends the whole chain along', () => {
    const certificate = `${read('server.pem')}${read('eve.pem')}`;
    verified(signMime(mail('\n', ...lines), { ...signing(), certificate }));
    const printed = openssl('cms', '-cmsout', '-print', '-in', 'signed.eml').toString();
    expect(printed).toMatch(/subject: .*CN=Eve/);
  });

  it('refuses a key that belongs to another certificate, and what is no key', () => {
    const raw = mail('\n', ...lines);
    expect(() => signMime(raw, { ...signing(), key: read('eve.key') })).toThrow('does not belong');
    expect(() => signMime(raw, { ...signing(), key: 'x' })).toThrow('no RSA key');
    expect(() => signMime(raw, { ...signing(), key: read('curve.key') })).toThrow('no RSA key');
  });
});

describe('encryptMime', () => {
  it('the recipient reads it, nobody else', () => {
    const encrypted = encryptMime(mail('\n', ...lines), read('alice.pem'));
    expect(decrypted(encrypted, 'alice').toString()).toBe(
      `Content-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${lines.join('\r\n')}`,
    );
    expect(() => decrypted(encrypted, 'eve')).toThrow();
    expect(encrypted.toString('binary')).not.toContain('Goodbye');
    expect(encrypted.toString('binary')).toMatch(/^Subject: A subject that is\r\n folded\r$/m);
    const printed = openssl('cms', '-cmsout', '-print', '-in', 'encrypted.eml').toString();
    expect(printed).toContain('aes-256-cbc');
  });

  it('a signed mail stays signed inside', () => {
    const signed = signMime(mail('\n', ...lines), signing());
    const content = decrypted(encryptMime(signed, read('alice.pem')), 'alice');
    expect(content.toString()).toMatch(/^Content-Type: multipart\/signed/);
    expect(verified(content)).toContain('Goodbye');
  });

  it('encrypts the same mail differently each time', () => {
    const raw = mail('\n', ...lines);
    expect(encryptMime(raw, read('alice.pem'))).not.toEqual(encryptMime(raw, read('alice.pem')));
  });

  it('refuses a certificate that is none', () => {
    expect(() => encryptMime(mail('\n', 'x'), 'x')).toThrow('no certificate');
  });
});

describe('readMailCertificate', () => {
  it('reads subject and end', () => {
    const { subject, expiresAt } = readMailCertificate(read('alice.pem'));
    expect(subject).toContain('CN=Älice Müller');
    const days = (expiresAt.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(28);
    expect(days).toBeLessThanOrEqual(30);
  });

  it('refuses what is no usable RSA certificate, in a sentence', () => {
    expect(() => readMailCertificate('')).toThrow(/^This is no certificate .*\.$/);
    expect(() => readMailCertificate(read('alice.key'))).toThrow(/^This is no certificate/);
    expect(() => readMailCertificate(read('curve.pem'))).toThrow(/^Mail needs a certificate with an RSA key/);
    expect(() => readMailCertificate(read('short.pem'))).toThrow(/shorter than 2048 bits/);
    const lines = read('alice.pem').split('\n');
    lines[1] = 'A'.repeat(64);
    expect(() => readMailCertificate(lines.join('\n'))).toThrow(/\.$/);
  });
});
