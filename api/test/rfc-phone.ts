import { randomBytes } from 'node:crypto';
import { parseActivationLink } from '@symbolon/ct-kip/activation-link';
import type { Wishes } from '@symbolon/ct-kip/client-exchange';
import {
  continueRfcClient,
  finishRfcClient,
  type RfcClientRequest,
  type RfcClientResult,
  type RfcNonceSent,
  startRfcClient,
} from '@symbolon/ct-kip/rfc-client';

const random = (length: number) => new Uint8Array(randomBytes(length));

/** Sends one message in the dialect of RFC 4758; answers whatever comes back. */
export function sendRfc(url: string, body: Uint8Array | string, path = '/ctkip'): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/vnd.otps.ct-kip+xml' },
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
}

/** POSTs one message that is expected to be processed. */
export async function postRfc(url: string, request: RfcClientRequest): Promise<Uint8Array> {
  const response = await sendRfc(url, request.body);
  if (response.status !== 200) throw new Error(`CT-KIP: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The first POST of a phone that scanned `link`. */
export function helloOf(link: string, wishes: Wishes = {}) {
  const { activationCode, serverKeyFingerprint } = parseActivationLink(link);
  const triggerNonce = new Uint8Array(Buffer.from(activationCode!, 'base64url'));
  return startRfcClient({ wishes: { triggerNonce, ...wishes }, serverKeyFingerprint });
}

/** The first pass of a phone that scanned `link`. Answers what it would send next. */
export async function firstPassRfc(
  url: string,
  link: string,
  wishes: Wishes = {},
): Promise<{ state: RfcNonceSent; request: RfcClientRequest }> {
  const hello = helloOf(link, wishes);
  return continueRfcClient(hello.state, await postRfc(url, hello.request), random);
}

/** Both passes of a phone that scanned `link`. @throws CtKipError when refused */
export async function scanRfc(url: string, link: string, wishes: Wishes = {}): Promise<RfcClientResult> {
  const { state, request } = await firstPassRfc(url, link, wishes);
  return finishRfcClient(state, await postRfc(url, request));
}
