/** What can be wrong with the input of this package. A wrong code is not an error: see `find-step.ts`. */
export type TokencodeErrorCode =
  | 'SEED_LENGTH'
  | 'SERIAL_NUMBER'
  | 'DIGITS'
  | 'INTERVAL'
  | 'TIME'
  | 'PIN'
  | 'TOKENCODE';

/** Thrown for input that no token can have. The message names the parameter, never its value. */
export class TokencodeError extends Error {
  override readonly name = 'TokencodeError';
  readonly code: TokencodeErrorCode;

  constructor(code: TokencodeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
