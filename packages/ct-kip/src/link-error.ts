/**
 * What can be wrong with an activation link or a link template.
 *
 * - `malformed`: not a link of any known form, or a part of it cannot be read.
 * - `scheme-not-allowed`: begins with a scheme that is on no list.
 * - `token-data-link`: a CTF link, which carries a token and names no server.
 * - `service-url`: the address of the server is missing or unusable.
 * - `activation-code`: the activation code holds characters that none has.
 * - `server-key`: a `symbolon` link without a readable fingerprint of the server's key.
 * - `template-…`: only of templates: too long or with characters that no link holds, another placeholder, a scheme or
 *   host that is not allowed, no address of the server, or a placeholder without a value.
 */
export type LinkErrorCode =
  | 'malformed'
  | 'scheme-not-allowed'
  | 'token-data-link'
  | 'service-url'
  | 'activation-code'
  | 'server-key'
  | 'template-characters'
  | 'template-placeholder'
  | 'template-scheme'
  | 'template-host'
  | 'template-incomplete'
  | 'template-value';

/** The error of link and template functions. Messages never hold the link: it holds the activation code. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkErrorCode;

  constructor(code: LinkErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
