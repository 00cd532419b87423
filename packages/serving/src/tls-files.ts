import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Where certificate (with those that lead to its root) and key lie; PEM. */
export type TlsFiles = { certificateFile: string; keyFile: string };
/** What lies there; certificate and key belong together. */
export type TlsPair = { certificate: Buffer; key: Buffer };

/**
 * TLS 1.2 and 1.3 with forward secrecy only: Node's own list ends in suites that have none (AES256-GCM-SHA384 and
 * the like), which iOS does not take and which open recorded traffic to whoever gets the key later.
 */
export const servedTls = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const satisfies SecureContextOptions;

/**
 * Reads certificate and key anew.
 * @throws Error with one sentence that names the file which is missing, is no PEM, or does not fit the other
 */
export function readTlsPair({ certificateFile, keyFile }: TlsFiles): TlsPair {
  const pair = {
    certificate: readNamed('TLS_CERT_FILE', certificateFile),
    key: readNamed('TLS_KEY_FILE', keyFile),
  };
  refuseUnusable(pair, { certificateFile, keyFile });
  return pair;
}

function readNamed(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${variable} names ${path}, which cannot be read (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

function refuseUnusable({ certificate, key }: TlsPair, { certificateFile, keyFile }: TlsFiles): void {
  const works = (options: SecureContextOptions) => {
    try {
      createSecureContext({ ...servedTls, ...options });
      return true;
    } catch {
      return false;
    }
  };
  if (!isCertificate(certificate)) {
    throw new Error(`TLS_CERT_FILE names ${certificateFile}, which holds no certificate in PEM form.`);
  }
  if (!works({ key })) {
    throw new Error(
      `TLS_KEY_FILE names ${keyFile}, which holds no private key in PEM form without a pass phrase.`,
    );
  }
  if (!works({ cert: certificate })) {
    throw new Error(
      `TLS_CERT_FILE names ${certificateFile}, whose certificate cannot be used: it is damaged, or its key is too short.`,
    );
  }
  if (!works({ cert: certificate, key })) {
    throw new Error(`The key in ${keyFile} does not belong to the certificate in ${certificateFile}.`);
  }
}

function isCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}
