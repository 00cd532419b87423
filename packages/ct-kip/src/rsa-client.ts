import { answerHello, type ClientSession, verifyFinished, writeHello } from './client-exchange.ts';
import { CtKipError } from './errors.ts';
import type { RandomSource } from './octets.ts';
import type { DeviceFacts } from './device-facts.ts';
import { readAddPin, writeClientProvisioningData } from './provisioning-data.ts';
import { rsaDialect } from './rsa-dialect.ts';
import { type Envelope, readServerResponse, writeClientRequest } from './soap-envelope.ts';

/** One POST to the service URL. Headers that HTTP itself needs (Host, Content-Length) are the sender's. */
export type RsaClientRequest = { headers: Record<string, string>; body: Uint8Array };

type Started = {
  activationCode: string;
  provisioningData: Uint8Array;
  serverKeyFingerprint: string | undefined;
};

/** A run that waits for ServerHello. */
export type RsaHelloSent = Started & { phase: 'hello-sent' };
/** A run that waits for ServerFinished. Holds secrets: keep it in memory only. */
export type RsaNonceSent = Started & { phase: 'nonce-sent'; session: ClientSession };

/** What a successful run has made. */
export type RsaClientResult = {
  /** 16 octets, the seed of a 128-bit SecurID token as it is. */
  seed: Uint8Array;
  /** As the server wrote it: 12 digits. */
  serialNumber: string;
  /** Digits that the token shows. */
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  /** Last day in UTC, `YYYY-MM-DD`, or undefined where the server named none. */
  expiresOn: string | undefined;
  userId: string | undefined;
  serviceId: string | undefined;
  /** Whether the app is to add the PIN into the code (`AddPIN` 1). */
  addsPin: boolean;
};

function post(started: Started, soapAction: string, message: Uint8Array): RsaClientRequest {
  const { activationCode, provisioningData } = started;
  return {
    headers: {
      'User-Agent': 'HTTPPOST',
      Authorization: activationCode,
      SOAPAction: soapAction,
      'Content-Type': 'application/vnd.otps.ct-kip',
    },
    body: writeClientRequest({ authData: activationCode, provisioningData, message }),
  };
}

function open(started: Started, responseBody: Uint8Array | string): Envelope {
  const envelope = readServerResponse(responseBody);
  if (envelope.authData !== started.activationCode) {
    throw new CtKipError('auth-data-mismatch', 'The answer belongs to another activation code');
  }
  return envelope;
}

/**
 * Begins a run.
 * @param input.activationCode 1 to 128 visible ASCII characters; leading zeros count
 * @param input.device sent to the server where given
 * @param input.serverKeyFingerprint see `keyFingerprint`; when given, no other server key is accepted
 * @returns the state, and the first POST
 * @throws CtKipError `invalid-argument` for a code that no header can carry
 */
export function startRsaClient(input: {
  activationCode: string;
  device?: Partial<DeviceFacts> | undefined;
  serverKeyFingerprint?: string | undefined;
}): { state: RsaHelloSent; request: RsaClientRequest } {
  const { activationCode, serverKeyFingerprint } = input;
  if (!/^[\x21-\x7e]{1,128}$/.test(activationCode)) {
    throw new CtKipError('invalid-argument', 'activationCode holds characters that no activation code has');
  }
  const started = {
    activationCode,
    provisioningData: writeClientProvisioningData(input.device ?? {}),
    serverKeyFingerprint,
  };
  const request = post(started, 'StartService', writeHello(rsaDialect));
  return { state: { ...started, phase: 'hello-sent' }, request };
}

/**
 * Reads the answer to the first POST and makes the second one (RFC 4758 sections 3.8.4, 3.8.5).
 * @throws CtKipError `refused` with `fault` or `status`; `auth-data-mismatch`, `version-unsupported`,
 *   `algorithm-not-offered`, `key-too-weak`, `key-unexpected`, `unknown-critical-extension`; `xml-*`,
 *   `envelope-malformed`, `message-malformed`
 */
export function continueRsaClient(
  state: RsaHelloSent,
  responseBody: Uint8Array | string,
  random: RandomSource,
): { state: RsaNonceSent; request: RsaClientRequest } {
  const { message: serverHello } = open(state, responseBody);
  const { serverKeyFingerprint } = state;
  const { session, message } = answerHello(rsaDialect, { serverHello, random, serverKeyFingerprint });
  return {
    state: { ...state, phase: 'nonce-sent', session },
    request: post(state, 'ServerFinished', message),
  };
}

/**
 * Reads the answer to the second POST. The server has proved that it holds the same seed before this returns.
 * @throws CtKipError as `continueRsaClient`, and `session-mismatch`, `mac-mismatch`
 */
export function finishRsaClient(state: RsaNonceSent, responseBody: Uint8Array | string): RsaClientResult {
  const { message, provisioningData } = open(state, responseBody);
  const { seed, finished } = verifyFinished(rsaDialect, state.session, message);
  const serialNumber = Buffer.from(finished.tokenId).toString('latin1');
  if (!/^\d{12}$/.test(serialNumber)) throw new CtKipError('message-malformed', 'TokenID is not 12 digits');
  const { tokencodeLength, tokencodeInterval, expiresOn, userId, serviceId } = finished;
  const addsPin = readAddPin(provisioningData);
  return { seed, serialNumber, tokencodeLength, tokencodeInterval, expiresOn, userId, serviceId, addsPin };
}
