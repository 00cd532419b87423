import { LinkError } from './link-error.ts';

/** Schemes under which apps register themselves for CT-KIP links; `symbolon` is our own. */
export const appSchemes = [
  'com.rsa.securid',
  'com.rsa.securid.iphone',
  'securidauthenticator',
  'viewclient-securid',
  'symbolon',
] as const;

/** The scheme a link began with; `https` and `http` also for a plain service URL. */
export type LinkScheme = (typeof appSchemes)[number] | 'https' | 'http';

/** What an activation link says. */
export type ActivationLink = {
  scheme: LinkScheme;
  /** Address of the CT-KIP service, http or https; whether http may be used is the caller's decision. */
  serviceUrl: string;
  /** Undefined: ask the user for it. Text: leading zeros count. In a `symbolon` link base64url of 16 octets. */
  activationCode: string | undefined;
  /** The only server key that may be accepted (`keyFingerprint`); stands in `symbolon` links, and always there. */
  serverKeyFingerprint?: string;
};

/** Schemes of links that are taken for something that a link leads to. */
const linkSchemes: readonly string[] = [...appSchemes, 'https', 'http'];
const codePattern = /^[\x21-\x7e]{1,128}$/;

/**
 * Mail gateways write `=` as `=3D`. Undone only where every `=` of the query suffered, so that a value that truly
 * begins with 3D stays.
 */
function repair(query: string): string {
  return /=(?!3D)/i.test(query) ? query : query.replace(/=3D/gi, '=');
}

function readQuery(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of repair(query).split('&')) {
    const [, rawName = '', rawValue = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    if (rawName === '') continue;
    const name = rawName.toLowerCase();
    if (values.has(name)) throw new LinkError('malformed', `The link names ${name} twice`);
    try {
      values.set(name, decodeURIComponent(rawValue));
    } catch {
      throw new LinkError('malformed', `The link's ${name} is not percent-encoded properly`);
    }
  }
  return values;
}

function readServiceUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new LinkError('service-url', 'The address of the server in the link is not a URL');
  }
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isHttp || url.username !== '' || url.password !== '' || url.hash !== '' || /[\s\p{Cc}]/u.test(text)) {
    throw new LinkError(
      'service-url',
      'The address of the server in the link is not a plain http or https URL',
    );
  }
  return url.href;
}

function readCode(code: string | undefined): string | undefined {
  if (code === undefined || code === '') return undefined;
  if (!codePattern.test(code))
    throw new LinkError('activation-code', 'The activation code in the link is unreadable');
  return code;
}

/** A link for an app: `…?scheme=https&url=HOST:PORT/PATH&activationCode=CODE`. */
function readAppLink(scheme: LinkScheme, query: string): ActivationLink {
  const values = readQuery(query);
  const url = values.get('url');
  if (!url) throw new LinkError('service-url', 'The link names no server');
  const outer = (values.get('scheme') ?? values.get('schema') ?? 'https').toLowerCase();
  const hasOwn = /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  return {
    scheme,
    serviceUrl: readServiceUrl(hasOwn ? url : `${outer}://${url}`),
    activationCode: readCode(values.get('activationcode')),
  };
}

/** Our own form: `symbolon://ctkip?url=…&nonce=…&key=…`, which names the server by its key. */
function readOwnLink(query: string): ActivationLink {
  const values = readQuery(query);
  const url = values.get('url');
  if (!url) throw new LinkError('service-url', 'The link names no server');
  const [nonce = '', key = ''] = [values.get('nonce'), values.get('key')];
  if (!/^[A-Za-z0-9_-]{22}$/.test(nonce))
    throw new LinkError('activation-code', 'The activation code in the link is unreadable');
  if (!/^[A-Za-z0-9_-]{43}$/.test(key))
    throw new LinkError('server-key', 'The link does not name the key of the server');
  const serviceUrl = readServiceUrl(url);
  return { scheme: 'symbolon', serviceUrl, activationCode: nonce, serverKeyFingerprint: key };
}

function readPlainUrl(scheme: LinkScheme, text: string): ActivationLink {
  const url = new URL(readServiceUrl(text));
  const code = readCode(url.searchParams.get('activationCode') ?? undefined);
  if (code !== undefined) url.searchParams.delete('activationCode');
  return { scheme, serviceUrl: url.href, activationCode: code };
}

/**
 * Reads an activation link in any form that RSA's servers and apps use, as a QR code, a mail or a person gives it:
 * app schemes, the Android form on 127.0.0.1, or a plain service URL. Tolerates `schema`, `ctkip/`, an encoded or raw
 * url with or without a scheme of its own, and `=3D`.
 * @param text at most 4096 characters; white space around it is ignored
 * @throws LinkError and nothing else
 */
export function parseActivationLink(text: string): ActivationLink {
  const link = text.trim();
  if (link.length > 4096 || /[\s\p{Cc}]/u.test(link)) throw new LinkError('malformed', 'This is not a link');
  const [, rawScheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(link) ?? [];
  const scheme = rawScheme.toLowerCase();
  if (scheme === '') throw new LinkError('malformed', 'This is not a link');
  if (!linkSchemes.includes(scheme))
    throw new LinkError('scheme-not-allowed', 'No known app has links of this scheme');
  if (/[?&]ctfData=/i.test(rest))
    throw new LinkError('token-data-link', 'The link carries a token, not a server');

  const isWeb = scheme === 'https' || scheme === 'http';
  // One report has `ctf` in the place of `ctkip`; with a url and no token data it can mean nothing else.
  const app = isWeb ? /^127\.0\.0\.1\/securid\/(?:ctkip|ctf)\/?\?(.*)$/is : /^ctkip\/?\?(.*)$/is;
  const query = app.exec(rest)?.[1];
  if (query !== undefined && scheme === 'symbolon') return readOwnLink(query);
  if (query !== undefined) return readAppLink(scheme as LinkScheme, query);
  if (!isWeb) throw new LinkError('malformed', 'The link does not begin with ctkip');
  return readPlainUrl(scheme as LinkScheme, link);
}
