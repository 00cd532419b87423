import { toBase64 } from './base64.ts';
import { concat, type RandomSource } from './octets.ts';

/**
 * A session id in the form of RSA's servers: 34 hex digits, `-`, 76 base64 characters (57 octets, the last one zero);
 * 111 characters, 584 random bits. Unique without looking (RFC 4758 section 3.8.4 asks for that).
 */
export function makeSessionId(random: RandomSource): string {
  const head = Buffer.from(random(17)).toString('hex');
  return `${head}-${toBase64(concat(random(56), new Uint8Array(1)))}`;
}
