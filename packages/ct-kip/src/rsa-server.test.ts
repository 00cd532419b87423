import { describe, expect, test } from 'vitest';
import { counting, hex, sample, sampleText, scripted, testKey, toHex, vectors } from '../test/samples.ts';
import { prfAes, securidAes } from './algorithms.ts';
import type { ClientHello, ClientNonce } from './messages.ts';
import { utf8 } from './octets.ts';
import { rsaDialect } from './rsa-dialect.ts';
import {
  answerClientHello,
  answerClientNonce,
  finishedProvisioningData,
  helloProvisioningData,
  noExpiryDate,
  readRsaRequest,
  writeRsaFault,
  writeRsaResponse,
} from './rsa-server.ts';
import { readServerKey, type ServerPublicKey } from './server-key.ts';

const text = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');
const key = readServerKey(testKey());
const { R_C, R_S, out } = vectors.V3_pubkey;
const hello = rsaDialect.codec.readClientMessage(sample('examples/rsa-1-client-hello.xml')) as ClientHello;
const nonce = rsaDialect.codec.readClientMessage(sample('examples/rsa-3-client-nonce.xml')) as ClientNonce;
const session = { sessionId: nonce.sessionId, serverNonce: hex(R_S) };
const token = {
  serialNumber: '000123456789',
  expiresOn: '2030-01-02',
  tokencodeLength: 8,
  tokencodeInterval: 60,
};
const finishing = {
  nonce,
  session,
  privateKey: key.privateKey,
  modulus: key.modulus,
  token,
  serviceId: 'RSA CT-KIP',
};

/** The random octets from which RSA's session id was made. */
function drawn(sessionId: string): Uint8Array[] {
  const [head = '', tail = ''] = sessionId.split(/-(.*)/s);
  return [hex(head), new Uint8Array(Buffer.from(tail, 'base64')).slice(0, 56)];
}

describe('byte for byte', () => {
  test('ServerHello of vector V3', () => {
    const answer = answerClientHello({ hello, key, random: scripted(...drawn(nonce.sessionId), hex(R_S)) });
    expect(answer).toMatchObject({ status: 'Continue', sessionId: nonce.sessionId, serverNonce: hex(R_S) });
    expect(text(answer.reply)).toBe(sampleText('examples/rsa-2-server-hello.xml'));
  });

  test('ServerFinished of vector V3, with its seed', () => {
    const answer = answerClientNonce(finishing);
    expect(answer.status === 'Success' && toHex(answer.seed)).toBe(out['rsa/aes'].K_TOKEN);
    expect(text(answer.reply)).toBe(sampleText('examples/rsa-4-server-finished.xml'));
  });

  test('ServerHello of the capture', () => {
    const captured = rsaDialect.codec.readServerHello(sample('capture/2-ServerHello.xml'));
    if (captured.type !== 'ServerHello') throw new Error('the capture is no ServerHello');
    const random = scripted(...drawn(captured.sessionId), captured.serverNonce);
    const request = readRsaRequest(sample('capture/1-ClientHello.soap.xml'));
    const { reply } = answerClientHello({
      hello: request.message as ClientHello,
      key: captured.key as ServerPublicKey,
      random,
    });
    expect(text(reply)).toBe(sampleText('capture/2-ServerHello.xml'));
    const { authData } = request;
    const provisioningData = helloProvisioningData(request.provisioningData);
    expect(text(writeRsaResponse({ authData, provisioningData, message: reply }))).toBe(
      sampleText('capture/2-ServerHello.soap.xml'),
    );
  });

  test('ServerFinished of the capture', () => {
    const captured = rsaDialect.codec.readServerFinished(sample('capture/4-ServerFinished.xml'));
    if (captured.type !== 'ServerFinished') throw new Error('the capture is no ServerFinished');
    expect(text(rsaDialect.codec.writeServerFinished(captured))).toBe(
      sampleText('capture/4-ServerFinished.xml'),
    );
    expect(text(finishedProvisioningData('PINPAD'))).toBe(
      sampleText('capture/4-ServerFinished.ProvisioningData.xml'),
    );
  });

  test('PIN styles without a PIN in the app', () => {
    for (const style of ['NONE', 'FOB'] as const) {
      expect(text(finishedProvisioningData(style))).toContain('<PinType>0</PinType><AddPIN>0</AddPIN>');
    }
  });
});

describe('a request', () => {
  test('reads with what the phone says of itself', () => {
    const { message, ...envelope } = readRsaRequest(sample('capture/3-ClientNonce.soap.xml'));
    expect(envelope.device).toEqual({ class: undefined, id: undefined, name: undefined });
    expect(message).toMatchObject({
      type: 'ClientNonce',
      serverInfo: hex('f203a720d023c64336ed014f36c01eb3'),
    });
    expect((message as ClientNonce).encryptedNonce).toHaveLength(128);
  });

  test('reads with qualified children and a 2005/12 root', () => {
    const qualified = sampleText('examples/rsa-1-client-hello.xml')
      .replaceAll(' xmlns=""', '')
      .replaceAll('2005/11', '2005/12');
    expect(rsaDialect.codec.readClientMessage(utf8(qualified))).toEqual({
      ...hello,
      macAlgorithms: [prfAes],
    });
  });
});

describe('ClientHello is refused', () => {
  test.each<[string, Partial<ClientHello>]>([
    ['UnsupportedVersion', { version: '0.9' }],
    ['UnknownCriticalExtension', { hasUnknownCriticalExtension: true }],
    ['NoSupportedKeyTypes', { keyTypes: [`${securidAes}-256`] }],
    ['NoSupportedEncryptionAlgorithms', { encryptionAlgorithms: ['urn:x'] }],
    [
      'NoSupportedMACAlgorithms',
      { macAlgorithms: ['http://www.rsasecurity.com/rsalabs/otps/schemas/2005/12/ct-kip#ct-kip-prf-sha256'] },
    ],
    ['AccessDenied', { tokenId: utf8('000123456789') }],
    ['AccessDenied', { keyId: utf8('000123456789') }],
  ])('%s', (status, change) => {
    const answer = answerClientHello({ hello: { ...hello, ...change }, key, random: counting() });
    expect(answer.status).toBe(status);
    expect(rsaDialect.codec.readServerHello(answer.reply)).toEqual({ type: 'ServerFailure', status });
  });

  test('not for a later version or the 2005/12 spelling', () => {
    const later = {
      ...hello,
      version: '2.0',
      macAlgorithms: hello.macAlgorithms.map((uri) => uri.replace('/11/', '/12/')),
    };
    expect(answerClientHello({ hello: later, key, random: counting() }).status).toBe('Continue');
  });
});

describe('ClientNonce is refused, always in the same words', () => {
  const refusal = text(rsaDialect.codec.writeFailure('ServerFinished', 'InitializationFailed'));
  const flipped = nonce.encryptedNonce.map((octet, i) => (i === 64 ? octet ^ 1 : octet));

  test.each<[string, string, Partial<ClientNonce>]>([
    ['nonce', 'damaged', { encryptedNonce: flipped }],
    ['nonce', 'too short', { encryptedNonce: nonce.encryptedNonce.slice(1) }],
    ['nonce', 'empty', { encryptedNonce: new Uint8Array() }],
    ['nonce', 'PKCS#1 v1.5', { encryptedNonce: hex(vectors.V3_pubkey.pkcs1v15_ciphertext) }],
    ['session', 'another session', { sessionId: nonce.sessionId.replace('0', '1') }],
    ['session', 'a shorter session id', { sessionId: nonce.sessionId.slice(0, -1) }],
    ['server-info', 'another R_S', { serverInfo: hex(R_C) }],
    ['server-info', 'no R_S', { serverInfo: undefined }],
    ['extension', 'an unknown critical extension', { hasUnknownCriticalExtension: true }],
    ['version', 'another version', { version: '1.1' }],
  ])('%s: %s', (reason, _, change) => {
    const answer = answerClientNonce({ ...finishing, nonce: { ...nonce, ...change } });
    expect(answer).toMatchObject({ status: 'InitializationFailed', reason });
    expect(answer).not.toHaveProperty('seed');
    expect(text(answer.reply)).toBe(refusal);
  });

  test('but a server that mixes up its keys is told', () => {
    expect(() => answerClientNonce({ ...finishing, modulus: key.modulus.slice(1) })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    expect(() => answerClientNonce({ ...finishing, token: { ...token, serialNumber: '12' } })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});

test('a token without an end gets a far date', () => {
  const { reply } = answerClientNonce({ ...finishing, token: { ...token, expiresOn: null } });
  expect(text(reply)).toContain(`<KeyExpiryDate xmlns="">${noExpiryDate}T00:00:00+00:00</KeyExpiryDate>`);
});

test('names are text in ServerFinished', () => {
  const { reply } = answerClientNonce({ ...finishing, token: { ...token, userId: '</UserID><x a="&' } });
  expect(rsaDialect.codec.readServerFinished(reply)).toMatchObject({ userId: '</UserID><x a="&' });
});

test('the fault for a code tells RSA clients what they know', () => {
  expect(text(writeRsaFault())).toContain(
    'InsufficientPrivilegeException: Invalid authorization code.; nested',
  );
  expect(text(writeRsaFault('Try <later>'))).toContain('<faultstring>Try &lt;later&gt;</faultstring>');
});
