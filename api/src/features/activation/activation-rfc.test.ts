import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { parseActivationLink } from '@symbolon/ct-kip/activation-link';
import { rsa15, rsaOaep, securidAes, totpKeyType } from '@symbolon/ct-kip/algorithms';
import { CtKipError } from '@symbolon/ct-kip/errors';
import { utf8 } from '@symbolon/ct-kip/octets';
import { continueRfcClient } from '@symbolon/ct-kip/rfc-client';
import { rfcDialect } from '@symbolon/ct-kip/rfc-dialect';
import { generateServerKey } from '@symbolon/ct-kip/server-key';
import { readTrigger } from '@symbolon/ct-kip/trigger';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { firstPassWith } from '../../../test/phone.ts';
import { firstPassRfc, helloOf, postRfc, scanRfc, sendRfc } from '../../../test/rfc-phone.ts';
import { codeOf } from '../../../test/phone.ts';
import { definitionId, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { tokenSeeds } from '../tokens/table.ts';
import { activations, ctKipSessions } from './table.ts';

const OURS = 'Symbolon Authenticator 1.x';

let api: TestApi;
let profileId: string;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  const deviceDefinitionId = await definitionId(api, OURS);
  const profile = { name: 'Our app by QR', deviceDefinitionId, deliveryMethod: 'CT_KIP_QR' } as const;
  profileId = (await createTokenProfile(api.system, profile)).id;
});
afterAll(() => api.close());

/** A person whose QR code is on the screen. */
async function showing(choice: Partial<Parameters<typeof distributeToken>[1]> = {}) {
  names += 1;
  const owner = await api.person(`rfc${names}`);
  const [token] = await tokensFor(api, owner.id);
  await distributeToken(api.system, { tokenId: token!.id, profileId, ...choice });
  const { data } = await owner.graphql(START, { tokenId: `Token_${token!.id}` });
  const { link, activation } = data.startActivation as { link: string; activation: { id: string } };
  return { owner, token: token!, link, activationId: activation.id };
}

const verify = async (person: Person, serialNumber: string, passcode: string) =>
  (await person.graphql(VERIFY, { serialNumber, passcode })).data.verifyPasscode.outcome;

const shown = (result: Awaited<ReturnType<typeof scanRfc>>, serialNumber: string) =>
  codeOf({ ...result, serialNumber, addsPin: false }, api.clock.now());

const seedsOf = (tokenId: string) =>
  api.deps.db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, tokenId));

const errorOf = async (run: Promise<unknown>): Promise<CtKipError> => {
  const error = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(CtKipError);
  return error as CtKipError;
};

describe('RFC 4758 by QR code', () => {
  it('agrees on a seed, tells of the device, and waits for its owner', async () => {
    const { owner, token, link } = await showing();
    expect(link).toMatch(
      /^symbolon:\/\/ctkip\?url=http%3A%2F%2Flocalhost%3A4000%2Fctkip&nonce=[\w-]{22}&key=[\w-]{43}$/,
    );
    const device = { id: 'ABCD1234', name: 'Ann’s phone' };
    const phone = await scanRfc(api.url, link, { device, clientInfo: utf8('mine') });
    expect(phone).toMatchObject({
      keyType: securidAes,
      tokenId: utf8(token.serialNumber),
      tokencodeLength: 8,
      tokencodeInterval: 60,
      expiresOn: token.expiresOn,
      userId: owner.userName,
      serviceId: 'Symbolon',
    });
    expect(phone.keyId).toHaveLength(32);
    expect(phone.seed).toHaveLength(16);
    const code = shown(phone, token.serialNumber);
    expect(await verify(owner, token.serialNumber, code)).toBe('ACCEPTED');
    const [seed] = await seedsOf(token.id);
    expect(seed).toMatchObject({ state: 'LIVE', device: device.name, deviceId: device.id });
  });

  it('answers the same second message again, and no other', async () => {
    const { link } = await showing();
    const { request } = await firstPassRfc(api.url, link);
    const [first, again] = [await postRfc(api.url, request), await postRfc(api.url, request)];
    expect(Buffer.from(again)).toEqual(Buffer.from(first));
    api.clock.advance(61);
    expect(rfcDialect.codec.readServerFinished(await postRfc(api.url, request))).toEqual({
      type: 'ServerFailure',
      status: 'AccessDenied',
    });
    expect((await errorOf(scanRfc(api.url, link))).status).toBe('AccessDenied');
  });

  it('of a hundred phones with one code exactly one wins, on two instances', async () => {
    const { link, token } = await showing();
    const other = await api.secondInstance();
    const started = await Promise.all(
      Array.from({ length: 30 }, (_, i) => firstPassRfc(i % 2 ? other.url : api.url, link)),
    );
    const replies = await Promise.all(
      started.map(({ request }, i) => postRfc(i % 2 ? api.url : other.url, request)),
    );
    const won = replies.filter(
      (reply) => rfcDialect.codec.readServerFinished(reply).type === 'ServerFinished',
    );
    expect(won).toHaveLength(1);
    expect(await seedsOf(token.id)).toHaveLength(1);
    // Twenty-nine refusals of a spent code look like guessing for a minute.
    api.clock.advance(61);
  });

  it('knows the device that it is bound to', async () => {
    const bound = await showing({ deviceBinding: 'DEVICE', deviceId: 'abcd-1234' });
    const refused = (device: object) => errorOf(scanRfc(api.url, bound.link, { device }));
    expect((await refused({ id: 'ffff0000' })).status).toBe('AccessDenied');
    expect((await refused({})).status).toBe('AccessDenied');
    expect((await refused({ id: 'abcd1234', class: '556f1985-33dd-442c-9155-3a0e994f21b1' })).status).toBe(
      'AccessDenied',
    );
    expect(await scanRfc(api.url, bound.link, { device: { id: 'ABCD 1234' } })).toBeDefined();
  });

  it('ends after five damaged second messages', async () => {
    const { link } = await showing();
    for (let at = 0; at < 5; at += 1) {
      const { state, request } = await firstPassRfc(api.url, link);
      const message = Buffer.from(request.body).toString();
      const spoiled = message.replace(/<EncryptedNonce>..../, '<EncryptedNonce>AAAA');
      const answer = await postRfc(api.url, { ...request, body: utf8(spoiled) });
      expect(rfcDialect.codec.readServerFinished(answer)).toMatchObject({ status: 'InitializationFailed' });
      expect(state.phase).toBe('nonce-sent');
    }
    expect((await errorOf(scanRfc(api.url, link))).status).toBe('AccessDenied');
  });
});

describe('what both sides can do', () => {
  it.each([
    ['NoSupportedKeyTypes', { keyTypes: [totpKeyType] }],
    ['NoSupportedEncryptionAlgorithms', { encryptionAlgorithms: [rsa15] }],
    ['AccessDenied', { tokenId: utf8('000000000000') }],
    ['AccessDenied', { triggerNonce: new Uint8Array(16) }],
    ['AccessDenied', { triggerNonce: undefined }],
    [
      'AccessDenied',
      { replaces: { keyId: utf8('1'), authKey: new Uint8Array(16), helloNonce: new Uint8Array(16) } },
    ],
  ])('%s', async (status, wishes) => {
    const { link } = await showing();
    expect((await errorOf(scanRfc(api.url, link, wishes))).status).toBe(status);
    expect(await scanRfc(api.url, link)).toBeDefined();
  });

  it('rsa-1_5 is for apps whose definition asks for it, under a key of its own, and OAEP is offered first', async () => {
    const { link, token } = await showing();
    const allow = (allowsRsa15: boolean) =>
      api.deps.db
        .update(deviceDefinitions)
        .set({ allowsRsa15 })
        .where(eq(deviceDefinitions.deviceType, OURS));
    await allow(true);
    try {
      // The fingerprint in the link is of the OAEP key, so an app that reads it is safe from being talked down.
      const refused = await errorOf(scanRfc(api.url, link, { encryptionAlgorithms: [rsa15] }));
      expect(refused.code).toBe('key-unexpected');
      const bare = link.replace(/&key=.*/, `&key=${'A'.repeat(43)}`);
      const hello = helloOf(bare, { encryptionAlgorithms: [rsa15] });
      const random = (length: number) => new Uint8Array(randomBytes(length));
      const answer = await postRfc(api.url, hello.request);
      const state = { ...hello.state, serverKeyFingerprint: undefined };
      const nonce = continueRfcClient(state, answer, random);
      expect((await rfcSession(nonce.state.session.sessionId))?.encryptionAlgorithm).toBe(rsa15);
      expect(rfcDialect.codec.readServerFinished(await postRfc(api.url, nonce.request)).type).toBe(
        'ServerFinished',
      );
      const again = await showing();
      const both = await firstPassRfc(api.url, again.link, { encryptionAlgorithms: [rsa15, rsaOaep] });
      expect((await rfcSession(both.state.session.sessionId))?.encryptionAlgorithm).toBe(rsaOaep);
    } finally {
      await allow(false);
    }
    expect(await seedsOf(token.id)).toHaveLength(1);
  });

  it('a code of one dialect is none in the other', async () => {
    const { link } = await showing();
    const code = new URL(link).searchParams.get('nonce')!;
    expect((await errorOf(firstPassWith(api.url, code))).fault).toMatch(/Invalid authorization code/);
    expect(await scanRfc(api.url, link)).toBeDefined();
  });
});

const rfcSession = async (id: string) =>
  (await api.deps.db.select().from(ctKipSessions).where(eq(ctKipSessions.id, id)))[0];

describe('a trigger over HTTP', () => {
  const ask = (person: Person, activationId: string, origin = 'http://localhost:4000') =>
    fetch(`${api.url}/ctkip/trigger`, {
      method: 'POST',
      headers: { Origin: origin, Cookie: person.cookie },
      body: new URLSearchParams({ activationId }),
    });

  it('holds what the QR code holds, for the owner alone, and spends nothing', async () => {
    const { owner, token, link, activationId } = await showing();
    const response = await ask(owner, activationId);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.otps.ct-kip+xml');
    const trigger = readTrigger(new Uint8Array(await response.arrayBuffer()));
    const { serviceUrl, activationCode, serverKeyFingerprint } = parseActivationLink(link);
    expect(trigger).toEqual({
      tokenId: utf8(token.serialNumber),
      keyId: undefined,
      triggerNonce: new Uint8Array(Buffer.from(activationCode!, 'base64url')),
      serviceUrl,
      serverKeyFingerprint,
    });
    const other = await api.person(`other${names}`, ['SUPER_ADMIN']);
    expect((await ask(other, activationId)).status).toBe(404);
    expect((await ask({ ...owner, cookie: '' }, activationId)).status).toBe(404);
    expect((await ask(owner, activationId, 'https://evil.example')).status).toBe(403);
    expect((await ask(owner, 'Activation_x')).status).toBe(404);
    expect((await fetch(`${api.url}/ctkip/trigger`, { headers: { Cookie: owner.cookie } })).status).toBe(405);
    expect(await scanRfc(api.url, link, { tokenId: trigger.tokenId })).toBeDefined();
    expect((await ask(owner, activationId)).status).toBe(404);
  });

  it('is gone with the QR code', async () => {
    const { owner, activationId } = await showing();
    api.clock.advance(301);
    expect((await ask(owner, activationId)).status).toBe(404);
  });
});

describe('over HTTP (RFC 4758 section 4.2)', () => {
  it('answers 200 with its own content type, and nothing that is kept', async () => {
    const { link } = await showing();
    for (const path of ['/ctkip', '/ctkip/services/CtkipService']) {
      const response = await sendRfc(api.url, helloOf(link).request.body, path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/vnd.otps.ct-kip+xml');
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('pragma')).toBe('no-cache');
      for (const header of ['etag', 'last-modified']) expect(response.headers.get(header)).toBeNull();
    }
  });

  it('says 400 to what is no message, 500 to a foreign namespace, and a status to what it can name', async () => {
    const hello = Buffer.from(helloOf((await showing()).link).request.body).toString();
    const answers = await Promise.all(
      [
        '',
        'nonsense',
        '<html/>',
        hello.replace('2005/12', '2004/01'),
        hello.replace(/<SupportedKeyTypes>[^]*<\/SupportedKeyTypes>/, ''),
        hello.replaceAll('ClientHello', 'ClientWish'),
        'x'.repeat(65 * 1024),
      ].map(async (body) => {
        const response = await sendRfc(api.url, body);
        const text = await response.text();
        return [response.status, /Status="(\w+)"/.exec(text)?.[1]];
      }),
    );
    expect(answers).toEqual([
      [400, undefined],
      [400, undefined],
      [400, undefined],
      [500, undefined],
      [200, 'MalformedRequest'],
      [200, 'UnknownRequest'],
      [413, undefined],
    ]);
  });
});

describe('a man in the middle of plain http', () => {
  let middle: Server;
  let url: string;
  let change: (answer: string) => string = (answer) => answer;
  const seen: string[] = [];
  beforeAll(async () => {
    middle = createServer(async (request, response) => {
      const body = await buffer(request);
      seen.push(body.toString('latin1'));
      const answer = await sendRfc(api.url, new Uint8Array(body), request.url);
      const text = await answer.text();
      seen.push(text);
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type')! });
      response.end(change(text));
    });
    await new Promise<void>((listening) => middle.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(middle.address() as AddressInfo).port}`;
  });
  afterAll(() => middle.close());

  it('who only listens learns no seed and no nonce', async () => {
    const { link } = await showing();
    seen.length = 0;
    const phone = await scanRfc(url, link);
    const everything = seen.join('\n');
    for (const secret of [phone.seed]) {
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
        expect(everything.includes(Buffer.from(secret).toString(encoding))).toBe(false);
    }
  });

  it('who puts a key of his own into the answer is not told the nonce, and spends nothing', async () => {
    const { link, token } = await showing();
    const own = await generateServerKey(2048);
    const modulus = Buffer.from(own.modulus).toString('base64');
    change = (answer) => answer.replace(/(<ds:Modulus>)[^<]*/, `$1${modulus}`);
    seen.length = 0;
    try {
      expect((await errorOf(scanRfc(url, link))).code).toBe('key-unexpected');
    } finally {
      change = (answer) => answer;
    }
    expect(seen.filter((message) => message.includes('EncryptedNonce>'))).toEqual([]);
    expect(await seedsOf(token.id)).toEqual([]);
    expect(await scanRfc(url, link)).toBeDefined();
  });

  it('who is quicker with the code that he saw wins nothing: the owner’s phone shows no code to type', async () => {
    const { owner, token, link } = await showing();
    const thief = await scanRfc(api.url, link, { device: { name: 'thief' } });
    expect((await errorOf(scanRfc(url, link))).status).toBe('AccessDenied');
    const code = shown(thief, token.serialNumber);
    const stranger = await api.person('thief', ['SUPER_ADMIN']);
    expect(await verify(stranger, token.serialNumber, code)).toBe('REJECTED');
    expect(await seedsOf(token.id)).toMatchObject([{ state: 'PROVISIONAL' }]);
    const { data } = await owner.graphql(START, { tokenId: `Token_${token.id}` });
    expect(await seedsOf(token.id)).toEqual([]);
    expect(await scanRfc(api.url, data.startActivation.link)).toBeDefined();
  });

  it('who spoils the last answer leaves the phone without a token that would not work', async () => {
    const { link } = await showing();
    change = (answer) => answer.replace(/(<Mac [^>]*>)..../, '$1AAAA');
    try {
      expect((await errorOf(scanRfc(url, link))).code).toBe('mac-mismatch');
    } finally {
      change = (answer) => answer;
    }
    const [row] = await api.deps.db
      .select()
      .from(activations)
      .where(eq(activations.state, 'ACTIVATED'))
      .limit(1);
    expect(row).toBeDefined();
  });
});
