import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import express, { type RequestHandler } from 'express';
import { addressCheckDoor } from '../src/http/address-check.ts';
import { createClock } from '../src/lib/clock.ts';
import type { Deps } from '../src/lib/deps.ts';
import { systemRandom } from '../src/lib/random.ts';
import { createVault, type Vault } from '../src/lib/vault.ts';
import type { MadeCertificate } from '@symbolon/serving/test/certificates';
import { testMasterKey } from './kit.ts';

export const ourVault: Vault = createVault(Buffer.from(testMasterKey, 'base64'), systemRandom);
/** Of another installation. */
export const foreignVault: Vault = createVault(Buffer.alloc(32, 9), systemRandom);
export const checkDeps = { clock: createClock(), random: systemRandom, vault: ourVault };

const running: Server[] = [];

/** Ends what the test started. */
export async function closeServers(): Promise<void> {
  for (const server of running.splice(0)) {
    (server as Partial<{ closeAllConnections(): void }>).closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function listen(server: Server): Promise<number> {
  running.push(server);
  // What a check breaks off is what it is about.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An installation's doors for checks; `before` answers what it wants to. */
function app(vault: Vault, before?: RequestHandler) {
  const made = express();
  if (before) made.use(before);
  return made.use(addressCheckDoor({ vault } as Deps));
}

/** A real https server on loopback. */
export const serveHttps = async (
  { certificate, key }: Pick<MadeCertificate, 'certificate' | 'key'>,
  {
    vault = ourVault,
    before,
    ...tls
  }: TlsOptions & { vault?: Vault; before?: RequestHandler | undefined } = {},
): Promise<string> =>
  `https://127.0.0.1:${await listen(createHttpsServer({ cert: certificate, key, ...tls }, app(vault, before)))}`;

/** A real http server on loopback. */
export const serveHttp = async (before?: RequestHandler, vault = ourVault): Promise<string> =>
  `http://127.0.0.1:${await listen(createHttpServer(app(vault, before)))}`;

/** Takes connections and says these octets, or nothing at all. */
export async function serveTcp(says?: string): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    if (says) socket.end(says);
    server.once('close', () => socket.destroy());
    drop.push(() => socket.destroy());
  });
  const drop: (() => void)[] = [];
  Object.assign(server, { closeAllConnections: () => drop.forEach((one) => one()) });
  return listen(server);
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
