import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { utf8 } from '@symbolon/ct-kip/octets';
import {
  agreeRfc,
  answerRfcHello,
  answerRfcNonce,
  readRfcRequest,
  refuseRfc,
  rfcContentType,
} from '@symbolon/ct-kip/rfc-server';
import type { Algorithms } from '@symbolon/ct-kip/server-exchange';
import { generateServerKey, keyFingerprint } from '@symbolon/ct-kip/server-key';

const key = await generateServerKey(2048);
const nonce = new Uint8Array(randomBytes(16));

/** A service of RFC 4758 on loopback that gives one token of a key type for one code. */
export async function startRfcService(keyType: string, tokenId = '000123456789') {
  const seen = { devices: [] as unknown[], seeds: [] as string[] };
  let session: (Algorithms & { sessionId: string; serverNonce: Uint8Array }) | undefined;

  function answer(body: Buffer): Uint8Array {
    const message = readRfcRequest(new Uint8Array(body));
    if (message.type === 'ClientHello') {
      seen.devices.push(message.device);
      const isRight = message.triggerNonce && Buffer.from(message.triggerNonce).equals(Buffer.from(nonce));
      if (!isRight) return refuseRfc('ClientHello', 'AccessDenied').reply;
      const agreed = agreeRfc(message, { keyTypes: [keyType] });
      if (agreed.status !== 'Continue') return agreed.reply;
      const opened = answerRfcHello({ hello: message, ...agreed, key, random: randomBytes });
      if (opened.status === 'Continue') session = { ...opened, ...agreed.algorithms };
      return opened.reply;
    }
    if (message.type !== 'ClientNonce' || !session) throw new Error(message.type);
    const token = {
      tokenId: utf8(tokenId),
      keyId: utf8('1'),
      expiresOn: undefined,
      tokencodeLength: 6,
      tokencodeInterval: 30,
      userId: 'alice',
    };
    const finished = answerRfcNonce({ nonce: message, session, key, token, serviceId: 'Example' });
    if (finished.status === 'Success') seen.seeds.push(Buffer.from(finished.seed).toString('hex'));
    return finished.reply;
  }

  const server = createServer(async (request, response) => {
    const reply = answer(await buffer(request));
    response.writeHead(200, { 'Content-Type': rfcContentType }).end(reply);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ctkip`;
  const trigger = { nonce, url, fingerprint: keyFingerprint(key.modulus) };
  const link = `symbolon://ctkip?url=${encodeURIComponent(url)}&nonce=${Buffer.from(nonce).toString('base64url')}&key=${trigger.fingerprint}`;
  return { link, trigger, seen, close: () => server.close() };
}
