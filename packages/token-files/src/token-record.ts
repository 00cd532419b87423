/** One token as every format says it: what is read from a file, and what is written into one. */
export type TokenRecord = {
  /** SECURID: 12 digits, with leading zeros. TOTP: 1 to 64 characters, as the file has it. */
  serialNumber: string;
  algorithm: 'SECURID' | 'TOTP';
  /** Octets: SECURID 16; TOTP 1 to 128. */
  seed: Uint8Array;
  digits: 6 | 8;
  /** SECURID: 30 or 60. TOTP: 1 to 3600. */
  intervalSeconds: number;
  /** Of TOTP; SECURID has none. */
  hashAlgorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  /** NONE: the code alone. FOB: the PIN is typed before the code. PINPAD: the PIN is added to the code on the device. */
  pinStyle: 'NONE' | 'FOB' | 'PINPAD';
  /** First and last valid day, UTC, `YYYY-MM-DD`. */
  startsOn?: string;
  expiresOn?: string;
  /** Whom the file names as the token's user. */
  userName?: string;
  firstName?: string;
  lastName?: string;
  /** What the app calls the token, unless its user says otherwise. */
  nickname?: string;
  /** The device id or class GUID that the token is bound to. */
  deviceId?: string;
  /** SDTID: whether apps refuse to hand the token on to another device. */
  copyProtected?: boolean;
};

/** What a file says of one token, in its order. `line` is one-based, where the token begins. */
export type FileRow = {
  line: number;
  /** As far as it could be read. */
  serialNumber?: string;
} & (
  | { kind: 'token'; token: TokenRecord }
  /** Right in itself, but of a kind that Symbolon has no token for (HOTP): left out, whatever the rule for bad rows. */
  | { kind: 'skipped'; code: SkippedCode; message: string }
  | { kind: 'bad'; code: BadRowCode; message: string }
);

export type SkippedCode = 'row.hotp' | 'row.algorithm' | 'row.digits' | 'row.interval';
export type BadRowCode = 'row.malformed' | 'row.damaged' | 'row.serial_number' | 'row.seed' | 'row.date';

/** What a reader takes besides the file; which of them is needed, a `TokenFileError` says. */
export type Unlocking = {
  /** Of the file, as typed. */
  password?: string | undefined;
  /** The device id that a token is bound to, where it takes part in the encryption (CTF). */
  deviceId?: string | undefined;
};

/** Most tokens in one file. */
export const MAX_TOKENS = 1_000_000;
