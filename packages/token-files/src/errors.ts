/**
 * What can be wrong with a token file or link.
 *
 * - `malformed`: not of the form that it says it is, or a part of it cannot be read.
 * - `unsupported`: well-formed, but of a kind that Symbolon has no token for; `message` says which.
 * - `too-large`: over a limit of size, depth or count; `message` says which.
 * - `doctype`: the XML declares a DOCTYPE, so it could declare entities.
 * - `damaged`: a checksum or MAC over the file does not hold, although the password is right.
 * - `password-required`, `wrong-password`: the file is locked, and with what came it does not open.
 * - `key-required`, `wrong-key`: the same for a key that both sides have (PSKC), given as octets.
 * - `device-required`, `wrong-device`: the same for the device id that the token is bound to.
 * - `invalid-argument`: the caller asked for a file that cannot be written.
 */
export type TokenFileErrorCode =
  | 'malformed'
  | 'unsupported'
  | 'too-large'
  | 'doctype'
  | 'damaged'
  | 'password-required'
  | 'wrong-password'
  | 'key-required'
  | 'wrong-key'
  | 'device-required'
  | 'wrong-device'
  | 'invalid-argument';

/** The one error of this package. Messages never hold a seed, a password, nor the link that holds a seed. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
  readonly code: TokenFileErrorCode;
  /** One-based line of the file, where there is one to name. */
  readonly line: number | undefined;

  constructor(code: TokenFileErrorCode, message: string, line?: number) {
    super(message);
    this.code = code;
    this.line = line;
  }
}
