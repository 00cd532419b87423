import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';
import { readSmtpUrl, type SmtpSettings } from './features/notifications/smtp-url.ts';
import { checkPasswordStrength } from './auth/password.ts';
import { readMailCertificate } from './features/notifications/smime.ts';
import { isEmail } from './features/users/user-name.ts';
import { StartRefused } from './lib/start-refused.ts';
import { readTlsPair, type TlsFiles, type TlsPair } from '@symbolon/served-tls/tls-files';

const text = z.string().trim().min(1).optional();
const NOT_A_PORT = 'is no port, which is a whole number from 0 to 65535';
const port = z.coerce
  .number(NOT_A_PORT)
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= 65_535, NOT_A_PORT);
const flag = z
  .enum(['0', '1'], 'is neither 1 nor 0')
  .optional()
  .transform((value) => (value === undefined ? undefined : value === '1'));
const origin = z
  .url({ protocol: /^https?$/, error: 'is not an http or https address' })
  .transform((value) => new URL(value))
  .refine(
    (url) => url.pathname === '/' && !url.search && !url.hash && !url.username,
    'holds more than scheme, host and port, as in https://tokens.example:8443',
  )
  .transform((url) => url.origin)
  .optional();
const databaseUrl = z
  .string()
  .trim()
  .refine(isPostgresUrl, 'is not of the form postgres://user:password@host:port/database')
  .optional();
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const environment = z.object({
  NODE_ENV: text,
  PORT: port.default(4000),
  SYMBOLON_LISTEN: text.default('127.0.0.1'),
  SYMBOLON_INSECURE_HTTP: flag,
  SYMBOLON_PUBLIC_URL: origin,
  SYMBOLON_ADMIN_URL: origin,
  SYMBOLON_DATA_DIR: text.default('./data'),
  SYMBOLON_MASTER_KEY: text,
  SYMBOLON_MASTER_KEY_FILE: text,
  SYMBOLON_ADMIN_PASSWORD: text,
  SYMBOLON_DEMO: flag,
  DATABASE_URL: databaseUrl,
  TLS_CERT_FILE: text,
  TLS_KEY_FILE: text,
  TRUSTED_PROXIES: text,
  SMTP_URL: text,
  SYMBOLON_MAIL_FROM: text,
  SMIME_CERT_FILE: text,
  SMIME_KEY_FILE: text,
  LOG_LEVEL: z.enum(LEVELS, `is none of ${LEVELS.join(', ')}`).default('warn'),
});

export type Config = {
  test: boolean;
  production: boolean;
  port: number;
  listen: string;
  insecureHttp: boolean;
  /** Origin that phones and mails use. */
  publicUrl: string;
  /** Origin of the consoles. */
  adminUrl: string;
  dataDir: string;
  databaseUrl: string | undefined;
  masterKey: string | undefined;
  masterKeyFile: string | undefined;
  adminPassword: string | undefined;
  /** Undefined: on for the embedded database's first start, on a loopback address. */
  demo: boolean | undefined;
  /** The files, which are looked at again while the program runs, and what lay there at the start. */
  tls: (TlsFiles & TlsPair) | undefined;
  /** Addresses or subnets whose X-Forwarded-* headers are believed. */
  trustedProxies: string[];
  logLevel: string;
  mail: {
    /** Undefined: mails stay in the outbox. */
    smtp: SmtpSettings | undefined;
    /** Address that mails come from. */
    from: string;
    /** PEM; with it mails are signed (S/MIME). */
    signing: { certificate: string; key: string } | undefined;
  };
};

/** Whether a host name or address is this machine's own. */
export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** Whether phones cannot reach this origin because it names the machine itself. */
export const isLoopbackUrl = (url: string): boolean =>
  isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));

/** Whether a text is an address of a PostgreSQL whose parts can be read; the drivers say of others no clear word. */
function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) return false;
  try {
    decodeURIComponent(url.username + url.password + url.host + url.pathname);
    return true;
  } catch {
    return false;
  }
}

function readFileFor(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartRefused(`${variable} names ${path}, which cannot be read (${(error as Error).message}).`);
  }
}

/** The only reader of the environment. @throws StartRefused with one sentence that lists what is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
    throw new StartRefused(`The environment has settings that cannot be used: ${wrong}.`);
  }
  const e = parsed.data;
  const tls = readTls(e);
  const publicUrl = e.SYMBOLON_PUBLIC_URL ?? `${tls ? 'https' : 'http'}://localhost:${e.PORT}`;
  const trustedProxies = e.TRUSTED_PROXIES?.split(/[\s,]+/).filter(Boolean) ?? [];
  const config: Config = {
    test: e.NODE_ENV === 'test',
    production: e.NODE_ENV === 'production',
    port: e.PORT,
    listen: e.SYMBOLON_LISTEN,
    insecureHttp: e.SYMBOLON_INSECURE_HTTP === true,
    publicUrl,
    adminUrl: e.SYMBOLON_ADMIN_URL ?? publicUrl,
    dataDir: resolve(e.SYMBOLON_DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    masterKey: e.SYMBOLON_MASTER_KEY,
    masterKeyFile: e.SYMBOLON_MASTER_KEY_FILE,
    adminPassword: e.SYMBOLON_ADMIN_PASSWORD,
    demo: e.SYMBOLON_DEMO,
    tls,
    trustedProxies,
    logLevel: e.LOG_LEVEL,
    mail: readMail(e, publicUrl),
  };
  refuseUnsafe(config);
  return config;
}

function readTls({ TLS_CERT_FILE, TLS_KEY_FILE }: z.infer<typeof environment>): Config['tls'] {
  if (!TLS_CERT_FILE !== !TLS_KEY_FILE) {
    throw new StartRefused('TLS needs both TLS_CERT_FILE and TLS_KEY_FILE, and only one is set.');
  }
  if (!TLS_CERT_FILE || !TLS_KEY_FILE) return undefined;
  const files = { certificateFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE };
  try {
    return { ...files, ...readTlsPair(files) };
  } catch (error) {
    throw new StartRefused((error as Error).message);
  }
}

function readMail(e: z.infer<typeof environment>, publicUrl: string): Config['mail'] {
  if (!e.SMIME_CERT_FILE !== !e.SMIME_KEY_FILE) {
    throw new StartRefused('Signing needs both SMIME_CERT_FILE and SMIME_KEY_FILE, and only one is set.');
  }
  const from = e.SYMBOLON_MAIL_FROM ?? `symbolon@${new URL(publicUrl).hostname}`;
  if (!isEmail(from)) throw new StartRefused(`SYMBOLON_MAIL_FROM=${from} is no e-mail address.`);
  try {
    const signing =
      e.SMIME_CERT_FILE && e.SMIME_KEY_FILE
        ? {
            certificate: readFileFor('SMIME_CERT_FILE', e.SMIME_CERT_FILE).toString(),
            key: readFileFor('SMIME_KEY_FILE', e.SMIME_KEY_FILE).toString(),
          }
        : undefined;
    if (signing) readMailCertificate(signing.certificate);
    return { smtp: e.SMTP_URL ? readSmtpUrl(e.SMTP_URL) : undefined, from, signing };
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused(`Mail cannot be sent like this: ${(error as Error).message}`);
  }
}

function refuseUnsafe(config: Config): void {
  const open = !isLoopback(config.listen);
  if (open && !config.tls && config.trustedProxies.length === 0 && !config.insecureHttp) {
    throw new StartRefused(
      `SYMBOLON_LISTEN=${config.listen} would serve passwords over plain HTTP: set TLS_CERT_FILE and TLS_KEY_FILE, ` +
        'or TRUSTED_PROXIES when a proxy does TLS, or SYMBOLON_INSECURE_HTTP=1 to accept that.',
    );
  }
  const addresses = { SYMBOLON_PUBLIC_URL: config.publicUrl, SYMBOLON_ADMIN_URL: config.adminUrl };
  for (const [variable, url] of Object.entries(addresses)) {
    if (url.startsWith('https:') || isLoopbackUrl(url) || config.insecureHttp) continue;
    throw new StartRefused(
      `${variable}=${url} is a public address without TLS: use an https address, ` +
        'or set SYMBOLON_INSECURE_HTTP=1 to accept that.',
    );
  }
  if (config.demo && open) {
    throw new StartRefused('SYMBOLON_DEMO=1 makes demo accounts, so it works on a loopback address only.');
  }
  refuseUnusable(config);
}

/** What would only be noticed at the first request, or after the database was made. */
function refuseUnusable({ trustedProxies, adminPassword }: Config): void {
  try {
    proxyAddr.compile(trustedProxies);
  } catch {
    throw new StartRefused(
      `TRUSTED_PROXIES=${trustedProxies.join(',')} is no list of addresses and subnets, like 10.0.0.5,192.168.0.0/16.`,
    );
  }
  try {
    if (adminPassword) checkPasswordStrength(adminPassword, 'admin', 'SYMBOLON_ADMIN_PASSWORD');
  } catch (error) {
    throw new StartRefused(`SYMBOLON_ADMIN_PASSWORD cannot be used: ${(error as Error).message}`);
  }
}
