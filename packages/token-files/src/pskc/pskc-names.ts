/** Namespaces and identifiers of PSKC (RFC 6030, `reference/token-formats.md` §4). */
export const namespaces = {
  pskc: 'urn:ietf:params:xml:ns:keyprov:pskc',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  pkcs5: 'http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#',
} as const;

/** TOTP as the registry of RFC 6030 names it. */
export const TOTP_ALGORITHM = 'urn:ietf:params:xml:ns:keyprov:pskc:totp';

/**
 * SecurID seeds have no registered identifier: this one is Symbolon's own, read and written only when asked, between two
 * of its deployments. No other program knows it.
 */
export const SECURID_ALGORITHM = 'urn:symbolon:pskc:securid';

/** The hash functions of MACs and of PBKDF2, by the last part of their identifier. */
export const hmacNames = {
  sha1: `${namespaces.ds}hmac-sha1`,
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
} as const;

/** Most rounds of PBKDF2 that a file may ask for: some seconds of work. */
export const MAX_ITERATIONS = 5_000_000;

/** `sha1`, `sha256`, … of an HMAC identifier in any of its spellings; undefined for what is none of them. */
export function hmacHash(identifier: string): string | undefined {
  const [, bits] = /^(?:\S*[#:])?hmac-?sha-?(1|224|256|384|512)$/i.exec(identifier.trim()) ?? [];
  return bits === undefined ? undefined : `sha${bits}`;
}
