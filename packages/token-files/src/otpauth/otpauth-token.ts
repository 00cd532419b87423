/** What an otpauth link says of a TOTP token (`reference/token-formats.md` §5). */
export type OtpauthToken = {
  /** Octets of the secret, at least one. */
  seed: Uint8Array;
  /** Whose service the code is for; '' where the link does not say. */
  issuer: string;
  /** Whose token it is, as apps show it. */
  account: string;
  hashAlgorithm: 'SHA1' | 'SHA256' | 'SHA512';
  digits: 6 | 8;
  intervalSeconds: number;
};

/** What a link means that leaves it out, and what every app can do. */
export const otpauthDefaults = { hashAlgorithm: 'SHA1', digits: 6, intervalSeconds: 30 } as const;
