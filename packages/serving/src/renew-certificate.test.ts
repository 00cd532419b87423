import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type MadeCertificate, makeCertificate } from '../test/certificates.ts';
import { readTlsPair, servedTls } from './tls-files.ts';
import { renewCertificate } from './renew-certificate.ts';

const LOOK_MS = 20;
let first: MadeCertificate;
let second: MadeCertificate;
let folder: string;
const ends: (() => unknown)[] = [];

beforeAll(() => {
  first = makeCertificate({ commonName: 'first' });
  second = makeCertificate({ commonName: 'second' });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An https server whose certificate lies where certbot would put it: links into a folder of this renewal. */
async function serve() {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-tls-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  await write('1', first);
  await symlink('1', join(folder, 'live'));
  const files = {
    certificateFile: join(folder, 'live', 'cert.pem'),
    keyFile: join(folder, 'live', 'key.pem'),
  };
  const tls = { ...files, ...readTlsPair(files) };
  const server = createServer({ ...servedTls, cert: tls.certificate, key: tls.key }, (request, response) => {
    response.end(request.url);
  });
  const log = { info: () => undefined, warn: (_details: object, _sentence: string) => undefined };
  const warn = vi.spyOn(log, 'warn');
  const changes: (string | null)[] = [];
  const stop = renewCertificate({
    server,
    tls,
    log,
    everyMs: LOOK_MS,
    onChange: (why) => changes.push(why),
  });
  ends.push(
    stop,
    () => server.close(),
    () => server.closeAllConnections(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, changes, warn };
}

async function write(name: string, { certificate, key }: { certificate?: string; key?: string }) {
  await mkdir(join(folder, name), { recursive: true });
  if (certificate) await writeFile(join(folder, name, 'cert.pem'), certificate);
  if (key) await writeFile(join(folder, name, 'key.pem'), key);
}

async function swapLink(to: string) {
  await symlink(to, join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'live'));
}

async function shake(server: Server, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  ends.unshift(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}
const servedName = async (server: Server) => (await shake(server)).getPeerCertificate().subject.CN;

async function ask(socket: TLSSocket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

test('a link that is swapped: new connections get the new certificate, open ones go on', async () => {
  const { server, changes } = await serve();
  const open = await shake(server);
  expect(await ask(open, '/before')).toContain('/before');
  await write('2', second);
  await swapLink('2');
  await vi.waitFor(async () => expect(await servedName(server)).toBe('second'), 5000);
  expect(await ask(open, '/after')).toContain('/after');
  expect(open.getPeerCertificate().subject.CN).toBe('first');
  expect(changes).toEqual([null]);
});

test('certificate and key that are written one after the other are taken once they fit', async () => {
  const { server, warn } = await serve();
  await write('1', { certificate: second.certificate });
  expect(await servedName(server)).toBe('first');
  await write('1', { key: second.key });
  await vi.waitFor(async () => expect(await servedName(server)).toBe('second'), 5000);
  expect(warn.mock.calls.length).toBeLessThanOrEqual(1);
});

test.each([
  ['a key that does not belong to it', () => write('1', { key: second.key }), /does not belong to/],
  [
    'half a certificate',
    () => write('1', { certificate: first.certificate.slice(0, 300) }),
    /no certificate/,
  ],
  ['no key', () => write('1', { key: 'nothing' }), /no private key/],
  ['a file that is gone', () => unlink(join(folder, '1', 'cert.pem')), /cannot be read/],
])('%s leaves the former pair in service, is said once, and is mended', async (_what, spoil, words) => {
  const { server, changes, warn } = await serve();
  await spoil();
  await vi.waitFor(() => expect(changes).toEqual([expect.stringMatching(words)]), 5000);
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS * 5));
  expect(await servedName(server)).toBe('first');
  expect(warn).toHaveBeenCalledTimes(1);
  await write('1', second);
  await vi.waitFor(async () => expect(await servedName(server)).toBe('second'), 5000);
});

test('speaks TLS 1.2 and 1.3 with forward secrecy, and nothing older', async () => {
  const { server } = await serve();
  const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
  await expect(shake(server, old)).rejects.toThrow();
  await expect(
    shake(server, { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384:AES128-SHA256' }),
  ).rejects.toThrow();
  expect((await shake(server, { maxVersion: 'TLSv1.2' })).getCipher().name).toMatch(/^ECDHE-/);
  expect((await shake(server)).getProtocol()).toBe('TLSv1.3');
  // A whole request, as clients make it.
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(
    get({ port, host: '127.0.0.1', rejectUnauthorized: false }),
    'response',
  )) as [{ statusCode: number }];
  expect(response.statusCode).toBe(200);
});
