import proxyAddr from 'proxy-addr';
import { z } from 'zod';
import { StartRefused } from './start-refused.ts';
import { readTlsPair, type TlsFiles, type TlsPair } from './tls-files.ts';

const NOT_A_PORT = 'is no port, which is a whole number from 0 to 65535';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Forms of environment variables; each message goes on after the variable's name. */
export const text = z.string().trim().min(1).optional();
export const port = z.coerce
  .number(NOT_A_PORT)
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= 65_535, NOT_A_PORT);
/** 1 or 0; undefined when it is not set. */
export const flag = z
  .enum(['0', '1'], 'is neither 1 nor 0')
  .optional()
  .transform((value) => (value === undefined ? undefined : value === '1'));
export const logLevel = z.enum(LEVELS, `is none of ${LEVELS.join(', ')}`);
/** An http or https address without a path; `example` is shown to who typed more. */
export const origin = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: 'is not an http or https address' })
    .transform((value) => new URL(value))
    .refine(
      (url) => url.pathname === '/' && !url.search && !url.hash && !url.username,
      `holds more than scheme, host and port, as in ${example}`,
    );

/** What a program reads of its environment; variables without a text count as not set. @throws StartRefused that lists what is wrong */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  throw new StartRefused(`The environment has settings that cannot be used: ${wrong}.`);
}

/** The files, which are looked at again while a program runs, and what lies there now; undefined without TLS. @throws StartRefused */
export function readTls(env: {
  TLS_CERT_FILE?: string | undefined;
  TLS_KEY_FILE?: string | undefined;
}): (TlsFiles & TlsPair) | undefined {
  const { TLS_CERT_FILE: certificateFile, TLS_KEY_FILE: keyFile } = env;
  if (!certificateFile && !keyFile) return undefined;
  if (!certificateFile || !keyFile) {
    throw new StartRefused('TLS needs both TLS_CERT_FILE and TLS_KEY_FILE, and only one is set.');
  }
  try {
    return { certificateFile, keyFile, ...readTlsPair({ certificateFile, keyFile }) };
  } catch (error) {
    throw new StartRefused((error as Error).message);
  }
}

/** The addresses and subnets of a variable, which `proxy-addr` understands. @throws StartRefused */
export function readProxies(variable: string, value: string | undefined): string[] {
  const proxies = value?.split(/[\s,]+/).filter(Boolean) ?? [];
  try {
    proxyAddr.compile(proxies);
  } catch {
    throw new StartRefused(
      `${variable}=${proxies.join(',')} is no list of addresses and subnets, like 10.0.0.5,192.168.0.0/16.`,
    );
  }
  return proxies;
}

/** Whether a host name or address is this machine's own. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);
