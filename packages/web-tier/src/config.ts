import { readFileSync } from 'node:fs';
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
import { StartRefused } from '@symbolon/serving/start-refused';
import type { TlsFiles, TlsPair } from '@symbolon/serving/tls-files';
import { z } from 'zod';

const environment = z.object({
  PORT: port.default(8443),
  WEB_TIER_LISTEN: text.default('127.0.0.1'),
  WEB_TIER_INSIDE: origin('http://10.0.0.5:4000'),
  WEB_TIER_INSIDE_CA_FILE: text,
  WEB_TIER_SELF_SERVICE: flag,
  WEB_TIER_TRUSTED_PROXIES: text,
  WEB_TIER_INSECURE_HTTP: flag,
  TLS_CERT_FILE: text,
  TLS_KEY_FILE: text,
  LOG_LEVEL: logLevel.default('info'),
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

/** The only reader of the environment. @throws StartRefused with one sentence that lists what is wrong */
export function readTierConfig(env: NodeJS.ProcessEnv): TierConfig {
  const e = readEnvironment(environment, env);
  const trustedProxies = readProxies('WEB_TIER_TRUSTED_PROXIES', e.WEB_TIER_TRUSTED_PROXIES);
  const tls = readTls(e);
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
    insideCa: readInsideCa(e.WEB_TIER_INSIDE_CA_FILE),
    selfService: e.WEB_TIER_SELF_SERVICE === true,
    trustedProxies,
    tls,
    logLevel: e.LOG_LEVEL,
  };
}

function readInsideCa(path: string | undefined): Buffer | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartRefused(`WEB_TIER_INSIDE_CA_FILE cannot be read (${(error as Error).message}).`);
  }
}
