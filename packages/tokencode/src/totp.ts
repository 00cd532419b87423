import { createHmac } from 'node:crypto';

/** Hash functions of TOTP. */
export type TotpHash = 'SHA1' | 'SHA256' | 'SHA512';

/**
 * The code that a TOTP token shows at a moment (RFC 6238 section 4, RFC 4226 section 5.3).
 * @param input.at unix seconds
 * @returns `digits` decimal digits, leading zeros kept
 */
export function totpCode(input: {
  seed: Uint8Array;
  digits: 6 | 8;
  intervalSeconds: 30 | 60;
  hashAlgorithm: TotpHash;
  at: number;
}): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(input.at / input.intervalSeconds)));
  const mac = createHmac(input.hashAlgorithm, input.seed).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** input.digits).padStart(input.digits, '0');
}
