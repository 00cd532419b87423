/**
 * What can be wrong with a token file or link.
 *
 * - `malformed`: not of the form that it says it is, or a part of it cannot be read.
 * - `unsupported`: well-formed, but of a kind that Symbolon has no token for; `message` says which.
 * - `invalid-argument`: the caller asked for a file that cannot be written.
 */
export type TokenFileErrorCode = 'malformed' | 'unsupported' | 'invalid-argument';

/** The one error of this package. Messages never hold a seed, nor the link that holds one. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
  readonly code: TokenFileErrorCode;

  constructor(code: TokenFileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
