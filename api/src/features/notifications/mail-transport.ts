import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailMessage, MailTransport } from '../../lib/mail.ts';
import { encryptMime, type MailSigning, readSigning, signMime } from './smime.ts';
import type { SmtpSettings } from './smtp-url.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/**
 * A transport to the mail server of `SMTP_URL`; mails are signed (S/MIME) when `signing` is given.
 * @throws Error with a sentence when certificate and key are not usable or do not belong together
 */
export function createMailTransport(settings: SmtpSettings, signing?: MailSigning): MailTransport {
  if (signing) readSigning(signing);
  const { scheme, host, port, user, password } = settings;
  const server = createTransport({
    host,
    port,
    secure: scheme === 'smtps',
    requireTLS: scheme === 'smtp+starttls',
    // As between mail servers: encryption with whoever answers is better than none.
    tls: { rejectUnauthorized: scheme !== 'smtp' },
    ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    connectionTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      const from = requireAddress(message.from);
      const to = requireAddress(message.to);
      let raw = await compose(message);
      if (signing) raw = signMime(raw, signing);
      if (message.recipientCertificate) raw = encryptMime(raw, message.recipientCertificate);
      await server.sendMail({ envelope: { from, to: [to] }, raw });
    },
    async verify() {
      await server.verify();
    },
    close: () => server.close(),
  };
}

const compose = ({ messageId, from, to, subject, text, html }: MailMessage): Promise<Buffer> =>
  new MailComposer({
    messageId,
    // Objects, because a string would be read as a list of addresses and names.
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    text,
    html,
    // Survives servers that trim or wrap lines, which a signature would not.
    textEncoding: 'quoted-printable',
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

function requireAddress(address: string): string {
  if (/^[^\s\p{Cc}@<>,;"()]+@[^\s\p{Cc}@<>,;"()]+$/u.test(address)) return address;
  throw new Error('This is no address that mail can be sent to.');
}

type SmtpError = Error & {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  originalCode?: string;
};

/**
 * What went wrong, in a sentence without secrets. `permanent`: the server refuses this recipient or this mail for good
 * (5xx), so that trying again does not help.
 */
export function mailErrorText(error: unknown): { text: string; permanent: boolean } {
  const smtp = error instanceof Error ? (error as SmtpError) : (new Error(String(error)) as SmtpError);
  const { code, command = '', responseCode = 0, message } = smtp;
  const permanent = responseCode >= 500 && responseCode < 600 && /^(RCPT|DATA)/.test(command);
  return { text: sentence(), permanent };

  function sentence(): string {
    const cause = smtp.originalCode ?? '';
    if (code === 'EAUTH') {
      // The answer may quote what was sent.
      return `The mail server does not accept the user name and password${responseCode ? ` (${responseCode})` : ''}.`;
    }
    if (responseCode && /^RCPT/.test(command))
      return `The mail server refuses the recipient: ${answer(smtp)}`;
    if (responseCode && /^MAIL/.test(command)) return `The mail server refuses the sender: ${answer(smtp)}`;
    if (responseCode && /^DATA/.test(command)) return `The mail server refuses the mail: ${answer(smtp)}`;
    if (code === 'ETLS' && responseCode)
      return 'The mail server offers no encryption (STARTTLS), and SMTP_URL insists on it.';
    if (/certificate|self-signed|altnames/i.test(message)) {
      return `The mail server's certificate is not trusted: ${clean(message)}`;
    }
    if (code === 'ETLS') return `Encryption with the mail server failed: ${clean(message)}`;
    if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(message))
      return "The mail server's name leads to no address.";
    if (/ECONNREFUSED/.test(`${cause} ${message}`))
      return 'Nothing answers at the address of the mail server.';
    if (code === 'ETIMEDOUT' || /ETIMEDOUT/.test(cause)) return 'The mail server did not answer in time.';
    if (responseCode) return `The mail server answers: ${answer(smtp)}`;
    return `The mail could not be handed over: ${clean(message)}`;
  }
}

const answer = ({ response, responseCode }: SmtpError): string => clean(response ?? String(responseCode));

/** One line; of addresses only what names a place, because an answer may quote a link out of the mail. */
const clean = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/gi, '$1')
    .slice(0, 300)
    .trim();
