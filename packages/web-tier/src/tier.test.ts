import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartRefused } from '@symbolon/serving/start-refused';
import { readTierConfig } from './config.ts';
import { createTier, type Tier } from './tier.ts';

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

let inside: Server;
let tier: Tier | undefined;
let seen: Seen[];
beforeEach(async () => {
  seen = [];
  inside = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    response.writeHead(200, { 'X-Powered-By': 'something', Server: 'inner' }).end(`inside: ${body}`);
  });
  inside.on('upgrade', (request, socket) => {
    seen.push({ method: 'UPGRADE', url: request.url!, headers: request.headers, body: '' });
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
  });
  await once(inside.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  await tier?.close();
  tier = undefined;
  inside.closeAllConnections();
  inside.close();
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function start(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const config = readTierConfig({ PORT: '0', WEB_TIER_INSIDE: `http://127.0.0.1:${portOf(inside)}`, ...env });
  tier = createTier(config, pino({ level: 'silent' }));
  await once(tier.http.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${portOf(tier.http)}`;
}

/** Sends octets as they are, and answers the first line that comes back. */
async function raw(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(request);
  setTimeout(() => socket.destroy(), 2000).unref();
  const answer = (await buffer(socket).catch(() => Buffer.alloc(0))).toString('latin1');
  return answer.split('\r\n', 1)[0]!;
}
const line = (target: string, method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;

describe('what goes through', () => {
  test('CT-KIP alone, unless self-service is wanted', async () => {
    const url = await start();
    for (const path of ['/ctkip', '/ctkip/services/CtkipService']) {
      const answer = await fetch(url + path, {
        method: 'POST',
        body: 'hello',
        headers: { Authorization: '1' },
      });
      expect([answer.status, await answer.text()]).toEqual([200, 'inside: hello']);
    }
    expect(seen[0]).toMatchObject({ url: '/ctkip', body: 'hello', headers: { authorization: '1' } });
    for (const [method, path] of [
      ['GET', '/ctkip'],
      ['POST', '/graphql'],
      ['POST', '/auth/sign-in/username'],
      ['GET', '/my'],
      ['GET', '/metrics'],
      ['GET', `/files/${'a'.repeat(32)}`],
      ['GET', '/'],
    ] as const) {
      expect([path, (await fetch(url + path, { method })).status]).toEqual([path, 404]);
    }
    expect(seen).toHaveLength(2);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
  });

  test('self-service, and nothing of the console', async () => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    for (const path of [
      '/',
      '/my',
      '/my/tokens/0001/activate',
      '/activate',
      '/sign-in',
      '/assets/a-1.js',
      '/mark.svg',
    ])
      expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
    for (const path of ['/graphql', '/auth/sign-out', '/ctkip/trigger'])
      expect([path, (await fetch(url + path, { method: 'POST', body: '{}' })).status]).toEqual([path, 200]);
    const claimed = `/files/${'Ab-_'.repeat(8)}`;
    expect((await fetch(url + claimed)).status).toBe(200);
    const before = seen.length;
    for (const method of ['HEAD', 'POST', 'DELETE'])
      expect((await fetch(url + claimed, { method })).status).toBe(404);
    expect((await fetch(`${url}${claimed}x`)).status).toBe(404);
    for (const path of [
      '/files',
      '/admin',
      '/admin/users',
      '/explorer',
      '/explorer/',
      '/readyz',
      '/metrics',
      '/test/clock',
    ])
      for (const method of ['GET', 'POST'])
        expect([path, (await fetch(url + path, { method })).status]).toEqual([path, 404]);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await fetch(`${url}/graphql`, { method })).status).toBe(404);
    expect(seen).toHaveLength(before);
  });

  test.each([
    '/my/../admin',
    '/my/..%2fadmin',
    '/my/%2e%2e/admin',
    '//admin',
    '/my//admin',
    '/my/./admin',
    '/my\\..\\admin',
    '/my%00',
    '/MY',
    '/my;x=1',
    'http://127.0.0.1/admin',
    '/my#/admin',
    `/my/${'a'.repeat(3000)}`,
  ])('no trick with the path: %s', async (target) => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    expect(await raw(url, line(target))).toMatch(/^HTTP\/1.1 (404|400)/);
    expect(seen).toEqual([]);
  });

  test('one WebSocket, with self-service only', async () => {
    const upgrade = (target: string) =>
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Symbolon-Web-Tier: 0\r\n\r\n`;
    const without = await start();
    expect(await raw(without, upgrade('/graphql'))).toContain('404');
    await tier!.close();
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    expect(await raw(url, upgrade('/admin'))).toContain('404');
    expect(await raw(url, upgrade('/graphql'))).toContain('101');
    expect(seen).toHaveLength(1);
    expect(seen[0]!.headers).toMatchObject({ 'x-symbolon-web-tier': '1', 'x-forwarded-for': '127.0.0.1' });
  });
});

describe('what an outsider says of the way', () => {
  test('is replaced by what the tier knows', async () => {
    const url = await start();
    await fetch(`${url}/ctkip`, {
      method: 'POST',
      headers: {
        'X-Forwarded-For': '10.0.0.1',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'gopher',
        Forwarded: 'for=10.0.0.1',
        'X-Real-IP': '10.0.0.1',
        'X-Symbolon-Web-Tier': '0',
        'X-Symbolon-Anything': 'x',
        'X-Original-URL': '/admin',
      },
    });
    const { headers } = seen[0]!;
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-symbolon-web-tier': '1',
      host: `127.0.0.1:${portOf(inside)}`,
    });
    for (const name of [
      'x-forwarded-host',
      'forwarded',
      'x-real-ip',
      'x-symbolon-anything',
      'x-original-url',
    ])
      expect(headers[name]).toBeUndefined();
  });

  test('and what is for this connection only, stays here', async () => {
    const url = await start();
    const named = 'Connection: close, X-Symbolon-Web-Tier, X-Forwarded-For, X-Hop\r\nX-Hop: 1\r\n';
    const octets = `POST /ctkip HTTP/1.1\r\nHost: x\r\n${named}Content-Length: 5\r\n\r\nhello`;
    expect(await raw(url, octets)).toContain('200');
    const { headers, body } = seen[0]!;
    expect(body).toBe('hello');
    expect(headers).toMatchObject({ 'x-symbolon-web-tier': '1', 'x-forwarded-for': '127.0.0.1' });
    expect(headers['connection']).toBe('keep-alive');
    expect(headers['x-hop']).toBeUndefined();
  });

  test('is believed of the proxies in front that are named', async () => {
    const url = await start({ WEB_TIER_TRUSTED_PROXIES: '127.0.0.1' });
    await fetch(`${url}/ctkip`, { method: 'POST', headers: { 'X-Forwarded-For': '6.6.6.6, 203.0.113.7' } });
    expect(seen[0]!.headers['x-forwarded-for']).toBe('203.0.113.7');
  });

  test('and what the inside says of itself does not come out', async () => {
    const url = await start();
    const { headers } = await fetch(`${url}/ctkip`, { method: 'POST' });
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    inside.closeAllConnections();
    inside.close();
    const answer = await fetch(`${url}/ctkip`, { method: 'POST' });
    expect(answer.status).toBe(502);
    expect(await answer.text()).toBe('Symbolon cannot be reached now.\n');
  });
});

describe('hostile requests', () => {
  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello'],
    ['length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin'],
    ['hidden chunks', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a bent header', 'X: a\r\n b\r\nContent-Length : 5\r\n\r\nhello'],
    ['a NUL', 'X: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['large headers', `X: ${'a'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`],
  ])('%s', async (_, rest) => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    expect(await raw(url, `POST /ctkip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${rest}`)).toMatch(
      /^HTTP\/1.1 (400|431)|^$/,
    );
    expect(seen).toEqual([]);
  });

  test('an upgrade’s body is nobody else’s request inside', async () => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    const upgrade = 'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    expect(await raw(url, `${upgrade}Content-Length: 100\r\n\r\n`)).toContain('101');
    expect(seen[0]!.headers['content-length']).toBeUndefined();
  });

  test('an offer of HTTP/2 is answered in HTTP/1.1', async () => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    const offer =
      'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
    const octets = `POST /ctkip HTTP/1.1\r\nHost: x\r\n${offer}Content-Length: 5\r\n\r\nhello`;
    expect(await raw(url, octets)).toContain('200');
    expect(seen).toMatchObject([{ method: 'POST', url: '/ctkip', body: 'hello' }]);
    expect(seen[0]!.headers['upgrade']).toBeUndefined();
  });

  test('bodies that are too large, whether or not they say so', async () => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    const large = 'x'.repeat(64 * 1024 + 1);
    expect((await fetch(`${url}/ctkip`, { method: 'POST', body: large })).status).toBe(413);
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/ctkip`, init)).status).toBe(413);
    expect((await fetch(`${url}/graphql`, { method: 'POST', body: large })).status).toBe(200);
    expect(seen.map((request) => request.url)).toEqual(['/graphql']);
  });

  test('who does not take the answer is let go; a quiet WebSocket stays', async () => {
    inside.removeAllListeners('request').removeAllListeners('upgrade');
    inside.on('request', (_request, response) => response.end(Buffer.alloc(64 * 1024 * 1024)));
    inside.on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined).on('end', () => socket.end());
      socket.resume();
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    });
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    expect(tier!.http.timeout).toBeGreaterThan(0);
    const open = (head: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => undefined).write(`GET ${head}\r\nHost: x\r\n\r\n`);
      return socket;
    };
    const connections = promisify(tier!.http.getConnections.bind(tier!.http));
    const quiet = open('/graphql HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket');
    await once(quiet, 'data');
    // Of new connections only; the WebSocket has to be there before, however slow the machine.
    tier!.http.timeout = 300;
    const accepted = once(tier!.http, 'connection');
    const idler = open('/ HTTP/1.1');
    await accepted;
    await expect.poll(() => connections(), { timeout: 20_000 }).toBe(1);
    expect(quiet.destroyed).toBe(false);
    quiet.destroy();
    idler.destroy();
  });

  test('too many of one address in a minute', async () => {
    const url = await start({ WEB_TIER_SELF_SERVICE: '1' });
    const answers = await Promise.all(
      Array.from({ length: 130 }, () =>
        fetch(`${url}/auth/sign-in/username`, { method: 'POST', body: '{}' }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${url}/ctkip`, { method: 'POST' })).status).toBe(200);
  });
});

describe('the environment', () => {
  const inside = 'http://127.0.0.1:4000';
  test.each([
    [{}, 'WEB_TIER_INSIDE'],
    [{ WEB_TIER_INSIDE: 'ftp://x' }, 'WEB_TIER_INSIDE'],
    [{ WEB_TIER_INSIDE: `${inside}/graphql` }, 'WEB_TIER_INSIDE holds more than scheme, host and port'],
    [{ WEB_TIER_INSIDE: inside, PORT: 'abc' }, 'PORT is no port'],
    [{ WEB_TIER_INSIDE: inside, WEB_TIER_SELF_SERVICE: 'yes' }, 'WEB_TIER_SELF_SERVICE is neither 1 nor 0'],
    [{ WEB_TIER_INSIDE: inside, LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of trace'],
    [{ WEB_TIER_INSIDE: inside, WEB_TIER_LISTEN: '0.0.0.0' }, 'plain HTTP'],
    [{ WEB_TIER_INSIDE: inside, TLS_CERT_FILE: '/x' }, 'TLS_KEY_FILE'],
    [{ WEB_TIER_INSIDE: inside, TLS_CERT_FILE: '/x', TLS_KEY_FILE: '/y' }, 'cannot be read'],
    [{ WEB_TIER_INSIDE: inside, WEB_TIER_TRUSTED_PROXIES: 'all' }, 'WEB_TIER_TRUSTED_PROXIES'],
    [{ WEB_TIER_INSIDE: inside, WEB_TIER_INSIDE_CA_FILE: '/nowhere' }, 'WEB_TIER_INSIDE_CA_FILE'],
  ])('%j is refused in one sentence', (env, word) => {
    expect(() => readTierConfig(env)).toThrow(StartRefused);
    expect(() => readTierConfig(env)).toThrow(word);
  });
});
