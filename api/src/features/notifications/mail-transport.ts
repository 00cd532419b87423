import nodemailer from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encryptMime, type Signing, signMime } from './smime.ts';
import type { SmtpSettings } from './smtp-url.ts';

export type MailMessage = {
  /** The same each time a mail is tried, so that one that comes twice is known. */
  messageId: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** PEM; the mail is encrypted with it. */
  recipientCertificate?: string;
};

/** Hands mail to a server. */
export type MailTransport = {
  /** @throws Error; `mailErrorText` puts it into words */
  send(message: MailMessage): Promise<void>;
  /** Connects and signs in, and sends nothing. */
  verify(): Promise<void>;
  close(): void;
};

const CONNECT_MS = 10_000;
const SOCKET_MS = 30_000;

/** A transport to one server. Mails are signed when there is something to sign with. */
export function createMailTransport(settings: SmtpSettings, signing?: Signing): MailTransport {
  const { scheme, host, port, user, password } = settings;
  const transport = nodemailer.createTransport({
    host,
    port,
    secure: scheme === 'smtps',
    requireTLS: scheme === 'smtp+starttls',
    // Mail servers inside a network often have certificates of their own; who wants them checked says so by the scheme.
    tls: { rejectUnauthorized: scheme !== 'smtp' },
    ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      const composed = await compose(message);
      const signed = signing ? signMime(composed, signing) : composed;
      const raw = message.recipientCertificate ? encryptMime(signed, message.recipientCertificate) : signed;
      await transport.sendMail({ envelope: { from: message.from, to: [message.to] }, raw });
    },
    async verify() {
      await transport.verify();
    },
    close: () => transport.close(),
  };
}

function compose({ messageId, from, to, subject, text, html }: MailMessage): Promise<Buffer> {
  const composer = new MailComposer({
    messageId,
    // As objects: a string would be parsed, and could name others.
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Why a mail did not leave, without secrets. `permanent`: the server says that trying again will not help. */
export function mailErrorText(error: unknown): { text: string; permanent: boolean } {
  const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string };
  const permanent = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH';
  if (responseCode === undefined && (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'ETIMEDOUT')) {
    return { text: `The mail server cannot be reached (${message}).`, permanent };
  }
  return { text: `The mail server refused it: ${message}`.slice(0, 400), permanent };
}
