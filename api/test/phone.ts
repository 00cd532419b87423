import { randomBytes } from 'node:crypto';
import { parseActivationLink } from '@symbolon/ct-kip/activation-link';
import {
  continueRsaClient,
  finishRsaClient,
  type RsaClientRequest,
  type RsaClientResult,
  type RsaNonceSent,
  startRsaClient,
} from '@symbolon/ct-kip/rsa-client';
import { securidTokencode } from '@symbolon/tokencode/securid';

type Device = { class?: string; id?: string; name?: string };

const random = (length: number) => new Uint8Array(randomBytes(length));

/** POSTs one CT-KIP message to an instance. */
export async function post(url: string, request: RsaClientRequest): Promise<string> {
  const response = await fetch(`${url}/ctkip/services/CtkipService`, {
    method: 'POST',
    headers: request.headers,
    body: Buffer.from(request.body),
  });
  if (response.status !== 200) throw new Error(`CT-KIP: HTTP ${response.status}`);
  return response.text();
}

/** The first pass of a phone that scanned `link`. Answers what it would send next. */
export async function firstPass(url: string, link: string, device: Device = {}) {
  const { activationCode } = parseActivationLink(link);
  return firstPassWith(url, activationCode!, device);
}

export async function firstPassWith(
  url: string,
  activationCode: string,
  device: Device = {},
): Promise<{ state: RsaNonceSent; request: RsaClientRequest }> {
  const hello = startRsaClient({ activationCode, device });
  return continueRsaClient(hello.state, await post(url, hello.request), random);
}

/** Both passes of a phone that scanned `link`. @throws CtKipError when refused */
export async function scan(url: string, link: string, device: Device = {}): Promise<RsaClientResult> {
  const { state, request } = await firstPass(url, link, device);
  return finishRsaClient(state, await post(url, request));
}

/** What the phone shows at a moment. */
export const codeOf = (token: RsaClientResult, at: Date): string =>
  securidTokencode({
    seed: token.seed,
    serialNumber: token.serialNumber,
    digits: token.tokencodeLength as 6 | 8,
    intervalSeconds: token.tokencodeInterval as 30 | 60,
    at: at.getTime() / 1000,
  });
