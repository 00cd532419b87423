/**
 * The messages of RFC 4758 section 3.8 without their XML: what a codec reads and writes, and all that the two state
 * machines know. Octet strings are decoded; absent optional parts are undefined.
 */

/** Statuses that end a run (RFC 4758 section 3.7.5). */
export type FailureStatus =
  | 'Abort'
  | 'AccessDenied'
  | 'MalformedRequest'
  | 'UnknownRequest'
  | 'UnknownCriticalExtension'
  | 'UnsupportedVersion'
  | 'NoSupportedKeyTypes'
  | 'NoSupportedEncryptionAlgorithms'
  | 'NoSupportedMACAlgorithms'
  | 'InitializationFailed';

/** Pass 1 (section 3.8.3). */
export type ClientHello = {
  type: 'ClientHello';
  /** `major.minor`, the highest version of the client. */
  version: string;
  keyTypes: string[];
  encryptionAlgorithms: string[];
  macAlgorithms: string[];
  /** Token and key to be overwritten, where the client names them. */
  tokenId: Uint8Array | undefined;
  keyId: Uint8Array | undefined;
  /** Whether it holds an extension that is critical and unknown here. */
  hasUnknownCriticalExtension: boolean;
};

/** Pass 2 (section 3.8.4), public-key variant. */
export type ServerHello = {
  type: 'ServerHello';
  version: string;
  sessionId: string;
  keyType: string;
  encryptionAlgorithm: string;
  macAlgorithm: string;
  modulus: Uint8Array;
  exponent: Uint8Array;
  /** R_S, 16 octets. */
  serverNonce: Uint8Array;
  /** ServerInfo: octets that the client sends back unchanged. */
  serverInfo: Uint8Array | undefined;
  hasUnknownCriticalExtension: boolean;
};

/** Pass 3 (section 3.8.5). */
export type ClientNonce = {
  type: 'ClientNonce';
  version: string;
  sessionId: string;
  encryptedNonce: Uint8Array;
  serverInfo: Uint8Array | undefined;
  hasUnknownCriticalExtension: boolean;
};

/** Pass 4 (section 3.8.6). */
export type ServerFinished = {
  type: 'ServerFinished';
  sessionId: string;
  tokenId: Uint8Array;
  keyId: Uint8Array;
  /** Last day, `YYYY-MM-DD` in UTC; undefined: the message names none. */
  expiresOn: string | undefined;
  serviceId: string | undefined;
  userId: string | undefined;
  /** Digits that the token shows. */
  tokencodeLength: number;
  /** Seconds for which it shows them. */
  tokencodeInterval: number;
  macAlgorithm: string | undefined;
  /** MAC 2. */
  mac: Uint8Array;
  hasUnknownCriticalExtension: boolean;
};

/** Pass 2 or 4 of a run that the server ends. */
export type ServerFailure = {
  type: 'ServerFailure';
  /** The status as written; a stranger may write others than those of `FailureStatus`. */
  status: string;
};
