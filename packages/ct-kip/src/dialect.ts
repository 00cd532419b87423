import type { DerivationRules } from './key-derivation.ts';
import type {
  ClientHello,
  ClientNonce,
  FailureStatus,
  ServerFailure,
  ServerFinished,
  ServerHello,
} from './messages.ts';
import type { RandomSource } from './octets.ts';

/** What a server says; the codec knows which extensions its dialect has, so nothing unknown is ever written. */
type Written<Message> = Omit<Message, 'type' | 'hasUnknownCriticalExtension'>;

/**
 * One way to put the messages into XML. Readers throw CtKipError (`xml-*`, `message-malformed`, `unknown-request`)
 * and nothing else; writers expect values that the state machines have checked.
 */
export type Codec = {
  readClientMessage(source: Uint8Array): ClientHello | ClientNonce;
  readServerHello(source: Uint8Array): ServerHello | ServerFailure;
  readServerFinished(source: Uint8Array): ServerFinished | ServerFailure;
  writeClientHello(
    message: Pick<ClientHello, 'version' | 'keyTypes' | 'encryptionAlgorithms' | 'macAlgorithms'>,
  ): Uint8Array;
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
  /** Spelling of the MAC algorithm in ServerFinished. */
  finishedMacAlgorithm: string;
  makeSessionId(random: RandomSource): string;
};
