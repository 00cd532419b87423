import { isSameAlgorithm, prfOf, seedLengthOf } from './algorithms.ts';
import { type DeviceFacts, silentDevice } from './device-facts.ts';
import type { Dialect } from './dialect.ts';
import { CtKipError } from './errors.ts';
import { deriveSeed, mac1, mac2 } from './key-derivation.ts';
import type { AnnouncedKey, ServerFailure, ServerFinished, ServerHello } from './messages.ts';
import { encryptNonce, maskNonce } from './nonce-encryption.ts';
import { equalOctets, type RandomSource } from './octets.ts';
import type { PrfAlgorithm } from './prf.ts';
import { keyFingerprint, type ServerPublicKey } from './server-key.ts';

const nonceLength = 16;
const version = '1.0';
/** Over so many bits of modulus, encrypting R_C keeps a phone busy. */
const mostModulusBits = 8192;

/** What a client asks for, and how it starts. */
export type Wishes = {
  /** Most wanted first; what the dialect knows where left out. */
  keyTypes?: readonly string[] | undefined;
  encryptionAlgorithms?: readonly string[] | undefined;
  /** The token that the trigger named, or whose key is to be replaced. */
  tokenId?: Uint8Array | undefined;
  /** 16 octets: the activation code, where a trigger or a link brought one. */
  triggerNonce?: Uint8Array | undefined;
  /** The key to be replaced, K_AUTH, and R, 16 fresh octets. */
  replaces?: { keyId: Uint8Array; authKey: Uint8Array; helloNonce: Uint8Array } | undefined;
  device?: Partial<DeviceFacts> | undefined;
  /** Octets that the server has to bring back with ServerHello. */
  clientInfo?: Uint8Array | undefined;
};

/** What the client keeps between pass 3 and pass 4. Holds secrets: keep it in memory only. */
export type ClientSession = {
  sessionId: string;
  keyType: string;
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

/** Pass 1: offers what is wished for, or all that the dialect knows (RFC 4758 section 3.8.3). */
export function writeHello(dialect: Dialect, wishes: Wishes = {}): Uint8Array {
  const { keyTypes, encryptionAlgorithms, tokenId, triggerNonce, replaces, clientInfo } = wishes;
  return dialect.codec.writeClientHello({
    version,
    keyTypes: [...(keyTypes ?? dialect.keyTypes)],
    encryptionAlgorithms: [...(encryptionAlgorithms ?? dialect.encryptionAlgorithms)],
    macAlgorithms: [...dialect.macAlgorithms],
    tokenId,
    keyId: replaces?.keyId,
    helloNonce: replaces?.helloNonce,
    triggerNonce,
    device: { ...silentDevice, ...wishes.device },
    clientInfo,
  });
}

function bitLength(number: Uint8Array): number {
  return number.length * 8 - Math.clz32(number[0] ?? 0) + 24;
}

/**
 * Pass 2 to pass 3: checks ServerHello, draws R_C and derives the seed (RFC 4758 sections 3.5, 3.8.4, 3.8.5).
 * @param input.wishes those of `writeHello`
 * @param input.serverKeyFingerprint when known from the link, the only server key that is accepted
 * @param input.sharedKeyNamed gives a shared key by its name, for clients that offer a scheme with one
 * @throws CtKipError `refused`, `version-unsupported`, `unknown-critical-extension`, `algorithm-not-offered`,
 *   `key-too-weak`, `key-unexpected`, `mac-mismatch`, or what the codec throws
 */
export function answerHello(
  dialect: Dialect,
  input: {
    serverHello: Uint8Array;
    random: RandomSource;
    wishes?: Wishes | undefined;
    serverKeyFingerprint?: string | undefined;
    sharedKeyNamed?: ((keyName: string) => Uint8Array | undefined) | undefined;
  },
): { session: ClientSession; message: Uint8Array } {
  const { random, wishes = {}, serverKeyFingerprint } = input;
  const hello = orRefused(dialect.codec.readServerHello(input.serverHello));
  const { sessionId, serverNonce, serverInfo, macAlgorithm, keyType } = hello;
  checkOffered(dialect, wishes, hello);
  failIf(serverNonce.length !== nonceLength, 'message-malformed', 'The server nonce is not 16 octets');
  const algorithm = prfOf(macAlgorithm);
  const length = seedLengthOf(keyType);
  if (algorithm === undefined || length === undefined)
    throw new CtKipError('algorithm-not-offered', 'KeyType or MacAlgorithm is unknown');
  checkReplacement(dialect, wishes, hello, algorithm);

  const clientNonce = random(nonceLength);
  const { encryptedNonce, keyOctets } = encrypt(dialect, hello, clientNonce, input);
  failIf(
    serverKeyFingerprint !== undefined && serverKeyFingerprint !== keyFingerprint(keyOctets),
    'key-unexpected',
    'The server key is not the one named by the link',
  );
  const message = dialect.codec.writeClientNonce({
    version,
    sessionId,
    encryptedNonce,
    clientInfo: undefined,
    serverInfo,
  });
  const seed = deriveSeed(dialect.derivation, algorithm, { clientNonce, keyOctets, serverNonce, length });
  return { session: { sessionId, keyType, macAlgorithm, clientNonce, seed }, message };
}

function checkOffered(dialect: Dialect, wishes: Wishes, hello: ServerHello): void {
  failIf(hello.version !== version, 'version-unsupported', 'The server chose another version');
  failIf(
    hello.hasUnknownCriticalExtension,
    'unknown-critical-extension',
    'ServerHello needs an unknown extension',
  );
  const choices = [
    ['KeyType', wishes.keyTypes ?? dialect.keyTypes, hello.keyType],
    [
      'EncryptionAlgorithm',
      wishes.encryptionAlgorithms ?? dialect.encryptionAlgorithms,
      hello.encryptionAlgorithm,
    ],
    ['MacAlgorithm', dialect.macAlgorithms, hello.macAlgorithm],
  ] as const;
  for (const [name, offered, chosen] of choices) {
    const isOffered = offered.some((own) => isSameAlgorithm(own, chosen));
    failIf(!isOffered, 'algorithm-not-offered', `${name} was not offered`);
  }
}

/** A key is replaced only for a server that proves by MAC 1 that it holds the old one (RFC 4758 section 3.8.4). */
function checkReplacement(
  dialect: Dialect,
  { replaces }: Wishes,
  { mac, serverNonce }: ServerHello,
  algorithm: PrfAlgorithm,
): void {
  if (!replaces) return;
  const { authKey, helloNonce } = replaces;
  const expected = mac1(dialect.derivation, algorithm, { authKey, helloNonce, serverNonce });
  failIf(
    mac === undefined || !equalOctets(expected, mac),
    'mac-mismatch',
    'The server did not prove that it holds the key to be replaced',
  );
}

/** Encrypts R_C, and answers the octets that stand for the key in the derivation (k). */
function encrypt(
  dialect: Dialect,
  { key, encryptionAlgorithm, serverNonce }: ServerHello,
  clientNonce: Uint8Array,
  input: { random: RandomSource; sharedKeyNamed?: ((name: string) => Uint8Array | undefined) | undefined },
): { encryptedNonce: Uint8Array; keyOctets: Uint8Array } {
  const scheme = dialect.nonceSchemeOf(encryptionAlgorithm);
  if (scheme === 'oaep' || scheme === 'pkcs1') {
    const publicKey = usableKey(key, dialect.leastModulusBits);
    const encryptedNonce = encryptNonce(scheme, publicKey, clientNonce, input.random);
    return { encryptedNonce, keyOctets: publicKey.modulus };
  }
  const sharedKey = 'keyName' in key ? input.sharedKeyNamed?.(key.keyName) : undefined;
  if (scheme === undefined || sharedKey === undefined)
    throw new CtKipError('key-unexpected', 'The server names a key that this client does not hold');
  const encryptedNonce = maskNonce(dialect.derivation, scheme, {
    sharedKey,
    serverNonce,
    nonce: clientNonce,
  });
  return { encryptedNonce, keyOctets: sharedKey };
}

function usableKey(key: AnnouncedKey, leastBits: number): ServerPublicKey {
  if ('keyName' in key)
    throw new CtKipError('key-unexpected', 'The server names a shared key where a public one is needed');
  const bits = bitLength(key.modulus);
  failIf(bits < leastBits, 'key-too-weak', `The server key is under ${leastBits} bits`);
  failIf(bits > mostModulusBits, 'message-malformed', `The server key is over ${mostModulusBits} bits`);
  const { exponent } = key;
  const isOdd = (exponent.at(-1) ?? 0) % 2 === 1;
  const isUsable = isOdd && bitLength(exponent) >= 2 && exponent.length <= 4;
  failIf(!isUsable, 'key-too-weak', 'The exponent of the server key is unusable');
  return key;
}

/**
 * Pass 4: checks ServerFinished and its MAC 2 before anything of it is believed (RFC 4758 section 3.8.6).
 * @param wishes those of `writeHello`
 * @throws CtKipError `refused`, `session-mismatch`, `unknown-critical-extension`, `algorithm-not-offered`,
 *   `mac-mismatch`, `token-mismatch`, or what the codec throws
 */
export function verifyFinished(
  dialect: Dialect,
  session: ClientSession,
  serverFinished: Uint8Array,
  wishes: Wishes = {},
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
  const { clientNonce, seed } = session;
  const { tokenId, replaces } = wishes;
  const expected = mac2(dialect.derivation, algorithm, { authKey: replaces?.authKey ?? seed, clientNonce });
  failIf(
    !equalOctets(expected, finished.mac),
    'mac-mismatch',
    'The server did not prove that it has the same seed',
  );
  failIf(
    (tokenId !== undefined && !equalOctets(tokenId, finished.tokenId)) ||
      (replaces !== undefined && !equalOctets(replaces.keyId, finished.keyId)),
    'token-mismatch',
    'ServerFinished is about another token or key',
  );
  return { seed, finished };
}
