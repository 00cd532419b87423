import { createCipheriv, createSecretKey } from 'node:crypto';
import { TokencodeError } from './errors.ts';

/** Digits that a SecurID token shows. */
export type SecuridDigits = 6 | 8;
/** Seconds for which a SecurID token shows one code. */
export type SecuridInterval = 30 | 60;

/** What decides the codes of a 128-bit SecurID token. */
export type SecuridToken = {
  /** 16 bytes: the token's secret key, in CT-KIP K_TOKEN without any transform. */
  seed: Uint8Array;
  /** 12 decimal digits, leading zeros kept; only the last 8 go into the code. */
  serialNumber: string;
  digits: SecuridDigits;
  intervalSeconds: SecuridInterval;
};

/** The first second of the year 10000, which four BCD digits cannot hold. */
const endOfTime = 253_402_300_800;
/** How many octets of the time go into each round of the chain: year, month, day, hour, block. */
const chain = [2, 3, 4, 5, 8] as const;

/**
 * The number of the interval that holds `at`, counted from 1970-01-01T00:00:00Z.
 * @param at unix seconds, fractions allowed
 * @throws TokencodeError TIME before 1970 or after 9999
 */
export function securidStep(at: number, intervalSeconds: SecuridInterval): number {
  if (!(at >= 0 && at < endOfTime))
    throw new TokencodeError('TIME', 'at lies outside the years 1970 to 9999');
  return Math.floor(at / intervalSeconds);
}

/** Whole seconds, 1 to `intervalSeconds`, for which the code of `at` (unix seconds) is still the current one. */
export function securidSecondsLeft(at: number, intervalSeconds: SecuridInterval): number {
  return Math.ceil((securidStep(at, intervalSeconds) + 1) * intervalSeconds - at);
}

/**
 * The tokencode that a token shows at a moment, without any PIN.
 * Algorithm: `reference/token-formats.md` §3.1 (as run by stoken).
 * @param input the token and `at`, unix seconds
 * @returns `digits` decimal digits, leading zeros kept
 * @throws TokencodeError for input that no token can have
 */
export function securidTokencode(input: SecuridToken & { at: number }): string {
  return securidCodes(input)(securidStep(input.at, input.intervalSeconds));
}

/** The tokencode of one interval, numbered as by `securidStep`. Otherwise like `securidTokencode`. */
export function securidTokencodeAtStep(input: SecuridToken & { step: number }): string {
  return securidCodes(input)(input.step);
}

/**
 * A function from step to tokencode for one token. It remembers what neighbouring steps share: one chain of AES
 * gives four consecutive codes, and the rounds for year, month, day and hour are run once for a whole window.
 * What it remembers is as secret as the seed, so drop the function after use.
 * @throws TokencodeError for input that no token can have; the function itself throws TIME for an impossible step
 */
export function securidCodes(token: SecuridToken): (step: number) => string {
  const { seed, serialNumber, digits, intervalSeconds } = token;
  if (seed.length !== 16) throw new TokencodeError('SEED_LENGTH', 'seed must be 16 bytes');
  if (!/^\d{12}$/.test(serialNumber))
    throw new TokencodeError('SERIAL_NUMBER', 'serialNumber must be 12 digits');
  if (digits !== 6 && digits !== 8) throw new TokencodeError('DIGITS', 'digits must be 6 or 8');
  if (intervalSeconds !== 30 && intervalSeconds !== 60) {
    throw new TokencodeError('INTERVAL', 'intervalSeconds must be 30 or 60');
  }
  const serialBcd = Buffer.from(serialNumber.slice(4), 'hex');
  const chainKeys = new Map<string, Uint8Array>();

  return (step) => {
    if (!Number.isInteger(step)) throw new TokencodeError('TIME', 'step must be a whole number');
    securidStep(step * intervalSeconds, intervalSeconds);
    // An hour holds a whole number of blocks, so step modulo 4 is the index that the token takes from the minute.
    const index = step % 4;
    const time = bcdTime((step - index) * intervalSeconds);
    let key = seed;
    for (const length of chain) {
      const prefix = time.toString('hex', 0, length);
      let next = chainKeys.get(prefix);
      if (!next) chainKeys.set(prefix, (next = encryptBlock(key, chainBlock(time, length, serialBcd))));
      key = next;
    }
    const code = Buffer.from(key).readUInt32BE(4 * index) % 10 ** digits;
    return String(code).padStart(digits, '0');
  };
}

/** Unix seconds as the octets YY YY MM DD HH mm 00 00 in BCD, UTC. */
function bcdTime(seconds: number): Buffer {
  const iso = new Date(seconds * 1000).toISOString();
  return Buffer.from(`${iso.slice(0, 16).replace(/\D/g, '')}0000`, 'hex');
}

function chainBlock(time: Buffer, length: number, serialBcd: Buffer): Buffer {
  const block = Buffer.alloc(16, 0xbb).fill(0xaa, 0, 8);
  time.copy(block, 0, 0, length);
  serialBcd.copy(block, 8);
  return block;
}

function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  // As a KeyObject, which Node takes four times as fast as plain octets.
  const cipher = createCipheriv('aes-128-ecb', createSecretKey(key), null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}
