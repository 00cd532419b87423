import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import type { TierConfig } from './config.ts';

/** By this the inside knows that a request came through the tier, and gives it no administrator's powers. */
const TIER_HEADER = 'x-symbolon-web-tier';

/** What outsiders say of the way, and what belongs to one connection only (RFC 9110 section 7.6.1). */
const dropped = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
];

/** Where a request comes from: the socket's address, or what a trusted proxy in front says of it. */
export function clientAddress({ trustedProxies }: TierConfig, request: IncomingMessage): string {
  const trust = trustedProxies.length > 0 ? proxyAddr.compile(trustedProxies) : () => false;
  const address: string | undefined = proxyAddr(request, trust);
  return address?.replace(/^::ffff:/, '') ?? '';
}

/** Rewrites a request's headers to those that go inside: nothing that an outsider says of the way is passed on. */
export function setForwarded(request: IncomingMessage, address: string, isTls: boolean): void {
  // Also what the sender declares to be for this connection only: a proxy further in would take it for its own.
  const named = request.headers.connection?.toLowerCase().split(/[\s,]+/) ?? [];
  for (const name of Object.keys(request.headers))
    if (
      name.startsWith('x-forwarded-') ||
      name.startsWith('x-symbolon-') ||
      [...dropped, ...named].includes(name)
    )
      delete request.headers[name];
  request.headers['x-forwarded-for'] = address;
  request.headers['x-forwarded-proto'] = isTls ? 'https' : 'http';
  request.headers[TIER_HEADER] = '1';
}
