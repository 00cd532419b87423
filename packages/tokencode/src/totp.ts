import { createHmac, createSecretKey } from 'node:crypto';
import { TokencodeError } from './errors.ts';

/** Hash functions of TOTP (RFC 6238 section 1.2). */
export type TotpHash = 'SHA1' | 'SHA256' | 'SHA512';

/** What decides the codes of a TOTP token. */
export type TotpToken = {
  /** At least 10 bytes; as long as the hash is usual (RFC 6238 section 5.1). */
  seed: Uint8Array;
  hashAlgorithm: TotpHash;
  digits: 6 | 8;
  intervalSeconds: 30 | 60;
};

/** Under 80 bits a seed can be searched through. */
const LEAST_SEED = 10;

/**
 * A function from step to code for one token (RFC 6238 section 4.2, RFC 4226 section 5.3). It holds the seed: drop it
 * after use.
 * @throws TokencodeError for input that no token can have; the function itself throws TIME for an impossible step
 */
export function totpCodes(token: TotpToken): (step: number) => string {
  const { seed, hashAlgorithm, digits, intervalSeconds } = token;
  if (seed.length < LEAST_SEED) throw new TokencodeError('SEED_LENGTH', 'seed must be 10 bytes or more');
  if (digits !== 6 && digits !== 8) throw new TokencodeError('DIGITS', 'digits must be 6 or 8');
  if (intervalSeconds !== 30 && intervalSeconds !== 60)
    throw new TokencodeError('INTERVAL', 'intervalSeconds must be 30 or 60');
  const key = createSecretKey(seed);
  return (step) => {
    if (!Number.isSafeInteger(step) || step < 0)
      throw new TokencodeError('TIME', 'step must be a whole number from 0 on');
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac(hashAlgorithm, key).update(counter).digest();
    const offset = (mac.at(-1) ?? 0) & 0x0f;
    const number = mac.readUInt32BE(offset) & 0x7fffffff;
    return String(number % 10 ** digits).padStart(digits, '0');
  };
}

/**
 * The code that a TOTP token shows at a moment.
 * @param input the token and `at`, unix seconds
 * @returns `digits` decimal digits, leading zeros kept
 * @throws TokencodeError for input that no token can have
 */
export function totpCode(input: TotpToken & { at: number }): string {
  const { at, intervalSeconds } = input;
  if (!(at >= 0)) throw new TokencodeError('TIME', 'at lies before 1970');
  return totpCodes(input)(Math.floor(at / intervalSeconds));
}
