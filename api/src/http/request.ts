import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import proxyAddr from 'proxy-addr';
import type { Actor } from '../auth/actor.ts';
import { findViewer, type SessionViewer } from '../auth/session.ts';
import type { ActionDeps, Deps, RequestInfo } from '../lib/deps.ts';
import { newId } from '../lib/random.ts';

/** `__Host-` ties the cookie to this very host; browsers take that prefix over TLS only. */
export const sessionCookieName = (deps: Deps): string =>
  deps.config.adminUrl.startsWith('https:') ? '__Host-symbolon_session' : 'symbolon_session';

/** What stands behind `Authorization: Bearer`; empty when nothing does, undefined for other schemes and for none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer(?: +(.*))?$/i
    .exec(authorization?.trim() ?? '')
    ?.slice(1)
    .map((key) => key ?? '')[0];
}

/** The session cookie's value, if the request brings one. Beside an API key it counts for nothing. */
export function sessionToken(deps: Deps, request: IncomingMessage): string | undefined {
  if (bearerOf(request.headers.authorization) !== undefined) return undefined;
  return parseCookie(request.headers.cookie ?? '')[sessionCookieName(deps)];
}

/** Which addresses' X-Forwarded-For is believed; nobody's, unless TRUSTED_PROXIES says so. */
export function trustOf(deps: Deps): (address: string, hop: number) => boolean {
  return deps.config.trustedProxies.length > 0 ? proxyAddr.compile(deps.config.trustedProxies) : () => false;
}

/** Where a request comes from: the socket's address, or what a trusted proxy says of it. */
export function requestInfo(deps: Deps, request: IncomingMessage): RequestInfo {
  // A caller who has gone meanwhile has no address any more, whatever the types say.
  const address: string | undefined = proxyAddr(request, trustOf(deps));
  return { id: newId(deps), address: address?.replace(/^::ffff:/, '') ?? '' };
}

/** What actions take for a request: the viewer as actor, or nobody. */
export const actionDeps = (deps: Deps, request: RequestInfo, actor: Actor | undefined): ActionDeps => ({
  ...deps,
  request,
  actor: actor ?? { kind: 'nobody' },
});

/**
 * Whether a request came through the web tier, which stands where everybody can reach it. Believed of everybody, whatever
 * stands between: it only takes powers away, and a tier that TRUSTED_PROXIES forgot must not open the console.
 */
export const isThroughWebTier = (request: IncomingMessage): boolean =>
  request.headers['x-symbolon-web-tier'] !== undefined;

/** The signed-in person behind a request; programs with an API key are `http/bearer.ts`'s. Through the web tier nobody has more than self-service. */
export async function viewerOf(
  deps: Deps,
  request: IncomingMessage,
  touch = true,
): Promise<SessionViewer | undefined> {
  const viewer = await findViewer(deps, sessionToken(deps, request), touch);
  return viewer && isThroughWebTier(request)
    ? { ...viewer, roles: [], permissions: new Set(), selfServiceOnly: true }
    : viewer;
}

/**
 * Whether a request that a cookie authenticates comes from our own pages. A missing Origin is refused, too: every
 * browser sends it with POST and with a WebSocket's upgrade.
 */
export function isOwnOrigin(deps: Deps, origin: string | undefined): boolean {
  return origin === deps.config.publicUrl || origin === deps.config.adminUrl;
}

/** The sentence for a foreign Origin: it names the address to use. */
export const foreignOrigin = (deps: Deps) => ({
  code: 'origin.foreign',
  message: `Requests with a session come from ${deps.config.adminUrl} only. Open the console at that address.`,
});
