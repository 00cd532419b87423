import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AuthenticatorError } from './errors.ts';

/** One POST to the service. */
export type CtKipPost = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
};

/**
 * Sends one POST and answers the body of a 200 as text. Replaceable in tests.
 * @throws AuthenticatorError UNREACHABLE, NOT_CT_KIP, TLS_NOT_TRUSTED, TLS_FAILED
 */
export type CtKipTransport = (post: CtKipPost) => Promise<string>;

/** Largest answer that is read, bytes. A ServerFinished in its envelope is about 4 KB. */
const maxResponseBytes = 256 * 1024;

/**
 * The transport over Node's http and https; redirects are not followed, since the link names the service itself.
 * @param options.ca PEM certificates to trust **instead of** the ones that Node trusts
 * @param options.timeoutMs milliseconds for one POST from the first packet to the last octet; 15 000
 */
export function ctKipHttp(
  options: { ca?: string | undefined; timeoutMs?: number | undefined } = {},
): CtKipTransport {
  const { ca, timeoutMs = 15_000 } = options;
  return ({ url, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = String(Buffer.byteLength(body));
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': length },
      // One connection a message: no half-dead kept one can swallow the second pass.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(ca === undefined ? {} : { ca }),
    });
    request.on('error', (error) => reject(connectionError(url, error)));
    request.on('response', (response) => {
      const { statusCode = 0 } = response;
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', (error) => reject(connectionError(url, error)));
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxResponseBytes) return void chunks.push(chunk);
        reject(notCtKip(url, 'sends an answer that is far too long for CT-KIP'));
        request.destroy();
      });
      response.on('end', () => {
        if (statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(statusError(url, statusCode));
      });
    });
    request.end(body);
    return promise;
  };
}

/** Whether an address stays on this machine, so that plain http shows the exchange to nobody else. */
export function isLoopback(url: URL): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

function statusError(url: URL, status: number): AuthenticatorError {
  if (status === 429 || status >= 500) {
    const message = `The server at ${url.host} cannot answer now (HTTP status ${status}). Try again in a minute.`;
    return new AuthenticatorError('UNREACHABLE', message);
  }
  return notCtKip(url, `answers with HTTP status ${status}`);
}

function notCtKip(url: URL, what: string): AuthenticatorError {
  return new AuthenticatorError(
    'NOT_CT_KIP',
    `No CT-KIP service at ${url.origin}${url.pathname}: it ${what}.`,
  );
}

const certificateReasons: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not among the trusted ones',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such name',
  EAI_AGAIN: 'the name service does not answer',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'no answer in time',
  ABORT_ERR: 'no answer in time',
  EHOSTUNREACH: 'no way to that address',
  ENETUNREACH: 'no way to that network',
};

function connectionError(url: URL, cause: Error): AuthenticatorError {
  const code = errorCode(cause);
  const certificate = certificateReasons[code] ?? (/^(CERT|CRL)_|_CERT_?|_CA$/.test(code) ? code : undefined);
  if (certificate) {
    const message =
      `The certificate of ${url.host} is not trusted: ${certificate}. ` +
      'With a certificate authority of your own, name its file with --ca.';
    return new AuthenticatorError('TLS_NOT_TRUSTED', message, { cause });
  }
  if (code === 'EPROTO' || /^ERR_(SSL|TLS)_/.test(code)) {
    const message = `No TLS connection to ${url.host}: the other side speaks no TLS that fits (${code}).`;
    return new AuthenticatorError('TLS_FAILED', message, { cause });
  }
  const why = networkReasons[code] ?? code;
  return new AuthenticatorError('UNREACHABLE', `The server at ${url.host} cannot be reached: ${why}.`, {
    cause,
  });
}

/** The code of a failed connection; of several attempts (IPv6, then IPv4) the last one's. */
function errorCode(error: Error): string {
  const inner = error instanceof AggregateError ? error.errors.at(-1) : error;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : error.name;
}
