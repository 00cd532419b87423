import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeCertificate } from '@symbolon/serving/test/certificates';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTierConfig } from './config.ts';
import { createTier } from './tier.ts';

const root = makeCertificate({ commonName: 'Our Root', isAuthority: true });
const stranger = makeCertificate({ commonName: 'Another Root', isAuthority: true });
const ours = makeCertificate({ issuer: root });
const elsewhere = makeCertificate({ names: ['elsewhere.example'], issuer: root });

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tier-tls-'));
  await Promise.all([
    writeFile(file('root.pem'), root.certificate),
    writeFile(file('stranger.pem'), stranger.certificate),
    writeFile(file('cert.pem'), ours.certificate),
    writeFile(file('key.pem'), ours.key),
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a phone is answered by a tier over TLS, before an inside with this certificate, trusting who stands in the file. */
async function answerOf(inside: { certificate: string; key: string }, caFile: string | undefined) {
  const server = createServer({ cert: inside.certificate, key: inside.key }, (asked, answer) => {
    void text(asked).then((body) => answer.end(`${asked.headers['x-forwarded-proto']}: ${body}`));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const config = readTierConfig({
    PORT: '0',
    WEB_TIER_INSIDE: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    TLS_CERT_FILE: file('cert.pem'),
    TLS_KEY_FILE: file('key.pem'),
    ...(caFile && { WEB_TIER_INSIDE_CA_FILE: file(caFile) }),
  });
  const tier = createTier(config, pino({ level: 'silent' }));
  await once(tier.http.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = tier.http.address() as AddressInfo;
    const phone = request({
      host: '127.0.0.1',
      port,
      path: '/ctkip',
      method: 'POST',
      ca: root.certificate,
      agent: false,
    });
    phone.end('hello');
    const [answer] = await once(phone, 'response');
    return [answer.statusCode, await text(answer)];
  } finally {
    await tier.close();
    server.closeAllConnections();
    server.close();
  }
}

test('a phone is answered over TLS, by an inside whose authority is named', async () => {
  expect(await answerOf(ours, 'root.pem')).toEqual([200, 'https: hello']);
});

test.each([
  ['of an unknown authority', ours, undefined],
  ['of another authority than the named one', ours, 'stranger.pem'],
  ['for another name', elsewhere, 'root.pem'],
] as const)('an inside with a certificate %s is told nothing', async (_, inside, caFile) => {
  expect(await answerOf(inside, caFile)).toEqual([502, 'Symbolon cannot be reached now.\n']);
});
