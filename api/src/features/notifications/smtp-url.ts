import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * How mail leaves. `smtp` encrypts when the server offers it, `smtp+starttls` insists on it with a trusted certificate,
 * `smtps` speaks TLS from the first byte.
 */
export type SmtpSettings = {
  scheme: 'smtp' | 'smtp+starttls' | 'smtps';
  host: string;
  port: number;
  user?: string;
  password?: string;
};

const defaultPorts: Record<SmtpSettings['scheme'], number> = { smtp: 25, 'smtp+starttls': 587, smtps: 465 };
const isScheme = (scheme: string): scheme is SmtpSettings['scheme'] => Object.hasOwn(defaultPorts, scheme);

/**
 * Reads `SMTP_URL`; user name and password are percent-decoded.
 * @throws Error with one sentence, which never quotes the URL: it may hold a password
 */
export function readSmtpUrl(url: string): SmtpSettings {
  const parsed = URL.parse(url);
  if (!parsed) {
    throw new Error(
      'SMTP_URL is no address: write smtp://user:password@host:port, with /, #, ?, @ and % in the password percent-encoded.',
    );
  }
  const scheme = parsed.protocol.slice(0, -1);
  if (!isScheme(scheme)) throw new Error('SMTP_URL begins with smtp://, smtp+starttls:// or smtps://.');
  if (!['', '/'].includes(parsed.pathname) || parsed.search || parsed.hash) {
    throw new Error(
      'SMTP_URL ends with host and port: percent-encode /, ? and # in the user name and password.',
    );
  }
  const user = decoded(parsed.username);
  const password = decoded(parsed.password);
  if ((user === '') !== (password === '')) {
    throw new Error('SMTP_URL needs both a user name and a password, or neither.');
  }
  const port = parsed.port === '' ? defaultPorts[scheme] : Number(parsed.port);
  if (port === 0) throw new Error('SMTP_URL names port 0, on which nothing can answer.');
  return { scheme, host: readHost(parsed.hostname), port, ...(user ? { user, password } : {}) };
}

function readHost(hostname: string): string {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(bare)) return bare;
  const host = domainToASCII(decoded(hostname));
  if (!/^[a-z0-9._-]+$/.test(host)) throw new Error('SMTP_URL names no host that mail could be handed to.');
  return host;
}

function decoded(part: string): string {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    throw new Error('SMTP_URL holds a % that begins no percent-encoding: write it as %25.');
  }
  // They would end the line or the field of the protocol.
  if (/\p{Cc}/u.test(text)) throw new Error('SMTP_URL holds a control character.');
  return text;
}
