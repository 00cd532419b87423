import type { DerivationRules } from './key-derivation.ts';
import type {
  ClientHello,
  ClientNonce,
  FailureStatus,
  ServerFailure,
  ServerFinished,
  ServerHello,
} from './messages.ts';
import type { NonceScheme } from './nonce-encryption.ts';
import type { RandomSource } from './octets.ts';

/** What is said; the codec knows which extensions its dialect has, so nothing unknown is ever written. */
type Written<Message> = Omit<Message, 'type' | 'hasUnknownCriticalExtension'>;

/**
 * One way to put the messages into XML. Readers throw CtKipError (`xml-*`, `message-malformed`, `unknown-request`)
 * and nothing else; writers expect values that the state machines have checked.
 */
export type Codec = {
  readClientMessage(source: Uint8Array): ClientHello | ClientNonce;
  readServerHello(source: Uint8Array): ServerHello | ServerFailure;
  readServerFinished(source: Uint8Array): ServerFinished | ServerFailure;
  writeClientHello(message: Written<ClientHello>): Uint8Array;
  writeClientNonce(message: Written<ClientNonce>): Uint8Array;
  writeServerHello(message: Written<ServerHello>): Uint8Array;
  writeServerFinished(message: Written<ServerFinished>): Uint8Array;
  /** A ServerHello or ServerFinished that ends the run. */
  writeFailure(root: 'ServerHello' | 'ServerFinished', status: FailureStatus): Uint8Array;
};

/** All in which one CT-KIP differs from the other. The state machines take it as an argument and know no XML. */
export type Dialect = {
  codec: Codec;
  derivation: DerivationRules;
  /** What server and client speak, most wanted first, in this dialect's spelling. */
  keyTypes: readonly string[];
  encryptionAlgorithms: readonly string[];
  macAlgorithms: readonly string[];
  /** How R_C is encrypted under an algorithm of that name, or undefined for a name unknown here. */
  nonceSchemeOf(encryptionAlgorithm: string): NonceScheme | undefined;
  /** Spelling of the negotiated MAC algorithm in ServerFinished. */
  finishedMacAlgorithm(negotiated: string): string;
  /** Whether R_S goes out as ServerInfo, too, and has to come back. */
  returnsServerNonce: boolean;
  /** The shortest modulus, in bits, that a client takes for a key. */
  leastModulusBits: number;
  makeSessionId(random: RandomSource): string;
};
