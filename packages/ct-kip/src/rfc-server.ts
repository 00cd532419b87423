import { CtKipError } from './errors.ts';
import { isCtKip } from './message-tree.ts';
import type { AnnouncedKey, ClientHello, ClientNonce, FailureStatus } from './messages.ts';
import type { RandomSource } from './octets.ts';
import { readClientTree } from './read-client-messages.ts';
import { rfcDialect } from './rfc-dialect.ts';
import {
  type Algorithms,
  agree,
  type DecryptionKey,
  finishExchange,
  type HelloAnswer,
  type NonceAnswer,
  openExchange,
  type Policy,
  type Refusal,
  type Replacement,
  type TokenFacts,
} from './server-exchange.ts';
import { readXml, type XmlElement } from './xml.ts';

/** Content type in both directions, and of a trigger over HTTP (RFC 4758 section 4.2). */
export const rfcContentType = 'application/vnd.otps.ct-kip+xml';

/**
 * A POST in the dialect of RFC 4758. `Unreadable`: nobody can say which message it is (HTTP 400). `Foreign`: named like
 * one of its messages, but in another namespace (HTTP 500). `Refused`: to be answered with `reply` (HTTP 200).
 */
export type RfcRequest =
  | ClientHello
  | ClientNonce
  | { type: 'Unreadable' }
  | { type: 'Foreign' }
  | ({ type: 'Refused' } & Refusal);

const clientMessages = ['ClientHello', 'ClientNonce'];

/**
 * Reads a client's POST, and sorts what cannot be read as RFC 4758 section 4.2 wants it answered. Never throws.
 * @param body at most 64 KiB
 */
export function readRfcRequest(body: Uint8Array): RfcRequest {
  let root: XmlElement | undefined;
  try {
    root = readXml(body);
    if (!isCtKip(root)) return { type: clientMessages.includes(root.name) ? 'Foreign' : 'Unreadable' };
    return readClientTree(root);
  } catch (error) {
    if (!(error instanceof CtKipError)) throw error;
    if (root === undefined) return { type: 'Unreadable' };
    const status = error.code === 'unknown-request' ? 'UnknownRequest' : 'MalformedRequest';
    return {
      type: 'Refused',
      ...refuseRfc(root.name === 'ClientNonce' ? 'ClientNonce' : 'ClientHello', status),
    };
  }
}

/** The refusal of a message: ServerHello or ServerFinished with nothing but the status (RFC 4758 section 3.7.5). */
export function refuseRfc(message: 'ClientHello' | 'ClientNonce', status: FailureStatus): Refusal {
  const root = message === 'ClientHello' ? 'ServerHello' : 'ServerFinished';
  return { status, reply: rfcDialect.codec.writeFailure(root, status) };
}

/** What both sides speak, chosen before the key is fetched that belongs to it (RFC 4758 section 3.8.4). */
export const agreeRfc = (
  hello: ClientHello,
  policy?: Policy,
): { status: 'Continue'; algorithms: Algorithms } | Refusal => agree(rfcDialect, hello, policy);

/**
 * Answers pass 1 (RFC 4758 sections 3.8.3, 3.8.4). Pure: the caller keeps `sessionId`, `serverNonce` and the algorithms
 * together with the activation and the key, then sends `reply`.
 * @param input.key the public key for `algorithms.encryptionAlgorithm`, or the name of a shared one
 * @param input.tokenId the token that the trigger named, if one did
 * @param input.replaces the key that this run may replace, if any
 */
export const answerRfcHello = (input: {
  hello: ClientHello;
  algorithms: Algorithms;
  key: AnnouncedKey;
  random: RandomSource;
  tokenId?: Uint8Array | undefined;
  replaces?: Replacement | undefined;
}): HelloAnswer => openExchange(rfcDialect, input);

/**
 * Answers pass 3 (RFC 4758 sections 3.5, 3.8.5, 3.8.6). Pure: on `Success` the caller consumes the code and stores `seed`
 * in one transaction, and only then sends `reply`.
 * @param input.authKey K_AUTH where a key is replaced
 * @throws CtKipError `invalid-argument` for a key, session or token that cannot be
 */
export const answerRfcNonce = (input: {
  nonce: ClientNonce;
  session: Algorithms & { sessionId: string; serverNonce: Uint8Array };
  key: DecryptionKey;
  token: TokenFacts;
  serviceId: string;
  authKey?: Uint8Array | undefined;
}): NonceAnswer => finishExchange(rfcDialect, input);
