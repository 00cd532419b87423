/**
 * The messages of RFC 4758 section 3.8 without their XML: what a codec reads and writes, and all that the two state
 * machines know. Octet strings are decoded; absent optional parts are undefined.
 */
import type { DeviceFacts } from './device-facts.ts';
import type { ServerPublicKey } from './server-key.ts';

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

/** What starts a run from outside (section 3.8.2): a mail, a link, an answer over HTTP. It is not authenticated. */
export type Trigger = {
  tokenId: Uint8Array | undefined;
  keyId: Uint8Array | undefined;
  /** 16 octets: the activation code. */
  triggerNonce: Uint8Array;
  /** Where to send ClientHello. */
  serviceUrl: string | undefined;
  /** The only server key that may be accepted, in an element of our own (`keyFingerprint`). */
  serverKeyFingerprint: string | undefined;
};

/** Pass 1 (section 3.8.3). */
export type ClientHello = {
  type: 'ClientHello';
  /** `major.minor`, the highest version of the client. */
  version: string;
  keyTypes: string[];
  encryptionAlgorithms: string[];
  macAlgorithms: string[];
  /** The token of the trigger, or the one whose key is to be overwritten. */
  tokenId: Uint8Array | undefined;
  /** The key to be overwritten. */
  keyId: Uint8Array | undefined;
  /** R, 16 octets: goes into MAC 1. */
  helloNonce: Uint8Array | undefined;
  /** 16 octets, if and only if a trigger started the run. */
  triggerNonce: Uint8Array | undefined;
  /** What the client says of its device, in our own extension. */
  device: DeviceFacts;
  /** ClientInfo: octets that the server sends back unchanged with its very next answer. */
  clientInfo: Uint8Array | undefined;
  /** Whether it holds an extension that is critical and unknown here. */
  hasUnknownCriticalExtension: boolean;
};

/** The key under which R_C is to be encrypted: in full, or the name of one that both sides hold. */
export type AnnouncedKey = ServerPublicKey | { keyName: string };

/** Pass 2 (section 3.8.4). */
export type ServerHello = {
  type: 'ServerHello';
  version: string;
  sessionId: string;
  keyType: string;
  encryptionAlgorithm: string;
  macAlgorithm: string;
  key: AnnouncedKey;
  /** R_S, 16 octets. */
  serverNonce: Uint8Array;
  clientInfo: Uint8Array | undefined;
  /** ServerInfo: octets that the client sends back unchanged. */
  serverInfo: Uint8Array | undefined;
  /** MAC 1, where a key is replaced. */
  mac: Uint8Array | undefined;
  hasUnknownCriticalExtension: boolean;
};

/** Pass 3 (section 3.8.5). */
export type ClientNonce = {
  type: 'ClientNonce';
  version: string;
  sessionId: string;
  encryptedNonce: Uint8Array;
  clientInfo: Uint8Array | undefined;
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
  clientInfo: Uint8Array | undefined;
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
