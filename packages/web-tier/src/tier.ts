import {
  Agent as HttpAgent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { onlyWebSockets } from '@symbolon/serving/only-web-sockets';
import { servedTls } from '@symbolon/serving/tls-files';
import { renewCertificate } from '@symbolon/serving/renew-certificate';
import { createProxyServer } from 'http-proxy-3';
import type { Logger } from 'pino';
import type { TierConfig } from './config.ts';
import { doorOf, isSocket } from './doors.ts';
import { clientAddress, setForwarded } from './forwarded.ts';
import { createLimits } from './limits.ts';

const INSIDE_SECONDS = 30;
/** For so long a connection may do nothing, above all not take its answer; WebSockets may be quiet. */
const IDLE_SECONDS = 60;
const MOST_CONNECTIONS = 2000;

/** A started tier stops looking after its certificate and lets no request hang when it is closed. */
export type Tier = { http: Server; close(): Promise<void> };

/** The tier on one HTTP(S) server, which is not listening yet. */
export function createTier(config: TierConfig, log: Logger): Tier {
  const limits = createLimits();
  const isTls = config.inside.protocol === 'https:';
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, maxSockets: 200, ...(config.insideCa && { ca: config.insideCa }) })
    : new HttpAgent({ keepAlive: true, maxSockets: 200 });
  const proxy = createProxyServer({
    target: config.inside,
    agent,
    changeOrigin: true,
    secure: true,
    xfwd: false,
    proxyTimeout: INSIDE_SECONDS * 1000,
  });
  proxy.on('proxyRes', (answer, _request, response) => {
    for (const name of ['server', 'x-powered-by', 'via']) delete answer.headers[name];
    // Of this connection, not of the one inside.
    const ofConnection = response.shouldKeepAlive
      ? { connection: 'keep-alive', 'keep-alive': `timeout=${Math.floor(http.keepAliveTimeout / 1000)}` }
      : { connection: 'close', 'keep-alive': undefined };
    Object.assign(answer.headers, ofConnection);
  });
  proxy.on('error', (error, _request, place) => {
    log.warn({ why: (error as NodeJS.ErrnoException).code ?? error.message }, 'The inside cannot be reached');
    if ('writeHead' in place) refuse(place as ServerResponse, 502, 'Symbolon cannot be reached now.');
    else (place as Duplex).destroy();
  });

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    if (url === '/healthz' && (method === 'GET' || method === 'HEAD'))
      return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok\n');
    const door = doorOf(method, url, config.selfService);
    if (!door) return refuse(response, 404, 'There is nothing here.');
    const address = clientAddress(config, request);
    const wait = await limits.take(door.kind, address);
    if (wait > 0) {
      response.setHeader('Retry-After', String(wait));
      return refuse(response, 429, `Too many requests. Try again in ${wait} seconds.`);
    }
    const body = await readBody(request, door.mostBytes);
    if (!body) return refuse(response, 413, 'The request is too large.');
    setForwarded(request, address, Boolean(config.tls));
    request.headers['content-length'] = String(body.length);
    // Whole before it goes inside: who sends slowly holds only this end.
    proxy.web(request, response, { buffer: Readable.from(body.length > 0 ? [body] : []) });
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    response.once('close', () => {
      const path = request.url?.split('?', 1)[0]?.slice(0, 200);
      log.info({ method: request.method, path, status: response.statusCode }, 'Request');
    });
    pass(request, response).catch((error: unknown) => {
      log.debug({ why: (error as Error).message }, 'A request broke off');
      refuse(response, 400, 'The request broke off.');
    });
  };
  const options = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    ...onlyWebSockets,
  };
  const { tls } = config;
  const https =
    tls && createHttpsServer({ ...servedTls, ...options, cert: tls.certificate, key: tls.key }, answer);
  const http = https ?? createServer(options, answer);
  const stopRenewing = https && tls ? renewCertificate({ server: https, tls, log }) : () => undefined;
  http.timeout = IDLE_SECONDS * 1000;
  http.maxHeadersCount = 60;
  http.maxConnections = MOST_CONNECTIONS;
  http.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy());
    const { method = '', url = '' } = request;
    const address = clientAddress(config, request);
    const release = isSocket(method, url, config.selfService) ? limits.openSocket(address) : undefined;
    if (!release) return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    socket.once('close', release);
    setForwarded(request, address, Boolean(tls));
    // What an upgrade says of a body would be waited for inside, and taken from the next request on the connection.
    delete request.headers['content-length'];
    Object.assign(request.headers, { connection: 'Upgrade', upgrade: 'websocket' });
    proxy.ws(request, socket as never, head);
    return undefined;
  });
  return {
    http,
    close: async () => {
      stopRenewing();
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeIdleConnections();
      setTimeout(() => http.closeAllConnections(), 3000).unref();
      await closed;
      proxy.close();
      agent.destroy();
    },
  };
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // What may still come of the request is not read.
    Connection: 'close',
  };
  response.writeHead(status, headers).end(`${sentence}\n`);
}

/** The whole body, or undefined when it is larger. @throws Error when it breaks off */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
