import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { totpKeyType } from '@symbolon/ct-kip/algorithms';
import { type RandomSource, utf8 } from '@symbolon/ct-kip/octets';
import { continueRfcClient, finishRfcClient, startRfcClient } from '@symbolon/ct-kip/rfc-client';
import {
  continueRsaClient,
  finishRsaClient,
  type RsaClientRequest,
  startRsaClient,
} from '@symbolon/ct-kip/rsa-client';
import type { CtKipTransport } from './ct-kip-http.ts';
import { type Device, introduced } from './device.ts';
import { AuthenticatorError } from './errors.ts';
import { explainRefusal } from './refusals.ts';

/** Pauses, in milliseconds, before the second message is sent again; with its timeouts all within 60 seconds. */
const resendPauses = [300, 1500];

/** What both sides agreed on, in either dialect. */
export type Agreed = {
  algorithm: 'SECURID' | 'TOTP';
  /** 16 octets for SECURID, 20 for TOTP. */
  seed: Uint8Array;
  serialNumber: string;
  tokencodeLength: number;
  /** Seconds. */
  tokencodeInterval: number;
  /** Last day in UTC, `YYYY-MM-DD`, or undefined where the server named none. */
  expiresOn: string | undefined;
  userId: string | undefined;
  serviceId: string | undefined;
  /** Whether the app is to add the PIN into the code. */
  addsPin: boolean;
};

/**
 * Runs both passes of CT-KIP, as RFC 4758 has it or in the RSA dialect (`reference/ctkip.md` §1.6). When the answer to the second message is lost, the same octets go out again, twice at
 * most: the server answers the same again within a minute.
 * @param input.serverKeyFingerprint the only server key that is accepted
 * @param input.random cryptographic source; default is the platform's
 * @returns what both sides agree on, after the server's MAC was verified
 * @throws AuthenticatorError CODE_REFUSED, WRONG_DEVICE, SERVER_REFUSED, SERVER_NOT_PROVEN, ANSWER_UNUSABLE, USAGE
 *   (activation code), UNREACHABLE, REPLY_LOST, NOT_CT_KIP, TLS_NOT_TRUSTED, TLS_FAILED
 */
export async function runCtKip(input: {
  url: URL;
  activationCode: string;
  dialect: 'RSA' | 'RFC';
  serverKeyFingerprint?: string | undefined;
  device: Device;
  transport: CtKipTransport;
  random?: RandomSource | undefined;
}): Promise<Agreed> {
  try {
    return await (input.dialect === 'RSA' ? runRsaDialect(input) : runRfcDialect(input));
  } catch (error) {
    throw explainRefusal(error);
  }
}

type Run = Parameters<typeof runCtKip>[0];

async function runRsaDialect({ url, activationCode, device, transport, random = randomBytes }: Run) {
  const hello = startRsaClient({ activationCode, device });
  const helloAnswer = await transport({ url, ...hello.request });
  const nonce = continueRsaClient(hello.state, helloAnswer, random);
  const answer = await sendUntilAnswered(transport, url, nonce.request);
  return { ...finishRsaClient(nonce.state, answer), algorithm: 'SECURID' } as const;
}

async function runRfcDialect(run: Run): Promise<Agreed> {
  const { url, activationCode, device, transport, serverKeyFingerprint, random = randomBytes } = run;
  const triggerNonce = new Uint8Array(Buffer.from(activationCode, 'base64url'));
  const hello = startRfcClient({
    wishes: { triggerNonce, device: introduced(device) },
    serverKeyFingerprint,
  });
  const helloAnswer = utf8(await transport({ url, ...hello.request }));
  const nonce = continueRfcClient(hello.state, helloAnswer, random);
  const answer = utf8(await sendUntilAnswered(transport, url, nonce.request));
  const { tokenId, keyType, ...agreed } = finishRfcClient(nonce.state, answer);
  return {
    ...agreed,
    algorithm: keyType === totpKeyType ? 'TOTP' : 'SECURID',
    serialNumber: readTokenId(tokenId),
    addsPin: false,
  };
}

/** TokenID is any octets; our servers write the serial number (`contract.graphql`: 1 to 40 characters). */
function readTokenId(tokenId: Uint8Array): string {
  const text = Buffer.from(tokenId).toString('latin1');
  return /^[A-Za-z0-9._-]{1,40}$/.test(text) ? text : Buffer.from(tokenId).toString('hex').slice(0, 40);
}

async function sendUntilAnswered(
  transport: CtKipTransport,
  url: URL,
  request: Pick<RsaClientRequest, 'headers' | 'body'>,
): Promise<string> {
  for (const pause of [...resendPauses, undefined]) {
    try {
      return await transport({ url, ...request });
    } catch (error) {
      if (!(error instanceof AuthenticatorError) || error.code !== 'UNREACHABLE') throw error;
      if (pause === undefined) throw replyLost(error);
      await sleep(pause);
    }
  }
  throw new Error('unreachable');
}

function replyLost(cause: AuthenticatorError): AuthenticatorError {
  const message =
    `${cause.message} The last answer did not arrive, so the server may have activated the token without this ` +
    'device. Nothing was stored. Get a new QR code or link and start over.';
  return new AuthenticatorError('REPLY_LOST', message, { cause });
}
