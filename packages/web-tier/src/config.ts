import { readFileSync } from 'node:fs';
import { readTlsPair, type TlsFiles, type TlsPair } from '@symbolon/served-tls/tls-files';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';

/** The tier cannot start. `message` is the one clear sentence for the terminal. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const text = z.string().trim().min(1).optional();
const NOT_A_PORT = 'is no port, which is a whole number from 0 to 65535';
const flag = z
  .enum(['0', '1'], 'is neither 1 nor 0')
  .optional()
  .transform((value) => value === '1');
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const environment = z.object({
  PORT: z.coerce
    .number(NOT_A_PORT)
    .refine((value) => Number.isInteger(value) && value >= 0 && value <= 65_535, NOT_A_PORT)
    .default(8443),
  WEB_TIER_LISTEN: text.default('127.0.0.1'),
  WEB_TIER_INSIDE: z
    .url({ protocol: /^https?$/, error: 'is not an http or https address' })
    .transform((value) => new URL(value))
    .refine(
      (url) => url.pathname === '/' && !url.search && !url.username,
      'holds more than scheme, host and port, as in http://10.0.0.5:4000',
    ),
  WEB_TIER_INSIDE_CA_FILE: text,
  WEB_TIER_SELF_SERVICE: flag,
  WEB_TIER_TRUSTED_PROXIES: text,
  WEB_TIER_INSECURE_HTTP: flag,
  TLS_CERT_FILE: text,
  TLS_KEY_FILE: text,
  LOG_LEVEL: z.enum(LEVELS, `is none of ${LEVELS.join(', ')}`).default('info'),
});

/** What the tier runs on. It has no database, no keys but its own certificate's, and no secrets of Symbolon's. */
export type TierConfig = {
  port: number;
  listen: string;
  /** Where Symbolon is. */
  inside: URL;
  /** PEM certificates to trust for it instead of the known ones. */
  insideCa: Buffer | undefined;
  /** Whether self-service goes through, too. */
  selfService: boolean;
  /** Addresses or subnets in front of the tier whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  tls: (TlsFiles & TlsPair) | undefined;
  logLevel: string;
};

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** The only reader of the environment. @throws StartRefused with one sentence that lists what is wrong */
export function readTierConfig(env: NodeJS.ProcessEnv): TierConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    throw new StartRefused(`The environment has settings that cannot be used: ${wrong}.`);
  }
  const e = parsed.data;
  const trustedProxies = e.WEB_TIER_TRUSTED_PROXIES?.split(/[\s,]+/).filter(Boolean) ?? [];
  const tls = orRefused(() => {
    if (!e.TLS_CERT_FILE !== !e.TLS_KEY_FILE)
      throw new Error('TLS needs both TLS_CERT_FILE and TLS_KEY_FILE, and only one is set.');
    if (!e.TLS_CERT_FILE || !e.TLS_KEY_FILE) return undefined;
    const files = { certificateFile: e.TLS_CERT_FILE, keyFile: e.TLS_KEY_FILE };
    return { ...files, ...readTlsPair(files) };
  });
  orRefused(() => proxyAddr.compile(trustedProxies), 'WEB_TIER_TRUSTED_PROXIES is no list of addresses');
  const isPlain = !tls && trustedProxies.length === 0 && !e.WEB_TIER_INSECURE_HTTP;
  if (!isLoopback(e.WEB_TIER_LISTEN) && isPlain) {
    throw new StartRefused(
      `WEB_TIER_LISTEN=${e.WEB_TIER_LISTEN} would serve passwords over plain HTTP: set TLS_CERT_FILE and TLS_KEY_FILE, ` +
        'or WEB_TIER_TRUSTED_PROXIES when a proxy does TLS, or WEB_TIER_INSECURE_HTTP=1 to accept that.',
    );
  }
  return {
    port: e.PORT,
    listen: e.WEB_TIER_LISTEN,
    inside: e.WEB_TIER_INSIDE,
    insideCa: e.WEB_TIER_INSIDE_CA_FILE
      ? orRefused(() => readFileSync(e.WEB_TIER_INSIDE_CA_FILE!), 'WEB_TIER_INSIDE_CA_FILE cannot be read')
      : undefined,
    selfService: e.WEB_TIER_SELF_SERVICE,
    trustedProxies,
    tls,
    logLevel: e.LOG_LEVEL,
  };
}

function orRefused<Value>(read: () => Value, sentence?: string): Value {
  try {
    return read();
  } catch (error) {
    const why = (error as Error).message;
    throw new StartRefused(sentence ? `${sentence} (${why}).` : why);
  }
}
