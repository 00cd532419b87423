import type { KeyObject } from 'node:crypto';
import type { DeviceFacts } from './device-facts.ts';
import { CtKipError } from './errors.ts';
import type { ClientHello, ClientNonce } from './messages.ts';
import { type RandomSource, utf8 } from './octets.ts';
import {
  echoProvisioningData,
  type PinStyle,
  readDeviceFacts,
  writePinProvisioningData,
} from './provisioning-data.ts';
import { rsaAlgorithms, rsaDialect } from './rsa-dialect.ts';
import {
  agree,
  finishExchange,
  type HelloAnswer,
  type NonceAnswer,
  openExchange,
} from './server-exchange.ts';
import type { ServerPublicKey } from './server-key.ts';
import { readClientRequest, writeFault, writeServerResponse } from './soap-envelope.ts';

/** A phone's POST in the RSA dialect, taken apart. */
export type RsaRequest = {
  /** The activation code, white space around it removed; may be empty. Compare it with the Authorization header. */
  authData: string;
  /** Opaque octets, to be echoed with ServerHello. */
  provisioningData: Uint8Array;
  /** What the phone said about itself in there. */
  device: DeviceFacts;
  message: ClientHello | ClientNonce;
};

/** The token that a run is for, as RSA's apps want it described. */
export type RsaToken = {
  /** 12 digits. */
  serialNumber: string;
  /** Last day in UTC, `YYYY-MM-DD`, or null for a token that does not expire: sent as `noExpiryDate`. */
  expiresOn: string | null;
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  userId?: string | undefined;
};

/**
 * What a token without an end is sent with: RSA's apps want a date. The last whole year before 32-bit times run out,
 * and within the 14 bits of days since 2000 that other forms of a software token leave for it.
 */
export const noExpiryDate = '2037-12-31';

/** Content type of every answer, faults included; the HTTP status is always 200. */
export const rsaResponseContentType = 'text/xml; charset=utf-8';

const invalidCode = 'com.rsa.command.exception.InsufficientPrivilegeException: Invalid authorization code.';

/** The faultstring of RSA's service for a code that is unknown, used up or expired; its clients may look for it. */
export const invalidCodeFault =
  `java.rmi.RemoteException: The CT-KIP Web Service failed to process a client request. ${invalidCode}; ` +
  `nested exception is: \n\t${invalidCode}`;

/**
 * Reads a phone's POST.
 * @param body at most 64 KiB
 * @throws CtKipError `xml-*`, `envelope-malformed`, `message-malformed`, `unknown-request`; ProvisioningData that is
 *   not XML is no error
 */
export function readRsaRequest(body: Uint8Array | string): RsaRequest {
  const { authData, provisioningData, message } = readClientRequest(body);
  const device = readDeviceFacts(provisioningData);
  return { authData, provisioningData, device, message: rsaDialect.codec.readClientMessage(message) };
}

/**
 * Answers pass 1 (RFC 4758 sections 3.8.3, 3.8.4). Pure: the caller keeps `sessionId` and `serverNonce` together with
 * the activation and the server key, then sends `reply` with `writeRsaResponse`.
 * @returns `status` `Continue`, or the status of the refusal, with the message that says so
 */
export function answerClientHello(input: {
  hello: ClientHello;
  key: ServerPublicKey;
  random: RandomSource;
}): HelloAnswer {
  const agreed = agree(rsaDialect, input.hello);
  if (agreed.status !== 'Continue') return agreed;
  return openExchange(rsaDialect, { ...input, algorithms: agreed.algorithms });
}

/**
 * Answers pass 3 (RFC 4758 sections 3.5, 3.8.5, 3.8.6). Pure: on `Success` the caller consumes the code and stores
 * `seed` (16 octets) in one transaction, and only then sends `reply`. Before calling it checks that the same
 * activation code came with both passes and that the session had no ClientNonce yet.
 * @param input.privateKey PKCS#8 DER, or the key opened once by `openPrivateKey`
 * @param input.modulus as sent in ServerHello
 * @returns `status` `Success`, or `InitializationFailed` with a `reason` for the audit log and one and the same reply
 * @throws CtKipError `invalid-argument` for a key, session or token that cannot be
 */
export function answerClientNonce(input: {
  nonce: ClientNonce;
  session: { sessionId: string; serverNonce: Uint8Array };
  privateKey: Uint8Array | KeyObject;
  modulus: Uint8Array;
  token: RsaToken;
  serviceId: string;
}): NonceAnswer {
  const { token } = input;
  if (!/^\d{12}$/.test(token.serialNumber))
    throw new CtKipError('invalid-argument', 'serialNumber is not 12 digits');
  const expiresOn = token.expiresOn ?? noExpiryDate;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expiresOn))
    throw new CtKipError('invalid-argument', 'expiresOn is not YYYY-MM-DD');
  const id = utf8(token.serialNumber);
  return finishExchange(rsaDialect, {
    ...input,
    session: { ...input.session, ...rsaAlgorithms },
    key: { privateKey: input.privateKey, modulus: input.modulus },
    token: { ...token, tokenId: id, keyId: id, expiresOn, userId: token.userId },
  });
}

/** What goes with ServerHello, and with every refusal: the phone's own ProvisioningData. */
export const helloProvisioningData: (sent: Uint8Array) => Uint8Array = echoProvisioningData;

/** What goes with ServerFinished. The capture's `AddPIN` 1 is `PINPAD`. */
export const finishedProvisioningData: (pinStyle: PinStyle) => Uint8Array = writePinProvisioningData;

/**
 * The HTTP body of an answer, in the white space that RSA's clients were seen to accept.
 * @param input.authData the request's, echoed
 * @param input.message the `reply` of `answerClientHello` or `answerClientNonce`
 */
export function writeRsaResponse(input: {
  authData: string;
  provisioningData: Uint8Array;
  message: Uint8Array;
}): Uint8Array {
  return writeServerResponse(input);
}

/** The HTTP body of a SOAP fault; without an argument, the one for a code that is not valid. */
export function writeRsaFault(faultstring: string = invalidCodeFault): Uint8Array {
  return writeFault(faultstring);
}
