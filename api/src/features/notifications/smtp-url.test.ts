import { describe, expect, it } from 'vitest';
import { readSmtpUrl } from './smtp-url.ts';

describe('readSmtpUrl', () => {
  it.each([
    ['smtp://mail.example', { scheme: 'smtp', host: 'mail.example', port: 25 }],
    ['smtp+starttls://mail.example/', { scheme: 'smtp+starttls', host: 'mail.example', port: 587 }],
    ['SMTPS://Mail.Example', { scheme: 'smtps', host: 'mail.example', port: 465 }],
    ['smtp://127.0.0.1:2525', { scheme: 'smtp', host: '127.0.0.1', port: 2525 }],
    ['smtp://[::1]:2525', { scheme: 'smtp', host: '::1', port: 2525 }],
    ['smtps://[2001:db8::25]', { scheme: 'smtps', host: '2001:db8::25', port: 465 }],
    ['smtp://mail_relay', { scheme: 'smtp', host: 'mail_relay', port: 25 }],
    ['smtp://bücher.example', { scheme: 'smtp', host: 'xn--bcher-kva.example', port: 25 }],
    [
      'smtp+starttls://alice%40example.com:p%40ss%2Fw%25rd%3A@mail.example',
      {
        scheme: 'smtp+starttls',
        host: 'mail.example',
        port: 587,
        user: 'alice@example.com',
        password: 'p@ss/w%rd:',
      },
    ],
    [
      'smtps://alice@example.com:a:b@mail.example:1465',
      { scheme: 'smtps', host: 'mail.example', port: 1465, user: 'alice@example.com', password: 'a:b' },
    ],
    [
      'smtp://us%C3%A9r:pass%20w@h:26',
      { scheme: 'smtp', host: 'h', port: 26, user: 'usér', password: 'pass w' },
    ],
  ])('reads %s', (url, settings) => {
    expect(readSmtpUrl(url)).toEqual(settings);
  });

  it.each([
    '',
    'mail.example',
    'mail.example:25',
    'http://mail.example',
    'constructor://mail.example',
    'smtp://',
    'smtp:///path',
    'smtp://user:s3cret@',
    'smtp://mail.example:0',
    'smtp://mail.example:99999',
    'smtp://mail.example:abc',
    'smtp://mail.example/path',
    'smtp://mail.example?pool=true',
    'smtp://mail.example#x',
    'smtp://user@mail.example',
    'smtp://:s3cret@mail.example',
    'smtp://user:s3cret%@mail.example',
    'smtp://user:s3cret/x@mail.example',
    'smtp://user:s3cret#x@mail.example',
    'smtp://user:s3cret%0d%0aRCPT@mail.example',
    'smtp://us%00er:s3cret@mail.example',
    'smtp://mail%20.example',
    'smtp://mail%0a.example',
    'smtp://[::zz]',
  ])('refuses %j in a sentence that keeps the password to itself', (url) => {
    expect(() => readSmtpUrl(url)).toThrow(/^SMTP_URL [^\n]*\.$/);
    expect(() => readSmtpUrl(url)).not.toThrow('s3cret');
  });
});
