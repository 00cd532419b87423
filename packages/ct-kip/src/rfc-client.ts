import {
  answerHello,
  type ClientSession,
  verifyFinished,
  type Wishes,
  writeHello,
} from './client-exchange.ts';
import type { ServerFinished } from './messages.ts';
import type { RandomSource } from './octets.ts';
import { rfcDialect } from './rfc-dialect.ts';
import { rfcContentType } from './rfc-server.ts';

/** One POST to the service URL. Headers that HTTP itself needs (Host, Content-Length) are the sender's. */
export type RfcClientRequest = { headers: Record<string, string>; body: Uint8Array };

type Started = {
  wishes: Wishes;
  serverKeyFingerprint: string | undefined;
  sharedKeyNamed: ((keyName: string) => Uint8Array | undefined) | undefined;
};

/** A run that waits for ServerHello. */
export type RfcHelloSent = Started & { phase: 'hello-sent' };
/** A run that waits for ServerFinished. Holds secrets: keep it in memory only. */
export type RfcNonceSent = Started & { phase: 'nonce-sent'; session: ClientSession };

/** What a successful run has made. */
export type RfcClientResult = Omit<ServerFinished, 'type' | 'mac' | 'hasUnknownCriticalExtension'> & {
  /** 16 octets for SecurID-AES, 20 for TOTP. */
  seed: Uint8Array;
  /** Which of the two it is: `securidAes` or `totpKeyType`. */
  keyType: string;
};

function post(body: Uint8Array): RfcClientRequest {
  return {
    headers: {
      'Content-Type': rfcContentType,
      'Cache-Control': 'no-cache, no-store',
      Pragma: 'no-cache',
    },
    body,
  };
}

/**
 * Begins a run.
 * @param input.wishes what to ask for; `triggerNonce` is the activation code
 * @param input.serverKeyFingerprint see `keyFingerprint`; when given, no other server key is accepted
 * @param input.sharedKeyNamed the shared keys by their names, for a client that offers a scheme with one
 * @returns the state, and the first POST
 */
export function startRfcClient(input: {
  wishes: Wishes;
  serverKeyFingerprint?: string | undefined;
  sharedKeyNamed?: ((keyName: string) => Uint8Array | undefined) | undefined;
}): { state: RfcHelloSent; request: RfcClientRequest } {
  const { wishes, serverKeyFingerprint, sharedKeyNamed } = input;
  return {
    state: { wishes, serverKeyFingerprint, sharedKeyNamed, phase: 'hello-sent' },
    request: post(writeHello(rfcDialect, wishes)),
  };
}

/**
 * Reads the answer to the first POST and makes the second one (RFC 4758 sections 3.8.4, 3.8.5).
 * @throws CtKipError as `answerHello`
 */
export function continueRfcClient(
  state: RfcHelloSent,
  serverHello: Uint8Array,
  random: RandomSource,
): { state: RfcNonceSent; request: RfcClientRequest } {
  const { session, message } = answerHello(rfcDialect, { ...state, serverHello, random });
  return { state: { ...state, phase: 'nonce-sent', session }, request: post(message) };
}

/**
 * Reads the answer to the second POST. The server has proved that it holds the same seed before this returns.
 * @throws CtKipError as `verifyFinished`
 */
export function finishRfcClient(state: RfcNonceSent, serverFinished: Uint8Array): RfcClientResult {
  const { seed, finished } = verifyFinished(rfcDialect, state.session, serverFinished, state.wishes);
  const { type: _type, mac: _mac, hasUnknownCriticalExtension: _extension, ...facts } = finished;
  return { ...facts, seed, keyType: state.session.keyType };
}
