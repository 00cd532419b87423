import { isSameAlgorithm, prfOf } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { CtKipError } from './errors.ts';
import { deriveSeed, mac2 } from './key-derivation.ts';
import type { ServerFailure, ServerFinished } from './messages.ts';
import { encryptNonce } from './nonce-encryption.ts';
import { equalOctets, type RandomSource } from './octets.ts';
import { keyFingerprint } from './server-key.ts';

const nonceLength = 16;
const version = '1.0';
/** Sizes of a modulus in bits. Under the least, R_C is no secret; over the most, encrypting it keeps a phone busy. */
const modulusBits = { least: 1024, most: 8192 };

/** What the client keeps between pass 3 and pass 4. Holds secrets: keep it in memory only. */
export type ClientSession = {
  sessionId: string;
  macAlgorithm: string;
  /** R_C. */
  clientNonce: Uint8Array;
  /** The seed, worthless until `verifyFinished` has seen the server's proof. */
  seed: Uint8Array;
};

function failIf(condition: boolean, ...error: ConstructorParameters<typeof CtKipError>): void {
  if (condition) throw new CtKipError(...error);
}

function orRefused<Message extends { type: string }>(message: Message | ServerFailure): Message {
  if (message.type !== 'ServerFailure') return message as Message;
  const { status } = message as ServerFailure;
  throw new CtKipError('refused', 'The server ended the run', { status });
}

/** Pass 1: offers all that the dialect knows (RFC 4758 section 3.8.3). */
export function writeHello(dialect: Dialect): Uint8Array {
  return dialect.codec.writeClientHello({
    version,
    keyTypes: [...dialect.keyTypes],
    encryptionAlgorithms: [...dialect.encryptionAlgorithms],
    macAlgorithms: [...dialect.macAlgorithms],
  });
}

function bitLength(number: Uint8Array): number {
  return number.length * 8 - Math.clz32(number[0] ?? 0) + 24;
}

/**
 * Pass 2 to pass 3: checks ServerHello, draws R_C and derives the seed (RFC 4758 sections 3.5, 3.8.4, 3.8.5).
 * @param input.serverKeyFingerprint when known from the link, the only server key that is accepted
 * @throws CtKipError `refused`, `version-unsupported`, `unknown-critical-extension`, `algorithm-not-offered`,
 *   `key-too-weak`, `key-unexpected`, or what the codec throws
 */
export function answerHello(
  dialect: Dialect,
  input: { serverHello: Uint8Array; random: RandomSource; serverKeyFingerprint?: string | undefined },
): { session: ClientSession; message: Uint8Array } {
  const { random, serverKeyFingerprint } = input;
  const hello = orRefused(dialect.codec.readServerHello(input.serverHello));
  failIf(hello.version !== version, 'version-unsupported', 'The server chose another version');
  failIf(
    hello.hasUnknownCriticalExtension,
    'unknown-critical-extension',
    'ServerHello needs an unknown extension',
  );
  const offered = (list: readonly string[], uri: string): boolean =>
    list.some((own) => isSameAlgorithm(own, uri));
  failIf(!offered(dialect.keyTypes, hello.keyType), 'algorithm-not-offered', 'KeyType was not offered');
  failIf(
    !offered(dialect.encryptionAlgorithms, hello.encryptionAlgorithm),
    'algorithm-not-offered',
    'EncryptionAlgorithm was not offered',
  );
  failIf(
    !offered(dialect.macAlgorithms, hello.macAlgorithm),
    'algorithm-not-offered',
    'MacAlgorithm was not offered',
  );
  const algorithm = prfOf(hello.macAlgorithm);
  if (algorithm === undefined) throw new CtKipError('algorithm-not-offered', 'MacAlgorithm is unknown');

  const { modulus, exponent, serverNonce, sessionId, serverInfo, macAlgorithm } = hello;
  const bits = bitLength(modulus);
  failIf(bits < modulusBits.least, 'key-too-weak', 'The server key is under 1024 bits');
  failIf(bits > modulusBits.most, 'message-malformed', 'The server key is over 8192 bits');
  const lastOctet = exponent.at(-1) ?? 0;
  const isUsable = lastOctet % 2 === 1 && bitLength(exponent) >= 2 && exponent.length <= 4;
  failIf(!isUsable, 'key-too-weak', 'The exponent of the server key is unusable');
  failIf(serverNonce.length !== nonceLength, 'message-malformed', 'The server nonce is not 16 octets');
  failIf(
    serverKeyFingerprint !== undefined && serverKeyFingerprint !== keyFingerprint(modulus),
    'key-unexpected',
    'The server key is not the one named by the link',
  );

  const clientNonce = random(nonceLength);
  const encryptedNonce = encryptNonce({ modulus, exponent }, clientNonce, random);
  const message = dialect.codec.writeClientNonce({ version, sessionId, encryptedNonce, serverInfo });
  const seed = deriveSeed(dialect.derivation, algorithm, {
    clientNonce,
    keyOctets: modulus,
    serverNonce,
    length: 16,
  });
  return { session: { sessionId, macAlgorithm, clientNonce, seed }, message };
}

/**
 * Pass 4: checks ServerFinished and its MAC 2 before anything of it is believed (RFC 4758 section 3.8.6).
 * @throws CtKipError `refused`, `session-mismatch`, `unknown-critical-extension`, `algorithm-not-offered`,
 *   `mac-mismatch`, or what the codec throws
 */
export function verifyFinished(
  dialect: Dialect,
  session: ClientSession,
  serverFinished: Uint8Array,
): { seed: Uint8Array; finished: ServerFinished } {
  const finished = orRefused(dialect.codec.readServerFinished(serverFinished));
  failIf(
    finished.sessionId !== session.sessionId,
    'session-mismatch',
    'ServerFinished belongs to another session',
  );
  failIf(
    finished.hasUnknownCriticalExtension,
    'unknown-critical-extension',
    'ServerFinished needs an unknown extension',
  );
  const { macAlgorithm = session.macAlgorithm } = finished;
  failIf(
    !isSameAlgorithm(macAlgorithm, session.macAlgorithm),
    'algorithm-not-offered',
    'The MAC is another one',
  );
  const algorithm = prfOf(session.macAlgorithm);
  if (algorithm === undefined) throw new CtKipError('invalid-argument', 'The session names no PRF');
  const { seed: authKey, clientNonce } = session;
  const expected = mac2(dialect.derivation, algorithm, { authKey, clientNonce });
  failIf(
    !equalOctets(expected, finished.mac),
    'mac-mismatch',
    'The server did not prove that it has the same seed',
  );
  return { seed: session.seed, finished };
}
