import type { KeyObject } from 'node:crypto';
import { chooseAlgorithm, prfOf } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { CtKipError } from './errors.ts';
import { deriveSeed, mac2 } from './key-derivation.ts';
import type { ClientHello, ClientNonce, FailureStatus } from './messages.ts';
import { decryptNonce } from './nonce-encryption.ts';
import { equalOctets, type RandomSource, utf8 } from './octets.ts';
import { openPrivateKey, type ServerPublicKey } from './server-key.ts';

/** Lengths in octets: both nonces, and the seed of a SecurID-AES token. */
const nonceLength = 16;
const seedLength = 16;
const version = '1.0';

/** The answer to pass 1. `reply` is the CT-KIP message to send in either case. */
export type HelloAnswer =
  | { status: 'Continue'; sessionId: string; serverNonce: Uint8Array; reply: Uint8Array }
  | { status: FailureStatus; reply: Uint8Array };

/** Why pass 3 was refused: for the audit log, never for the phone. */
export type NonceRefusal = 'version' | 'extension' | 'session' | 'server-info' | 'nonce';

/** The answer to pass 3. `reply` is the CT-KIP message to send; with `Success` only after the seed is stored. */
export type NonceAnswer =
  | { status: 'Success'; seed: Uint8Array; reply: Uint8Array }
  | { status: FailureStatus; reason: NonceRefusal; reply: Uint8Array };

/** What ServerFinished says about the token. */
export type TokenFacts = {
  /** RSA dialect: 12 digits. */
  serialNumber: string;
  /** Last day in UTC, `YYYY-MM-DD`; undefined leaves it out. */
  expiresOn: string | undefined;
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  userId: string | undefined;
};

/**
 * Pass 1 to pass 2: chooses algorithms and draws R_S and a session id (RFC 4758 sections 3.3, 3.8.3, 3.8.4). A first
 * initialisation only: a client that names a token or key to overwrite gets `AccessDenied`.
 */
export function openExchange(
  dialect: Dialect,
  input: { hello: ClientHello; key: ServerPublicKey; random: RandomSource },
): HelloAnswer {
  const { hello, key, random } = input;
  const refuse = (status: FailureStatus): HelloAnswer => ({
    status,
    reply: dialect.codec.writeFailure('ServerHello', status),
  });
  // Any later minor or major version still includes 1.0 as an answer (RFC 4758 section 3.8.4).
  if (Number.parseInt(hello.version, 10) < 1) return refuse('UnsupportedVersion');
  if (hello.hasUnknownCriticalExtension) return refuse('UnknownCriticalExtension');
  const keyType = chooseAlgorithm(dialect.keyTypes, hello.keyTypes);
  if (keyType === undefined) return refuse('NoSupportedKeyTypes');
  const encryptionAlgorithm = chooseAlgorithm(dialect.encryptionAlgorithms, hello.encryptionAlgorithms);
  if (encryptionAlgorithm === undefined) return refuse('NoSupportedEncryptionAlgorithms');
  const macAlgorithm = chooseAlgorithm(dialect.macAlgorithms, hello.macAlgorithms);
  if (macAlgorithm === undefined) return refuse('NoSupportedMACAlgorithms');
  if (hello.tokenId !== undefined || hello.keyId !== undefined) return refuse('AccessDenied');

  const sessionId = dialect.makeSessionId(random);
  const serverNonce = random(nonceLength);
  const { modulus, exponent } = key;
  const reply = dialect.codec.writeServerHello({
    version,
    sessionId,
    keyType,
    encryptionAlgorithm,
    macAlgorithm,
    modulus,
    exponent,
    serverNonce,
    serverInfo: serverNonce,
  });
  return { status: 'Continue', sessionId, serverNonce, reply };
}

/**
 * Pass 3 to pass 4: decrypts R_C, derives the seed and MAC 2 (RFC 4758 sections 3.5, 3.8.5, 3.8.6). Uses the stored
 * R_S, never the one that came back. Each refusal looks the same from outside and costs the same work.
 * @throws CtKipError `invalid-argument` when the caller's key, session or token is unusable
 */
export function finishExchange(
  dialect: Dialect,
  input: {
    nonce: ClientNonce;
    session: { sessionId: string; serverNonce: Uint8Array };
    privateKey: Uint8Array | KeyObject;
    modulus: Uint8Array;
    token: TokenFacts;
    serviceId: string;
  },
): NonceAnswer {
  const { nonce, session, modulus, token } = input;
  const key = input.privateKey instanceof Uint8Array ? openPrivateKey(input.privateKey) : input.privateKey;
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  const algorithm = prfOf(dialect.finishedMacAlgorithm);
  if (
    modulusLength !== modulus.length * 8 ||
    algorithm === undefined ||
    session.serverNonce.length !== nonceLength
  ) {
    throw new CtKipError('invalid-argument', 'Server key, modulus and session do not fit together');
  }
  const clientNonce = decryptNonce(key, nonce.encryptedNonce);
  const { serverNonce } = session;
  const seed = deriveSeed(dialect.derivation, algorithm, {
    clientNonce: clientNonce ?? new Uint8Array(nonceLength),
    keyOctets: modulus,
    serverNonce,
    length: seedLength,
  });
  const mac = mac2(dialect.derivation, algorithm, {
    authKey: seed,
    clientNonce: clientNonce ?? new Uint8Array(nonceLength),
  });

  let reason: NonceRefusal | undefined;
  if (clientNonce === undefined) reason = 'nonce';
  if (nonce.serverInfo === undefined || !equalOctets(nonce.serverInfo, serverNonce)) reason = 'server-info';
  if (!equalOctets(utf8(nonce.sessionId), utf8(session.sessionId))) reason = 'session';
  if (nonce.hasUnknownCriticalExtension) reason = 'extension';
  if (nonce.version !== version) reason = 'version';
  if (reason !== undefined) {
    const status = 'InitializationFailed';
    return { status, reason, reply: dialect.codec.writeFailure('ServerFinished', status) };
  }
  const id = utf8(token.serialNumber);
  const reply = dialect.codec.writeServerFinished({
    sessionId: session.sessionId,
    tokenId: id,
    keyId: id,
    expiresOn: token.expiresOn,
    serviceId: input.serviceId,
    userId: token.userId,
    tokencodeLength: token.tokencodeLength,
    tokencodeInterval: token.tokencodeInterval,
    macAlgorithm: dialect.finishedMacAlgorithm,
    mac,
  });
  return { status: 'Success', seed, reply };
}
