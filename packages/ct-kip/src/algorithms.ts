import type { PrfAlgorithm } from './prf.ts';

/** XML namespaces of CT-KIP: the one of RFC 4758 (2005/12) and its forerunner, in which RSA's clients speak. */
export const ctKipNamespace = 'http://www.rsasecurity.com/rsalabs/otps/schemas/2005/12/ct-kip#';
export const ctKipNamespace2005Nov = 'http://www.rsasecurity.com/rsalabs/otps/schemas/2005/11/ct-kip#';

/** XML namespace of our own extensions: the device in ClientHello, the server's key in a trigger. */
export const ownNamespace = 'urn:symbolon:ct-kip:1';

/** Key type of a 128-bit SecurID token (RFC 4758 appendix B). */
export const securidAes = 'http://www.rsasecurity.com/rsalabs/otps/schemas/2005/09/otps-wst#SecurID-AES';
/** Key type of a TOTP token (our choice, after RFC 6030 section 12.5); RFC dialect only. */
export const totpKeyType = 'urn:ietf:params:xml:ns:keyprov:pskc:totp';
/** Encryption under the server's RSA key: RSAES-OAEP with SHA-1 and MGF1, under the name that says so. */
export const rsaOaep = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';
/** RSAES-PKCS1-v1_5; in the RSA dialect the name means OAEP all the same. */
export const rsa15 = 'http://www.w3.org/2001/04/xmlenc#rsa-1_5';
/** CT-KIP-PRF-AES in both spellings; they name the same function. */
export const prfAes = `${ctKipNamespace}ct-kip-prf-aes`;
export const prfAes2005Nov = `${ctKipNamespace2005Nov}ct-kip-prf-aes`;
/** CT-KIP-PRF-SHA256. */
export const prfSha256 = `${ctKipNamespace}ct-kip-prf-sha256`;

function canonical(uri: string): string {
  return uri.startsWith(ctKipNamespace2005Nov)
    ? ctKipNamespace + uri.slice(ctKipNamespace2005Nov.length)
    : uri;
}

/** Octets of the seed that a key type asks for (RFC 4758 section 3.5: keyLen), or undefined for one unknown here. */
export function seedLengthOf(keyType: string): number | undefined {
  if (keyType === securidAes) return 16;
  return keyType === totpKeyType ? 20 : undefined;
}

/** Whether two algorithm names mean the same, the 2005/11 spelling counting as the 2005/12 one. */
export function isSameAlgorithm(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

/** The first of the server's `supported` names that the client `offered`, spelled as in `supported`. */
export function chooseAlgorithm(
  supported: readonly string[],
  offered: readonly string[],
): string | undefined {
  return supported.find((uri) => offered.some((offer) => isSameAlgorithm(uri, offer)));
}

/** The PRF behind a MAC algorithm name, or undefined for a name unknown here. */
export function prfOf(uri: string): PrfAlgorithm | undefined {
  if (isSameAlgorithm(uri, prfAes)) return 'aes';
  return isSameAlgorithm(uri, prfSha256) ? 'sha256' : undefined;
}
