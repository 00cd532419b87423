import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { counting, hex, sample, scripted, testKey, thrownBy, toHex, vectors } from '../test/samples.ts';
import { prfAes, prfSha256, rsa15, rsaOaep, securidAes, totpKeyType } from './algorithms.ts';
import { answerHello, verifyFinished, type Wishes, writeHello } from './client-exchange.ts';
import type { Dialect } from './dialect.ts';
import type { ClientHello, ClientNonce } from './messages.ts';
import { concat, utf8 } from './octets.ts';
import { continueRfcClient, finishRfcClient, startRfcClient } from './rfc-client.ts';
import { rfcDialect } from './rfc-dialect.ts';
import { agreeRfc, answerRfcHello, answerRfcNonce, readRfcRequest } from './rfc-server.ts';
import {
  type DecryptionKey,
  finishExchange,
  openExchange,
  type Policy,
  type Replacement,
} from './server-exchange.ts';
import { generateServerKey, keyFingerprint, readServerKey, type ServerKey } from './server-key.ts';

const token = {
  tokenId: utf8('000123456789'),
  keyId: utf8('example.com/000123456789/1'),
  expiresOn: '2030-01-02',
  tokencodeLength: 8,
  tokencodeInterval: 60,
  userId: 'alice',
};
const { R_C, R_S, R, K_AUTH_old, out } = vectors.V3_pubkey;
/** The vectors' key has 1024 bits, which a client of the RFC dialect refuses. */
const shortKeys: Dialect = { ...rfcDialect, leastModulusBits: 1024 };
const example = <Message>(name: string) =>
  rfcDialect.codec.readClientMessage(sample(`examples/${name}.xml`)) as Message;
const sessionId = 's-4f1d';

describe('the vectors of a run with the public key', () => {
  const key = readServerKey(testKey());
  const session = {
    sessionId,
    serverNonce: hex(R_S),
    keyType: securidAes,
    encryptionAlgorithm: rsa15,
    macAlgorithm: prfAes,
  };
  const nonce = { ...example<ClientNonce>('rfc-4-client-nonce'), clientInfo: undefined };
  const finishing = { nonce, session, key, token, serviceId: 'Example Service' };

  test('PRF-AES: ServerFinished is the example, octet for octet', () => {
    const answer = answerRfcNonce(finishing);
    expect(answer.status === 'Success' && toHex(answer.seed)).toBe(out['rfc/aes'].K_TOKEN);
    expect(Buffer.from(answer.reply).toString()).toBe(
      Buffer.from(sample('examples/rfc-5-server-finished.xml')).toString(),
    );
  });

  test('PRF-SHA256, and OAEP under its own name', () => {
    const oaep = { ...nonce, encryptedNonce: hex(vectors.V3_pubkey.oaep_ciphertext) };
    const answer = answerRfcNonce({
      ...finishing,
      nonce: oaep,
      session: { ...session, encryptionAlgorithm: rsaOaep, macAlgorithm: prfSha256 },
    });
    expect(answer.status === 'Success' && toHex(answer.seed)).toBe(out['rfc/sha256'].K_TOKEN);
    const finished = rfcDialect.codec.readServerFinished(answer.reply);
    expect(finished).toMatchObject({ macAlgorithm: prfSha256, mac: hex(out['rfc/sha256'].MAC2_new_key) });
  });

  test('a key that is replaced: MAC 1 with R, and MAC 2 under the old key', () => {
    const hello = example<ClientHello>('rfc-rekey-2-client-hello');
    const replaces: Replacement = { keyId: hello.keyId!, authKey: hex(K_AUTH_old) };
    const answer = openExchange(
      { ...rfcDialect, makeSessionId: () => sessionId },
      { hello, algorithms: session, key, random: scripted(hex(R_S)), tokenId: token.tokenId, replaces },
    );
    const sent = rfcDialect.codec.readServerHello(answer.reply);
    expect(sent).toMatchObject({ mac: hex(out['rfc/aes'].MAC1_with_R), serverNonce: hex(R_S) });
    const finished = finishExchange(rfcDialect, { ...finishing, authKey: replaces.authKey });
    expect(rfcDialect.codec.readServerFinished(finished.reply)).toMatchObject({
      mac: hex(out['rfc/aes'].MAC2_K_AUTH_old),
    });

    const wishes: Wishes = {
      tokenId: token.tokenId,
      replaces: { ...replaces, helloNonce: hex(R) },
      encryptionAlgorithms: [rsa15],
    };
    const filler = hex(vectors.V3_pubkey.pkcs1v15_PS);
    const random = scripted(hex(R_C), filler);
    const client = answerHello(shortKeys, { serverHello: answer.reply, random, wishes });
    expect(rfcDialect.codec.readClientMessage(client.message)).toMatchObject({
      encryptedNonce: hex(vectors.V3_pubkey.pkcs1v15_ciphertext),
    });
    const { seed } = verifyFinished(
      shortKeys,
      client.session,
      withKeyId(finished.reply, replaces.keyId),
      wishes,
    );
    expect(toHex(seed)).toBe(out['rfc/aes'].K_TOKEN);
    const other = { ...wishes, replaces: { ...wishes.replaces!, authKey: hex(R) } };
    expect(
      thrownBy(() =>
        answerHello(shortKeys, { serverHello: answer.reply, random: counting(), wishes: other }),
      ),
    ).toMatchObject({ code: 'mac-mismatch' });
  });
});

/** Puts another KeyID into a ServerFinished; MAC 2 does not cover it. */
function withKeyId(finished: Uint8Array, keyId: Uint8Array): Uint8Array {
  const id = Buffer.from(keyId).toString('base64');
  return utf8(
    Buffer.from(finished)
      .toString()
      .replace(/(<KeyID>).*(<\/KeyID>)/, `$1${id}$2`),
  );
}

describe('the vectors of a run with a shared key', () => {
  const { K_SHARED } = vectors.V4_shared;
  test.each([
    ['rfc/aes', prfAes],
    ['rfc/sha256', prfSha256],
  ] as const)('%s', (name, algorithm) => {
    const expected = vectors.V4_shared.out[name];
    const algorithms = { keyType: securidAes, encryptionAlgorithm: algorithm, macAlgorithm: algorithm };
    const wishes: Wishes = { encryptionAlgorithms: [algorithm] };
    const hello = rfcDialect.codec.readClientMessage(writeHello(rfcDialect, wishes)) as ClientHello;
    const opened = openExchange(
      { ...rfcDialect, makeSessionId: () => sessionId },
      { hello, algorithms, key: { keyName: 'K1' }, random: scripted(hex(R_S)) },
    );
    if (opened.status !== 'Continue') throw new Error(opened.status);
    const sharedKeyNamed = (keyName: string) => (keyName === 'K1' ? hex(K_SHARED) : undefined);
    const input = { serverHello: opened.reply, random: scripted(hex(R_C)), wishes, sharedKeyNamed };
    const client = answerHello(rfcDialect, input);
    const nonce = rfcDialect.codec.readClientMessage(client.message) as ClientNonce;
    expect(toHex(nonce.encryptedNonce)).toBe(expected.EncryptedNonce);
    const finished = finishExchange(rfcDialect, {
      nonce,
      session: { sessionId, serverNonce: opened.serverNonce, ...algorithms },
      key: { sharedKey: hex(K_SHARED) },
      token,
      serviceId: 'Example Service',
    });
    expect(finished.status === 'Success' && toHex(finished.seed)).toBe(expected.K_TOKEN);
    expect(toHex(verifyFinished(rfcDialect, client.session, finished.reply).finished.mac)).toBe(
      expected.MAC2_new_key,
    );
    expect(
      thrownBy(() =>
        answerHello(rfcDialect, { ...input, random: counting(), sharedKeyNamed: () => undefined }),
      ),
    ).toMatchObject({ code: 'key-unexpected' });
  });
});

describe('client and server', () => {
  let key: ServerKey;
  beforeAll(async () => {
    key = await generateServerKey(2048);
  });
  const device = { class: 'a01c4380-fc01-4df0-b113-7fb98ec74694', id: 'abc', name: 'Ann’s phone' };
  const triggerNonce = hex('000102030405060708090a0b0c0d0e0f');

  function run(wishes: Wishes, policy: Policy = {}, servedBy: ServerKey = key) {
    const started = startRfcClient({ wishes, serverKeyFingerprint: keyFingerprint(key.modulus) });
    const hello = readRfcRequest(started.request.body);
    if (hello.type !== 'ClientHello') throw new Error(hello.type);
    const agreed = agreeRfc(hello, policy);
    if (agreed.status !== 'Continue') throw new Error(agreed.status);
    const { algorithms } = agreed;
    const opened = answerRfcHello({ hello, algorithms, key: servedBy, random: counting() });
    if (opened.status !== 'Continue') throw new Error(opened.status);
    const next = continueRfcClient(started.state, opened.reply, counting(7));
    const nonce = readRfcRequest(next.request.body);
    if (nonce.type !== 'ClientNonce') throw new Error(nonce.type);
    const session = { ...opened, ...algorithms };
    const finished = answerRfcNonce({ nonce, session, key: servedBy, token, serviceId: 'Symbolon' });
    return { hello, algorithms, nonce, session, next, finished };
  }

  test.each([
    [securidAes, 16, {}, rsaOaep],
    [totpKeyType, 20, {}, rsaOaep],
    [securidAes, 16, { encryptionAlgorithms: [rsa15] }, rsa15],
  ])('agree on a seed of %s with %i octets', (keyType, octets, narrower, encryptionAlgorithm) => {
    const { hello, algorithms, next, finished } = run(
      { device, triggerNonce, keyTypes: [keyType], clientInfo: utf8('mine'), ...narrower },
      { encryptionAlgorithms: [rsaOaep, rsa15] },
    );
    expect(hello).toMatchObject({ device, triggerNonce });
    expect(algorithms).toEqual({ keyType, encryptionAlgorithm, macAlgorithm: prfSha256 });
    if (finished.status !== 'Success') throw new Error(finished.status);
    expect(finishRfcClient(next.state, finished.reply)).toMatchObject({
      ...token,
      keyType,
      seed: finished.seed,
      serviceId: 'Symbolon',
    });
    expect(finished.seed).toHaveLength(octets);
  });

  test('a server with another key than the link’s is not told R_C', async () => {
    const other = await generateServerKey(2048);
    expect(thrownBy(() => run({ triggerNonce }, {}, other))).toMatchObject({ code: 'key-unexpected' });
    expect(thrownBy(() => run({ triggerNonce }, {}, readServerKey(testKey())))).toMatchObject({
      code: 'key-too-weak',
    });
  });

  test('ServerInfo and ClientInfo come back', () => {
    const { next } = run({ triggerNonce, clientInfo: utf8('mine') });
    const dialect: Dialect = { ...rfcDialect, returnsServerNonce: true };
    const hello = rfcDialect.codec.readClientMessage(
      writeHello(dialect, { clientInfo: utf8('mine') }),
    ) as ClientHello;
    const agreed = agreeRfc(hello);
    if (agreed.status !== 'Continue') throw new Error(agreed.status);
    const opened = openExchange(dialect, { hello, ...agreed, key, random: counting() });
    expect(rfcDialect.codec.readServerHello(opened.reply)).toMatchObject({ clientInfo: utf8('mine') });
    const { message } = answerHello(dialect, { serverHello: opened.reply, random: counting() });
    expect(rfcDialect.codec.readClientMessage(message)).toMatchObject({
      serverInfo: opened.status === 'Continue' ? opened.serverNonce : undefined,
    });
    expect(next.state.phase).toBe('nonce-sent');
  });

  test('a TokenID that no trigger named, or a key, is nobody’s to take', () => {
    const hello = rfcDialect.codec.readClientMessage(
      writeHello(rfcDialect, { tokenId: token.tokenId }),
    ) as ClientHello;
    const agreed = agreeRfc(hello);
    if (agreed.status !== 'Continue') throw new Error(agreed.status);
    const input = { hello, ...agreed, key, random: counting() };
    expect(answerRfcHello(input).status).toBe('AccessDenied');
    expect(answerRfcHello({ ...input, tokenId: utf8('000000000000') }).status).toBe('AccessDenied');
    expect(answerRfcHello({ ...input, tokenId: token.tokenId }).status).toBe('Continue');
    const withKey = { ...hello, tokenId: undefined, keyId: token.keyId };
    expect(answerRfcHello({ ...input, hello: withKey }).status).toBe('AccessDenied');
  });

  test.each<[string, Partial<ClientHello>, Policy?]>([
    ['UnsupportedVersion', { version: '0.9' }],
    ['UnknownCriticalExtension', { hasUnknownCriticalExtension: true }],
    ['NoSupportedKeyTypes', { keyTypes: ['urn:x'] }],
    ['NoSupportedKeyTypes', { keyTypes: [totpKeyType] }, { keyTypes: [securidAes] }],
    [
      'NoSupportedEncryptionAlgorithms',
      { encryptionAlgorithms: [rsa15] },
      { encryptionAlgorithms: [rsaOaep] },
    ],
    ['NoSupportedEncryptionAlgorithms', { encryptionAlgorithms: [prfAes] }],
    ['NoSupportedMACAlgorithms', { macAlgorithms: ['urn:x'] }],
  ])('%s', (status, change, policy) => {
    const hello = { ...example<ClientHello>('rfc-2-client-hello'), ...change };
    const answer = agreeRfc(hello, policy);
    expect(answer.status).toBe(status);
    if (answer.status === 'Continue') return;
    expect(rfcDialect.codec.readServerHello(answer.reply)).toEqual({ type: 'ServerFailure', status });
  });

  test('a ClientNonce that is damaged anywhere fails alike', () => {
    const { nonce, session } = run({ triggerNonce });
    const damaged = [
      { encryptedNonce: nonce.encryptedNonce.with(5, nonce.encryptedNonce[5]! ^ 1) },
      { encryptedNonce: nonce.encryptedNonce.slice(1) },
      { encryptedNonce: concat(nonce.encryptedNonce, Uint8Array.of(0)) },
      { encryptedNonce: new Uint8Array() },
      { sessionId: `${nonce.sessionId}x` },
      { version: '1.1' },
      { hasUnknownCriticalExtension: true },
    ];
    const replies = damaged.map((change) => {
      const input = { nonce: { ...nonce, ...change }, session, key, token, serviceId: '' };
      const answer = answerRfcNonce(input);
      expect(answer.status).toBe('InitializationFailed');
      return Buffer.from(answer.reply).toString();
    });
    expect(new Set(replies).size).toBe(1);
  });
});

describe('a body that is no message', () => {
  const nonce = Buffer.from(sample('examples/rfc-4-client-nonce.xml')).toString();
  test.each([
    ['Unreadable', ''],
    ['Unreadable', '<html/>'],
    ['Unreadable', nonce.slice(0, -3)],
    ['Unreadable', `<!DOCTYPE x>${nonce}`],
    ['Foreign', nonce.replace('2005/12', '2004/01')],
  ])('%s', (type, body) => {
    expect(readRfcRequest(utf8(body))).toEqual({ type });
  });

  test.each([
    ['MalformedRequest', 'ServerFinished', nonce.replace(/<EncryptedNonce>.*<\/EncryptedNonce>/, '')],
    ['UnknownRequest', 'ServerHello', nonce.replaceAll('ClientNonce', 'ClientWish')],
    ['UnknownRequest', 'ServerHello', Buffer.from(sample('examples/rfc-1-trigger.xml')).toString()],
  ])('%s', (status, root, body) => {
    const request = readRfcRequest(utf8(body));
    expect(request).toMatchObject({ type: 'Refused', status });
    if (request.type === 'Refused') expect(Buffer.from(request.reply).toString()).toContain(`<ck:${root} `);
  });

  test('whatever octets are changed, cut or repeated, nothing is thrown', () => {
    const sources = ['rfc-2-client-hello', 'rfc-4-client-nonce', 'rfc-rekey-2-client-hello'].map((name) =>
      sample(`examples/${name}.xml`),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.array(fc.tuple(fc.nat(2000), fc.uint8Array({ maxLength: 4 }), fc.nat(4)), { maxLength: 4 }),
        (source, edits) => {
          let octets = source;
          for (const [at, put, skip] of edits) {
            const place = at % (octets.length + 1);
            octets = concat(octets.slice(0, place), put, octets.slice(place + skip));
          }
          expect(readRfcRequest(octets).type).toMatch(
            /^(ClientHello|ClientNonce|Unreadable|Foreign|Refused)$/,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('whatever key a session names, a caller that mixes them up is told so', () => {
  const key: DecryptionKey = { sharedKey: new Uint8Array(16) };
  const session = {
    sessionId,
    serverNonce: hex(R_S),
    keyType: securidAes,
    encryptionAlgorithm: rsaOaep,
    macAlgorithm: prfAes,
  };
  const input = { nonce: example<ClientNonce>('rfc-4-client-nonce'), session, key, token, serviceId: '' };
  expect(thrownBy(() => answerRfcNonce(input))).toMatchObject({ code: 'invalid-argument' });
  expect(
    thrownBy(() => answerRfcNonce({ ...input, session: { ...session, keyType: 'urn:x' } })),
  ).toMatchObject({ code: 'invalid-argument' });
});
