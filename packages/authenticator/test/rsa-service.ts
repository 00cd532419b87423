import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  answerClientHello,
  answerClientNonce,
  finishedProvisioningData,
  helloProvisioningData,
  readRsaRequest,
  writeRsaFault,
  writeRsaResponse,
} from '@symbolon/ct-kip/rsa-server';
import { generateServerKey } from '@symbolon/ct-kip/server-key';

/** How the service misbehaves. */
export type Behaviour = {
  /** Text of a SOAP fault for the first message, or for the second one. */
  helloFault?: string;
  nonceFault?: string;
  /** Changes the last message after its MAC was made. */
  spoil?: (finished: string) => string;
  /** How many answers to the second message are lost after the work is done. */
  loseReplies?: number;
  serialNumber?: string;
  digits?: number;
};

const code = '001729366426';
const key = await generateServerKey(1024);

/** A CT-KIP service on loopback that gives one token for the code 001729366426 as often as it is asked. */
export async function startService(behaviour: Behaviour = {}, tls?: { key: string; cert: string }) {
  const seen = { devices: [] as unknown[], seeds: [] as string[], nonces: [] as string[], posts: 0 };
  let session: { sessionId: string; serverNonce: Uint8Array } | undefined;
  let lost = 0;
  let answered: { body: string; reply: Uint8Array } | undefined;

  function answer(body: Buffer): Uint8Array {
    const request = readRsaRequest(body);
    const { authData, message, provisioningData } = request;
    seen.devices.push(request.device);
    if (authData !== code) return writeRsaFault();
    if (message.type === 'ClientHello') {
      if (behaviour.helloFault !== undefined) return writeRsaFault(behaviour.helloFault);
      const hello = answerClientHello({ hello: message, key, random: randomBytes });
      if (hello.status === 'Continue') session = hello as NonNullable<typeof session>;
      return writeRsaResponse({
        authData,
        provisioningData: helloProvisioningData(provisioningData),
        message: hello.reply,
      });
    }
    seen.nonces.push(body.toString('latin1'));
    if (behaviour.nonceFault !== undefined) return writeRsaFault(behaviour.nonceFault);
    if (answered?.body === body.toString('latin1')) return answered.reply;
    if (!session) return writeRsaFault();
    const { serialNumber = '000123456789', digits = 8, spoil = (finished) => finished } = behaviour;
    const finished = answerClientNonce({
      nonce: message,
      session,
      privateKey: key.privateKey,
      modulus: key.modulus,
      token: {
        serialNumber,
        expiresOn: '2030-01-02',
        tokencodeLength: digits,
        tokencodeInterval: 60,
        userId: 'al\u001bice',
      },
      serviceId: 'Example',
    });
    if (finished.status === 'Success')
      seen.seeds.push(Buffer.from((finished as { seed: Uint8Array }).seed).toString('hex'));
    const reply = writeRsaResponse({
      authData,
      provisioningData: finishedProvisioningData('NONE'),
      message: Buffer.from(spoil(Buffer.from(finished.reply).toString('utf8'))),
    });
    answered = { body: body.toString('latin1'), reply };
    return reply;
  }

  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    seen.posts++;
    const body = await buffer(request);
    const reply = answer(body);
    const isNonce = seen.nonces.at(-1) === body.toString('latin1');
    if (isNonce && lost < (behaviour.loseReplies ?? 0)) {
      lost++;
      request.socket.destroy();
      return;
    }
    response.setHeader('Content-Type', 'text/xml; charset=utf-8').end(reply);
  };
  const server: Server = tls ? createTlsServer(tls, handler) : createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = tls ? 'https' : 'http';
  const address = `127.0.0.1:${port}/ctkip/services/CtkipService`;
  return {
    seen,
    behaviour,
    code,
    serviceUrl: `${scheme}://${address}`,
    /** The Android form. */
    link: `http://127.0.0.1/securid/ctkip?scheme=${scheme}&url=${address}&activationCode=${code}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
