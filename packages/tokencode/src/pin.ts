import { TokencodeError } from './errors.ts';

/**
 * The passcode of a token whose PIN is typed into the device: the PIN, right-aligned under the tokencode, is added
 * digit by digit modulo 10 without carry. Of a PIN longer than the tokencode only the last digits count.
 * `reference/token-formats.md` §3.2. The PIN 0000 leaves the tokencode as it is.
 * @param pin 4 to 8 decimal digits
 * @throws TokencodeError PIN, TOKENCODE
 */
export function addPin(tokencode: string, pin: string): string {
  return combine(tokencode, pin, (digit, pinDigit) => digit + pinDigit);
}

/**
 * The tokencode behind a passcode of `addPin`: what the server compares. A wrong PIN gives a wrong tokencode and
 * no error.
 * @throws TokencodeError PIN, TOKENCODE
 */
export function subtractPin(passcode: string, pin: string): string {
  return combine(passcode, pin, (digit, pinDigit) => digit + 10 - pinDigit);
}

/**
 * The passcode of a fob-style token: the PIN, typed by its user in front of the tokencode.
 * @param pin 4 to 8 decimal digits
 * @throws TokencodeError PIN, TOKENCODE
 */
export function prependPin(tokencode: string, pin: string): string {
  checkDigits(tokencode, pin);
  return pin + tokencode;
}

/**
 * Takes a fob-style passcode apart. No PIN in front gives an empty `pin`: right for a token without one.
 * @param digits length of the token's tokencode
 * @returns undefined when the passcode is not made of digits or too short or too long for PIN and tokencode
 */
export function splitPasscode(
  passcode: string,
  digits: number,
): { pin: string; tokencode: string } | undefined {
  const pin = passcode.slice(0, -digits);
  if (!/^\d+$/.test(passcode) || passcode.length < digits) return undefined;
  if (pin !== '' && (pin.length < 4 || pin.length > 8)) return undefined;
  return { pin, tokencode: passcode.slice(-digits) };
}

function combine(code: string, pin: string, sum: (digit: number, pinDigit: number) => number): string {
  checkDigits(code, pin);
  const aligned = pin.padStart(code.length, '0').slice(-code.length);
  return [...code].map((digit, index) => sum(Number(digit), Number(aligned[index])) % 10).join('');
}

function checkDigits(code: string, pin: string): void {
  if (!/^\d+$/.test(code)) throw new TokencodeError('TOKENCODE', 'the tokencode must be decimal digits');
  if (!/^\d{4,8}$/.test(pin)) throw new TokencodeError('PIN', 'the PIN must be 4 to 8 decimal digits');
}
