import { LinkError } from './link-error.ts';

/** Placeholders that a link template may hold. */
export const linkPlaceholders = ['scheme', 'host', 'path', 'url', 'code', 'key'] as const;

/** What stands in for the placeholders. */
export type LinkValues = {
  /** `https` or `http`, of the service. */
  scheme: string;
  /** Host with its port, always written out: `symbolon.example:443`. */
  host: string;
  /** Begins with `/`: `/ctkip/services/CtkipService`. */
  path: string;
  /** The whole service URL, not yet encoded; `{url}` becomes its percent-encoded form. */
  url: string;
  /** Activation code; percent-encoded where it needs to be. */
  code?: string | undefined;
  /** Fingerprint of the server key. */
  key?: string | undefined;
};

/** Schemes that a template may begin with; `http` only for the Android form on 127.0.0.1. */
export const templateSchemes = [
  'https',
  'http',
  'com.rsa.securid',
  'com.rsa.securid.iphone',
  'securidauthenticator',
  'symbolon',
] as const;

/**
 * Takes the values of a service URL apart as templates want them.
 * @throws LinkError `service-url` when it is not a plain http or https URL
 */
export function linkValues(serviceUrl: string): Pick<LinkValues, 'scheme' | 'host' | 'path' | 'url'> {
  const url = URL.parse(serviceUrl);
  const isPlain = url && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '';
  if (!isPlain || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new LinkError('service-url', 'The service URL is not a plain http or https URL');
  }
  const scheme = url.protocol.slice(0, -1);
  const port = url.port || (scheme === 'https' ? '443' : '80');
  return { scheme, host: `${url.hostname}:${port}`, path: url.pathname, url: url.href };
}

/**
 * Checks a link template: begins with a listed scheme (http only as `http://127.0.0.1/`), holds no placeholders but
 * those of `linkPlaceholders`, no white space or control characters, and leads to the server by `{url}` or `{host}`.
 * `{scheme}://{host}{path}` stands for the plain service URL.
 * @param template at most 500 characters
 * @throws LinkError `template-characters`, `template-placeholder`, `template-scheme`, `template-host`,
 *   `template-incomplete`
 */
export function checkLinkTemplate(template: string): void {
  // Printable ASCII without what RFC 3986 leaves out of links; anything else could break out of text that shows it.
  if (template.length > 500 || !/^[!-~]+$/.test(template) || /["<>\\^`|]/.test(template)) {
    throw new LinkError('template-characters', 'The link template holds characters that a link cannot hold');
  }
  for (const [whole, name] of template.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    if (!(linkPlaceholders as readonly (string | undefined)[]).includes(name)) {
      const known = linkPlaceholders.map((placeholder) => `{${placeholder}}`).join(' ');
      throw new LinkError('template-placeholder', `${whole} is not a placeholder; there are ${known}`);
    }
  }
  if (!/\{(url|host)\}/.test(template)) {
    throw new LinkError('template-incomplete', 'The link template leads nowhere: it needs {url} or {host}');
  }
  if (/^\{scheme\}:\/\/\{host\}(\{path\}|[/?]|$)/.test(template)) return;
  const [, scheme = '', rest = ''] = /^([^:/?#{}]+):\/\/(.*)$/.exec(template) ?? [];
  if (!(templateSchemes as readonly string[]).includes(scheme)) {
    throw new LinkError(
      'template-scheme',
      `The link template must begin with one of: ${templateSchemes.join(', ')}`,
    );
  }
  if (scheme === 'http' && !rest.startsWith('127.0.0.1/')) {
    throw new LinkError('template-host', 'A link template with http may only lead to 127.0.0.1');
  }
}

/**
 * Puts the values into a template.
 * @throws LinkError as `checkLinkTemplate`; `template-value` when a placeholder has no value or one that would change
 *   the form of the link
 */
export function fillLinkTemplate(template: string, values: LinkValues): string {
  checkLinkTemplate(template);
  return template.replace(/\{([a-z]+)\}/g, (_, name: keyof LinkValues) => {
    const value = values[name];
    if (value === undefined || value === '')
      throw new LinkError('template-value', `There is no value for {${name}}`);
    if (name === 'url' || name === 'code') return encodeURIComponent(value);
    if (!allowed[name].test(value))
      throw new LinkError('template-value', `The value for {${name}} is unusable`);
    return value;
  });
}

const allowed = {
  scheme: /^https?$/,
  host: /^[A-Za-z0-9.:_[\]-]+$/,
  path: /^\/[A-Za-z0-9._~%!$'()*,;:@/-]*$/,
  key: /^[A-Za-z0-9_-]+$/,
} as const;
