/**
 * Why the authenticator could not do what it was asked. Each code has its exit code below.
 * `CODE_REFUSED` expired, used or unknown activation code · `WRONG_DEVICE` the token is bound to another device ·
 * `SERVER_REFUSED` any other refusal · `SERVER_NOT_PROVEN` the server could not prove the seed: nothing is kept ·
 * `ANSWER_UNUSABLE` an answer that breaks the protocol or is too weak ·
 * `UNREACHABLE` no answer · `REPLY_LOST` no answer to the last message, so the server may hold the seed ·
 * `NOT_CT_KIP` somebody answered, but no CT-KIP service · `TLS_NOT_TRUSTED` certificate · `TLS_FAILED` handshake ·
 * `STORE_IO` the file cannot be read or written · the rest is bad input.
 */
export type AuthenticatorErrorCode = keyof typeof exitCodes;

const exitCodes = {
  CODE_REFUSED: 2,
  WRONG_DEVICE: 2,
  SERVER_REFUSED: 2,
  SERVER_NOT_PROVEN: 2,
  ANSWER_UNUSABLE: 2,
  UNREACHABLE: 3,
  REPLY_LOST: 3,
  NOT_CT_KIP: 3,
  TLS_NOT_TRUSTED: 4,
  TLS_FAILED: 4,
  ALREADY_HELD: 5,
  USAGE: 6,
  LINK_UNREADABLE: 6,
  LINK_NOT_SUPPORTED: 6,
  QR_UNREADABLE: 6,
  CODE_MISSING: 6,
  INSECURE_HTTP: 6,
  CA_UNREADABLE: 6,
  DEVICE_UNUSABLE: 6,
  PASSPHRASE_MISSING: 6,
  PASSPHRASE_WRONG: 6,
  STORE_DAMAGED: 6,
  STORE_IO: 6,
  STORE_BUSY: 6,
  NO_SUCH_TOKEN: 6,
} as const;

/** A failure that can be told to a person: `message` is a sentence or two, without secrets. */
export class AuthenticatorError extends Error {
  override readonly name = 'AuthenticatorError';
  readonly code: AuthenticatorErrorCode;

  constructor(code: AuthenticatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** 2 refused, 3 unreachable, 4 TLS, 5 already held, 6 bad input. */
  get exitCode(): 2 | 3 | 4 | 5 | 6 {
    return exitCodes[this.code];
  }
}
