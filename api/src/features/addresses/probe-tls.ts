import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';

/** What a server showed in a handshake; nothing of it is believed yet. */
export type Handshake = {
  /** As OpenSSL names it: TLSv1.3. */
  protocol: string;
  cipher: string;
  /** The server's certificate, then as many of its issuers as the server sent. */
  chain: X509Certificate[];
  /** OpenSSL's code for why it is not trusted or not for this name; null: it is. */
  refusal: string | null;
};

/** Why there was no handshake. */
export type NoHandshake = { failure: string; connected: boolean; timedOut: boolean };

export type Target = { host: string; port: number; timeoutMs: number; roots: string[] };

// Weak keys and signatures are to be named, and not to end the handshake without a word.
const ANYTHING = 'DEFAULT:!aNULL:!eNULL:@SECLEVEL=0';
const FORWARD_SECRECY =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:@SECLEVEL=0';

/** What is asked for: as iOS does; any cipher of TLS 1.2; what is older. */
export const offers = {
  asPhones: { minVersion: 'TLSv1.2', ciphers: FORWARD_SECRECY },
  anyCipher: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: ANYTHING },
  old: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: ANYTHING },
} as const satisfies Record<string, ConnectionOptions>;

/** A handshake with what listens there; nothing is sent after it. Never throws. */
export function probeTls(
  { host, port, timeoutMs, roots }: Target,
  offer: (typeof offers)[keyof typeof offers],
): Promise<Handshake | NoHandshake> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect({
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      ca: roots,
      // The certificate is what is looked at; no secret goes over this connection.
      rejectUnauthorized: false,
      ...offer,
    });
    const end = (result: Handshake | NoHandshake) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end({ failure: 'ETIMEDOUT', connected, timedOut: true }), timeoutMs);
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('secureConnect', () => {
      end({
        protocol: socket.getProtocol() ?? '',
        cipher: socket.getCipher().name,
        chain: chainOf(socket.getPeerX509Certificate()),
        refusal: socket.authorized ? null : String(socket.authorizationError),
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end({ failure: error.code ?? 'ECONNRESET', connected, timedOut: error.code === 'ETIMEDOUT' });
    });
    socket.once('close', () => end({ failure: 'ECONNRESET', connected, timedOut: false }));
  });
}

const LONGEST_CHAIN = 10;

function chainOf(leaf: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = leaf; next && chain.length < LONGEST_CHAIN; next = next.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}
