import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ctKipHttp, isLoopback } from './ct-kip-http.ts';

const pem = (name: string) => readFileSync(new URL(`../test/samples/${name}`, import.meta.url), 'utf8');
const tls = { key: pem('throw-away-tls.key.pem'), cert: pem('throw-away-tls.cert.pem') };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function listen(made: Server): Promise<number> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

async function post(
  handler: RequestListener,
  options: Parameters<typeof ctKipHttp>[0] = {},
): Promise<string> {
  const port = await listen(createServer(handler));
  const url = new URL(`http://127.0.0.1:${port}/ctkip`);
  return ctKipHttp(options)({
    url,
    headers: { Authorization: '001729366426', SOAPAction: 'StartService' },
    body: 'häh',
  });
}

test('sends headers and octets, answers the text', async () => {
  const seen: unknown[] = [];
  const answer = await post((request, response) => {
    const { method, url, headers } = request;
    request.on('data', (chunk) => seen.push(String(chunk)));
    request.on('end', () => {
      seen.push(method, url, headers.authorization, headers['soapaction'], headers['content-length']);
      response.end('jä');
    });
  });
  expect(answer).toBe('jä');
  expect(seen).toEqual(['häh', 'POST', '/ctkip', '001729366426', 'StartService', '4']);
});

describe('says what went wrong', () => {
  test.each([
    [404, 'NOT_CT_KIP', 3],
    [302, 'NOT_CT_KIP', 3],
    [403, 'NOT_CT_KIP', 3],
    [429, 'UNREACHABLE', 3],
    [500, 'UNREACHABLE', 3],
    [503, 'UNREACHABLE', 3],
  ])('HTTP status %i: %s', async (status, code, exitCode) => {
    const sent = post((_, response) => response.writeHead(status).end('<html>'));
    await expect(sent).rejects.toMatchObject({
      code,
      exitCode,
      message: expect.stringContaining(String(status)),
    });
  });

  test('an endless answer', async () => {
    const sent = post((_, response) => {
      const more = () => response.write('x'.repeat(50_000), () => setImmediate(more));
      response.on('close', () => response.destroy());
      more();
    });
    await expect(sent).rejects.toMatchObject({
      code: 'NOT_CT_KIP',
      message: expect.stringContaining('far too long'),
    });
  });

  test('no answer in time, from the start or in the middle', async () => {
    const late = { code: 'UNREACHABLE', message: expect.stringContaining('no answer in time') };
    await expect(post(() => {}, { timeoutMs: 100 })).rejects.toMatchObject(late);
    server?.closeAllConnections();
    await expect(post((_, response) => void response.write('x'), { timeoutMs: 100 })).rejects.toMatchObject(
      late,
    );
  });

  test('a cut connection', async () => {
    await expect(post((request) => request.socket.destroy())).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const cut = post((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('half', () => response.destroy());
    });
    await expect(cut).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test('a port where nobody listens', async () => {
    const url = new URL('http://127.0.0.1:1/ctkip');
    await expect(ctKipHttp()({ url, headers: {}, body: '' })).rejects.toThrow(
      'The server at 127.0.0.1:1 cannot be reached: nothing listens there.',
    );
  });

  test('a name that is not there', async () => {
    const url = new URL('https://nowhere.invalid/ctkip');
    await expect(ctKipHttp()({ url, headers: {}, body: '' })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

describe('TLS', () => {
  const start = () => listen(createTlsServer(tls, (_, response) => response.end('hello')));

  test('a self-signed certificate is not trusted', async () => {
    const url = new URL(`https://localhost:${await start()}/ctkip`);
    await expect(ctKipHttp()({ url, headers: {}, body: '' })).rejects.toMatchObject({
      code: 'TLS_NOT_TRUSTED',
      exitCode: 4,
      message: expect.stringContaining('it is self-signed'),
    });
  });

  test('unless it is named', async () => {
    const url = new URL(`https://127.0.0.1:${await start()}/ctkip`);
    await expect(ctKipHttp({ ca: tls.cert })({ url, headers: {}, body: '' })).resolves.toBe('hello');
  });

  test('http is no TLS', async () => {
    const port = await listen(createServer((_, response) => response.end('hello')));
    const url = new URL(`https://127.0.0.1:${port}/ctkip`);
    await expect(ctKipHttp()({ url, headers: {}, body: '' })).rejects.toMatchObject({
      code: 'TLS_FAILED',
      exitCode: 4,
    });
  });
});

test.each([
  ['http://localhost:4000/x', true],
  ['http://127.0.0.1/x', true],
  ['http://127.9.9.9/x', true],
  ['http://[::1]:4000/x', true],
  ['http://symbolon.localhost/x', true],
  ['http://127.0.0.1.example.com/x', false],
  ['http://localhost.example.com/x', false],
  ['http://10.0.0.1/x', false],
  ['http://0.0.0.0/x', false],
])('%s is loopback: %s', (url, expected) => {
  expect(isLoopback(new URL(url))).toBe(expected);
});
