/** Octets as base64 in one line: standard alphabet, padded (RFC 4648 section 4). */
export function toBase64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}

/**
 * Reads base64Binary: standard alphabet, padded, XML white space anywhere (senders wrap at any width).
 * @returns the octets, or undefined for anything else, base64url included
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return new Uint8Array(Buffer.from(compact, 'base64'));
}
