import type { KeyObject } from 'node:crypto';
import { chooseAlgorithm, prfOf, seedLengthOf } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { CtKipError } from './errors.ts';
import { deriveSeed, mac1, mac2 } from './key-derivation.ts';
import type { AnnouncedKey, ClientHello, ClientNonce, FailureStatus } from './messages.ts';
import { decryptNonce, maskNonce, type NonceScheme } from './nonce-encryption.ts';
import { equalOctets, type RandomSource, utf8 } from './octets.ts';
import type { PrfAlgorithm } from './prf.ts';
import { openPrivateKey } from './server-key.ts';

const nonceLength = 16;
const version = '1.0';

/** The names on which both sides agreed in pass 2. */
export type Algorithms = { keyType: string; encryptionAlgorithm: string; macAlgorithm: string };

/** What this server would take, most wanted first, where that is less than its dialect knows. */
export type Policy = { keyTypes?: readonly string[]; encryptionAlgorithms?: readonly string[] };

/** The refusal of a run. `reply` is the CT-KIP message to send. */
export type Refusal = { status: FailureStatus; reply: Uint8Array };

/** The answer to pass 1. `reply` is the CT-KIP message to send in either case. */
export type HelloAnswer =
  | { status: 'Continue'; sessionId: string; serverNonce: Uint8Array; reply: Uint8Array }
  | Refusal;

/** Why pass 3 was refused: for the audit log, never for the phone. */
export type NonceRefusal = 'version' | 'extension' | 'session' | 'server-info' | 'nonce';

/** The answer to pass 3. `reply` is the CT-KIP message to send; with `Success` only after the seed is stored. */
export type NonceAnswer =
  | { status: 'Success'; seed: Uint8Array; reply: Uint8Array }
  | (Refusal & { reason: NonceRefusal });

/** What ServerFinished says about the token. */
export type TokenFacts = {
  tokenId: Uint8Array;
  /** At most 64 octets. */
  keyId: Uint8Array;
  /** Last day in UTC, `YYYY-MM-DD`; undefined leaves it out. */
  expiresOn: string | undefined;
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  userId: string | undefined;
};

/** A key that is to be replaced: with it the server proves in pass 2 that it may (RFC 4758 section 3.8.4). */
export type Replacement = {
  keyId: Uint8Array;
  /** K_AUTH: the old key itself, or one that both sides keep for this. */
  authKey: Uint8Array;
};

/** What the server decrypts R_C with. */
export type DecryptionKey =
  | {
      /** PKCS#8 DER, or the key opened once by `openPrivateKey`. */
      privateKey: Uint8Array | KeyObject;
      /** As sent in ServerHello. */
      modulus: Uint8Array;
    }
  | { sharedKey: Uint8Array };

/** The refusal of pass 1 in the words of RFC 4758 section 3.7.5. */
export const refuseHello = (dialect: Dialect, status: FailureStatus): Refusal => ({
  status,
  reply: dialect.codec.writeFailure('ServerHello', status),
});

/**
 * Chooses what both sides speak (RFC 4758 sections 3.8.3, 3.8.4): the first of this server's wishes that the client
 * offered.
 */
export function agree(
  dialect: Dialect,
  hello: ClientHello,
  policy: Policy = {},
): { status: 'Continue'; algorithms: Algorithms } | Refusal {
  const refuse = (status: FailureStatus) => refuseHello(dialect, status);
  // Any later minor or major version still includes 1.0 as an answer (RFC 4758 section 3.8.4).
  if (Number.parseInt(hello.version, 10) < 1) return refuse('UnsupportedVersion');
  if (hello.hasUnknownCriticalExtension) return refuse('UnknownCriticalExtension');
  const keyType = chooseAlgorithm(policy.keyTypes ?? dialect.keyTypes, hello.keyTypes);
  if (keyType === undefined) return refuse('NoSupportedKeyTypes');
  const encryptionAlgorithm = chooseAlgorithm(
    policy.encryptionAlgorithms ?? dialect.encryptionAlgorithms,
    hello.encryptionAlgorithms,
  );
  if (encryptionAlgorithm === undefined) return refuse('NoSupportedEncryptionAlgorithms');
  const macAlgorithm = chooseAlgorithm(dialect.macAlgorithms, hello.macAlgorithms);
  if (macAlgorithm === undefined) return refuse('NoSupportedMACAlgorithms');
  return { status: 'Continue', algorithms: { keyType, encryptionAlgorithm, macAlgorithm } };
}

/**
 * Pass 1 to pass 2: draws R_S and a session id (RFC 4758 sections 3.3, 3.8.4). A client that names a token or a key gets
 * `AccessDenied`, unless it is `tokenId` or the key of `replaces`.
 * @param input.algorithms as by `agree`
 * @param input.tokenId the token that a trigger named; a client may name it again
 */
export function openExchange(
  dialect: Dialect,
  input: {
    hello: ClientHello;
    algorithms: Algorithms;
    key: AnnouncedKey;
    random: RandomSource;
    tokenId?: Uint8Array | undefined;
    replaces?: Replacement | undefined;
  },
): HelloAnswer {
  const { hello, algorithms, key, random, tokenId, replaces } = input;
  const isForeign = (named: Uint8Array | undefined, own: Uint8Array | undefined) =>
    named !== undefined && (own === undefined || !equalOctets(named, own));
  if (isForeign(hello.tokenId, tokenId) || isForeign(hello.keyId, replaces?.keyId))
    return refuseHello(dialect, 'AccessDenied');

  const sessionId = dialect.makeSessionId(random);
  const serverNonce = random(nonceLength);
  const isReplaced = replaces !== undefined && hello.keyId !== undefined;
  const reply = dialect.codec.writeServerHello({
    version,
    sessionId,
    ...algorithms,
    key,
    serverNonce,
    clientInfo: hello.clientInfo,
    serverInfo: dialect.returnsServerNonce ? serverNonce : undefined,
    mac: isReplaced
      ? mac1(dialect.derivation, prfNamed(algorithms.macAlgorithm), {
          authKey: replaces.authKey,
          helloNonce: hello.helloNonce,
          serverNonce,
        })
      : undefined,
  });
  return { status: 'Continue', sessionId, serverNonce, reply };
}

/**
 * Pass 3 to pass 4: decrypts R_C, derives the seed and MAC 2 (RFC 4758 sections 3.5, 3.8.5, 3.8.6). Uses the stored
 * R_S, never the one that came back. Each refusal looks the same from outside and costs the same work.
 * @param input.authKey K_AUTH where a key is replaced; without it MAC 2 stands under the new seed itself
 * @throws CtKipError `invalid-argument` when the caller's key, session or token is unusable
 */
export function finishExchange(
  dialect: Dialect,
  input: {
    nonce: ClientNonce;
    session: Algorithms & { sessionId: string; serverNonce: Uint8Array };
    key: DecryptionKey;
    token: TokenFacts;
    serviceId: string;
    authKey?: Uint8Array | undefined;
  },
): NonceAnswer {
  const { nonce, session, key, token } = input;
  const { serverNonce, macAlgorithm } = session;
  const scheme = dialect.nonceSchemeOf(session.encryptionAlgorithm);
  const length = seedLengthOf(session.keyType);
  if (serverNonce.length !== nonceLength || scheme === undefined || length === undefined)
    throw new CtKipError('invalid-argument', 'The session does not fit its dialect');
  const algorithm = prfNamed(macAlgorithm);
  const decrypted = decrypt(dialect, scheme, key, { serverNonce, nonce: nonce.encryptedNonce });
  const clientNonce = decrypted ?? new Uint8Array(nonceLength);
  const seed = deriveSeed(dialect.derivation, algorithm, {
    clientNonce,
    keyOctets: 'modulus' in key ? key.modulus : key.sharedKey,
    serverNonce,
    length,
  });
  const mac = mac2(dialect.derivation, algorithm, { authKey: input.authKey ?? seed, clientNonce });

  let reason: NonceRefusal | undefined;
  if (decrypted === undefined) reason = 'nonce';
  const { returnsServerNonce } = dialect;
  if (returnsServerNonce && !equalOctets(nonce.serverInfo ?? new Uint8Array(), serverNonce))
    reason = 'server-info';
  if (!equalOctets(utf8(nonce.sessionId), utf8(session.sessionId))) reason = 'session';
  if (nonce.hasUnknownCriticalExtension) reason = 'extension';
  if (nonce.version !== version) reason = 'version';
  if (reason !== undefined) {
    const status = 'InitializationFailed';
    return { status, reason, reply: dialect.codec.writeFailure('ServerFinished', status) };
  }
  const reply = dialect.codec.writeServerFinished({
    ...token,
    sessionId: session.sessionId,
    serviceId: input.serviceId,
    clientInfo: nonce.clientInfo,
    macAlgorithm: dialect.finishedMacAlgorithm(macAlgorithm),
    mac,
  });
  return { status: 'Success', seed, reply };
}

function decrypt(
  dialect: Dialect,
  scheme: NonceScheme,
  key: DecryptionKey,
  { serverNonce, nonce }: { serverNonce: Uint8Array; nonce: Uint8Array },
): Uint8Array | undefined {
  if (scheme === 'oaep' || scheme === 'pkcs1') {
    if (!('privateKey' in key)) throw new CtKipError('invalid-argument', 'The scheme needs a private key');
    const opened = key.privateKey instanceof Uint8Array ? openPrivateKey(key.privateKey) : key.privateKey;
    if (opened.asymmetricKeyDetails?.modulusLength !== key.modulus.length * 8)
      throw new CtKipError('invalid-argument', 'Server key and modulus do not fit together');
    return decryptNonce(scheme, opened, nonce);
  }
  if (!('sharedKey' in key)) throw new CtKipError('invalid-argument', 'The scheme needs a shared key');
  const { sharedKey } = key;
  return nonce.length === nonceLength
    ? maskNonce(dialect.derivation, scheme, { sharedKey, serverNonce, nonce })
    : undefined;
}

function prfNamed(macAlgorithm: string): PrfAlgorithm {
  const algorithm = prfOf(macAlgorithm);
  if (algorithm === undefined) throw new CtKipError('invalid-argument', 'The session names no PRF');
  return algorithm;
}
