import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readSmtpUrl, type SmtpSettings } from './features/notifications/smtp-url.ts';
import { checkPasswordStrength } from './auth/password.ts';
import { readMailCertificate } from './features/notifications/smime.ts';
import { isEmail } from './features/users/user-name.ts';
import { StartRefused } from '@symbolon/serving/start-refused';
import type { TlsFiles, TlsPair } from '@symbolon/serving/tls-files';
import {
  flag,
  isLoopback,
  logLevel,
  origin,
  port,
  readEnvironment,
  readProxies,
  readTls,
  text,
} from '@symbolon/serving/environment';

const ownOrigin = origin('https://tokens.example:8443')
  .transform((url) => url.origin)
  .optional();
const databaseUrl = z
  .string()
  .trim()
  .refine(isPostgresUrl, 'is not of the form postgres://user:password@host:port/database')
  .optional();

const environment = z.object({
  NODE_ENV: text,
  PORT: port.default(4000),
  SYMBOLON_LISTEN: text.default('127.0.0.1'),
  SYMBOLON_INSECURE_HTTP: flag,
  SYMBOLON_PUBLIC_URL: ownOrigin,
  SYMBOLON_ADMIN_URL: ownOrigin,
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
  LOG_LEVEL: logLevel.default('warn'),
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
  const e = readEnvironment(environment, env);
  const tls = readTls(e);
  const publicUrl = e.SYMBOLON_PUBLIC_URL ?? `${tls ? 'https' : 'http'}://localhost:${e.PORT}`;
  const trustedProxies = readProxies('TRUSTED_PROXIES', e.TRUSTED_PROXIES);
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
function refuseUnusable({ adminPassword }: Config): void {
  try {
    if (adminPassword) checkPasswordStrength(adminPassword, 'admin', 'SYMBOLON_ADMIN_PASSWORD');
  } catch (error) {
    throw new StartRefused(`SYMBOLON_ADMIN_PASSWORD cannot be used: ${(error as Error).message}`);
  }
}
