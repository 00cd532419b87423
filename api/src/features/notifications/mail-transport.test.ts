import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailMessage } from '../../lib/mail.ts';
import { createMailTransport, mailErrorText } from './mail-transport.ts';
import type { SmtpSettings } from './smtp-url.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(file(name), 'utf8');
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'symbolon-mail-'));
  for (const name of ['server', 'alice']) {
    const subject = `-subj /CN=${name} -addext subjectAltName=IP:127.0.0.1`;
    const files = `-keyout ${name}.key -out ${name}.pem`;
    openssl(...`req -x509 -newkey rsa:2048 -nodes -days 30 ${subject} ${files}`.split(' '));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Received = { raw: string; to: string[]; from: string; secure: boolean; user: unknown };
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A real mail server on loopback that keeps what it is sent. */
async function startServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Received[] }> {
  const mails: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    key: read('server.key'),
    cert: read('server.pem'),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { rcptTo, mailFrom } = session.envelope;
        mails.push({
          raw: Buffer.concat(chunks).toString('binary'),
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          secure: session.secure,
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  // A client that distrusts the certificate hangs up; that is what is tested.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function transportTo(port: number, settings: Partial<SmtpSettings> = {}, signs = false) {
  const signing = signs ? { certificate: read('server.pem'), key: read('server.key') } : undefined;
  const transport = createMailTransport({ scheme: 'smtp', host: '127.0.0.1', port, ...settings }, signing);
  closing.push(() => transport.close());
  return transport;
}

const message: MailMessage = {
  messageId: '<0198-abc@symbolon.example>',
  from: 'symbolon@symbolon.example',
  to: 'alice@example.org',
  subject: 'Your token is ready – größer',
  text: 'Hello Älice,\n\nThis is it.\n',
  html: '<p>Hello Älice,</p><p>This is it.</p>',
};
const failureOf = async (sending: Promise<void>) =>
  mailErrorText(
    await sending.then(
      () => expect.fail('sent'),
      (error: unknown) => error,
    ),
  );

/** Trusts the server's certificate, as SSL_CERT_FILE or NODE_EXTRA_CA_CERTS would. */
function trustServer() {
  const former = getCACertificates('default');
  setDefaultCACertificates([...former, read('server.pem')]);
  closing.push(() => setDefaultCACertificates(former));
}

describe('send', () => {
  it('hands a mail over as it is', async () => {
    const { port, mails } = await startServer({ disabledCommands: ['STARTTLS'] });
    await transportTo(port).send(message);
    expect(mails).toMatchObject([{ to: [message.to], from: message.from, secure: false }]);
    const parsed = await simpleParser(Buffer.from(mails[0]!.raw, 'binary'));
    expect(parsed.subject).toBe(message.subject);
    expect(parsed.text).toBe(message.text);
    expect(parsed.html).toBe(message.html);
    expect(parsed.messageId).toBe(message.messageId);
    expect(parsed.from?.text).toBe(message.from);
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.date).toBeInstanceOf(Date);
    expect(parsed.headers.has('x-mailer')).toBe(false);
  });

  it('keeps the Message-ID at each try', async () => {
    const { port, mails } = await startServer();
    const transport = transportTo(port);
    await transport.send(message);
    await transport.send(message);
    const ids = mails.map(({ raw }) => /^Message-ID: (.*)\r$/im.exec(raw)?.[1]);
    expect(ids).toEqual([message.messageId, message.messageId]);
  });

  it('encrypts when it is offered, also with a self-signed certificate', async () => {
    const { port, mails } = await startServer();
    await transportTo(port).send(message);
    expect(mails).toMatchObject([{ secure: true }]);
  });

  it('signs in', async () => {
    const { port, mails } = await startServer({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 'p@ss' ? done(null, { user: username }) : done(new Error(`wrong: ${password}`)),
    });
    await transportTo(port, { user: 'relay', password: 'p@ss' }).send(message);
    expect(mails).toMatchObject([{ user: 'relay' }]);
    const failure = await failureOf(transportTo(port, { user: 'relay', password: 's3cret' }).send(message));
    expect(failure.permanent).toBe(false);
    expect(failure.text).toBe('The mail server does not accept the user name and password (535).');
  });
});

describe('encryption that is insisted on', () => {
  it('smtp+starttls is refused by a server without it, and nothing is sent', async () => {
    const { port, mails } = await startServer({ disabledCommands: ['STARTTLS'] });
    const transport = transportTo(port, { scheme: 'smtp+starttls' });
    const failure = await failureOf(transport.send(message));
    expect(failure).toEqual({
      text: 'The mail server offers no encryption (STARTTLS), and SMTP_URL insists on it.',
      permanent: false,
    });
    await expect(transport.verify()).rejects.toThrow();
    expect(mails).toEqual([]);
  });

  it.each([
    ['smtp+starttls', false],
    ['smtps', true],
  ] as const)('%s wants a certificate that is trusted', async (scheme, secure) => {
    const { port, mails } = await startServer({ secure });
    const failure = await failureOf(transportTo(port, { scheme }).send(message));
    expect(failure.text).toMatch(/^The mail server's certificate is not trusted: .*self-signed/);
    expect(failure.permanent).toBe(false);
    expect(mails).toEqual([]);
    trustServer();
    await transportTo(port, { scheme }).send(message);
    expect(mails).toMatchObject([{ secure: true }]);
  });
});

describe('failures', () => {
  it('a server that is down is not for good', async () => {
    const { port } = await startServer();
    await closing.splice(0)[0]!();
    const failure = await failureOf(transportTo(port).send(message));
    expect(failure).toEqual({ text: 'Nothing answers at the address of the mail server.', permanent: false });
    await expect(transportTo(port).verify()).rejects.toThrow();
  });

  it('a host that is not there', async () => {
    const failure = await failureOf(transportTo(25, { host: 'mail.invalid' }).send(message));
    expect(failure).toEqual({ text: "The mail server's name leads to no address.", permanent: false });
  });

  it('a server that hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(() => void server.close());
    const failure = await failureOf(transportTo((server.address() as AddressInfo).port).send(message));
    expect(failure.permanent).toBe(false);
    expect(failure.text).toMatch(/\S.*\S/);
  });

  const answering = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

  it.each([
    [550, true],
    [450, false],
  ])('a recipient refused by %i', async (code, permanent) => {
    const { port } = await startServer({
      onRcptTo: (_address, _session, done) =>
        done(answering(code, 'No such user, see https://mx.example/a?b=c#d')),
    });
    expect(await failureOf(transportTo(port).send(message))).toEqual({
      text: expect.stringMatching(
        new RegExp(`^The mail server refuses the recipient: ${code} No such user, see https://mx.example/a$`),
      ),
      permanent,
    });
  });

  it.each([
    [554, true],
    [451, false],
  ])('a mail refused by %i after its data', async (code, permanent) => {
    const { port } = await startServer({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(answering(code, 'Not like this')));
      },
    });
    const failure = await failureOf(transportTo(port).send(message));
    expect(failure).toEqual({ text: `The mail server refuses the mail: ${code} Not like this`, permanent });
  });

  it('a sender refused by 550 is a matter of the settings, not for good', async () => {
    const { port } = await startServer({
      onMailFrom: (_address, _session, done) => done(answering(550, 'Not you')),
    });
    const failure = await failureOf(transportTo(port).send(message));
    expect(failure).toEqual({ text: 'The mail server refuses the sender: 550 Not you', permanent: false });
  });

  it('anything else is put into words', () => {
    expect(mailErrorText('x').permanent).toBe(false);
    expect(mailErrorText(undefined).text).toMatch(/^The mail could not be handed over/);
  });
});

describe('header injection', () => {
  it('a subject with line breaks makes no header', async () => {
    const { port, mails } = await startServer();
    await transportTo(port).send({
      ...message,
      subject: 'Hello\r\nBcc: eve@example.org\r\n\r\nNew body\u0000',
      messageId: '<1@symbolon.example>\r\nX-Evil: 1',
    });
    const parsed = await simpleParser(Buffer.from(mails[0]!.raw, 'binary'));
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.headers.has('x-evil')).toBe(false);
    expect(parsed.text).toBe(message.text);
    expect(mails[0]!.to).toEqual([message.to]);
  });

  it.each([
    'alice@example.org\r\nRCPT TO:<eve@example.org>',
    'alice@example.org, eve@example.org',
    'alice@example.org;eve@example.org',
    'Eve <eve@example.org>',
    '<eve@example.org>',
    'alice@example.org> SIZE=1',
    'eve@example.org(@example.org',
    'a@b@example.org',
    'group:a@example.org,b@example.org;',
    '',
    'alice',
  ])('%j is no address', async (address) => {
    const { port, mails } = await startServer();
    const failure = await failureOf(transportTo(port).send({ ...message, to: address }));
    expect(failure.text).toContain('no address that mail can be sent to');
    await expect(transportTo(port).send({ ...message, from: address })).rejects.toThrow('no address');
    expect(mails).toEqual([]);
  });

  it('a text that looks like a file or an address is text', async () => {
    const { port, mails } = await startServer();
    await transportTo(port).send({ ...message, text: 'file:///etc/passwd', html: 'https://127.0.0.1/x' });
    const parsed = await simpleParser(Buffer.from(mails[0]!.raw, 'binary'));
    expect(parsed.text).toBe('file:///etc/passwd');
  });

  it('a dot alone in a line does not end the mail', async () => {
    const { port, mails } = await startServer();
    await transportTo(port).send({ ...message, text: 'One\n.\nMAIL FROM:<eve@example.org>\nTwo\n' });
    expect(mails).toHaveLength(1);
    const parsed = await simpleParser(Buffer.from(mails[0]!.raw, 'binary'));
    expect(parsed.text).toBe('One\n.\nMAIL FROM:<eve@example.org>\nTwo\n');
  });
});

describe('S/MIME', () => {
  it('what arrives is signed, and encrypted for whoever has a certificate', async () => {
    const { port, mails } = await startServer();
    const transport = transportTo(port, {}, true);
    await transport.send(message);
    await transport.send({ ...message, recipientCertificate: read('alice.pem') });
    writeFileSync(file('signed.eml'), mails[0]!.raw, 'binary');
    writeFileSync(file('encrypted.eml'), mails[1]!.raw, 'binary');
    const trust = ['-CAfile', 'server.pem', '-purpose', 'any'];
    const plain = openssl('cms', '-verify', '-in', 'signed.eml', ...trust).toString();
    expect(plain).toMatch(/^Content-Type: multipart\/alternative/);
    expect(mails[1]!.raw).not.toContain('multipart');
    expect(mails[1]!.raw).toContain(`Message-ID: ${message.messageId}`);
    const opened = ['-recip', 'alice.pem', '-inkey', 'alice.key', '-out', 'opened.eml'];
    openssl('cms', '-decrypt', '-in', 'encrypted.eml', ...opened);
    expect(openssl('cms', '-verify', '-in', 'opened.eml', ...trust).toString()).toContain('This is it.');
  });

  it('a certificate that cannot be used sends nothing', async () => {
    const { port, mails } = await startServer();
    const failure = await failureOf(transportTo(port).send({ ...message, recipientCertificate: 'x' }));
    expect(failure.text).toContain('no certificate in PEM form');
    expect(mails).toEqual([]);
  });
});
