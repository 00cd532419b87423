import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomSource } from '@symbolon/ct-kip/octets';
import {
  continueRsaClient,
  finishRsaClient,
  type RsaClientRequest,
  type RsaClientResult,
  startRsaClient,
} from '@symbolon/ct-kip/rsa-client';
import type { CtKipTransport } from './ct-kip-http.ts';
import type { Device } from './device.ts';
import { AuthenticatorError } from './errors.ts';
import { explainRefusal } from './refusals.ts';

/** Pauses, in milliseconds, before the second message is sent again; with its timeouts all within 60 seconds. */
const resendPauses = [300, 1500];

/**
 * Runs both passes of CT-KIP in the RSA dialect (RFC 4758; `reference/ctkip.md` §1.6). When the answer to the second
 * message is lost, the same octets go out again, twice at most: the server answers the same again within a minute.
 * @param input.random cryptographic source; default is the platform's
 * @returns what both sides agree on, after the server's MAC was verified
 * @throws AuthenticatorError CODE_REFUSED, WRONG_DEVICE, SERVER_REFUSED, SERVER_NOT_PROVEN, ANSWER_UNUSABLE, USAGE
 *   (activation code), UNREACHABLE, REPLY_LOST, NOT_CT_KIP, TLS_NOT_TRUSTED, TLS_FAILED
 */
export async function runCtKip(input: {
  url: URL;
  activationCode: string;
  device: Device;
  transport: CtKipTransport;
  random?: RandomSource | undefined;
}): Promise<RsaClientResult> {
  const { url, activationCode, device, transport, random = randomBytes } = input;
  try {
    const hello = startRsaClient({ activationCode, device });
    const helloAnswer = await transport({ url, ...hello.request });
    const nonce = continueRsaClient(hello.state, helloAnswer, random);
    return finishRsaClient(nonce.state, await sendUntilAnswered(transport, url, nonce.request));
  } catch (error) {
    throw explainRefusal(error);
  }
}

async function sendUntilAnswered(
  transport: CtKipTransport,
  url: URL,
  request: RsaClientRequest,
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
