import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { counting, hex, sample, scripted, testKey, thrownBy, toHex, vectors } from '../test/samples.ts';
import { CtKipError } from './errors.ts';
import { concat, utf8 } from './octets.ts';
import {
  continueRsaClient,
  finishRsaClient,
  type RsaHelloSent,
  type RsaNonceSent,
  startRsaClient,
} from './rsa-client.ts';
import {
  answerClientHello,
  answerClientNonce,
  finishedProvisioningData,
  readRsaRequest,
  writeRsaFault,
  writeRsaResponse,
} from './rsa-server.ts';
import { generateServerKey, keyFingerprint, readServerKey, type ServerKey } from './server-key.ts';
import { writeServerResponse } from './soap-envelope.ts';

const activationCode = '004512778903';
const device = { class: 'a01c4380-fc01-4df0-b113-7fb98ec74694', id: 'abc', name: 'Ann <& phone>' };
const token = {
  serialNumber: '000123456789',
  expiresOn: '2030-01-02',
  tokencodeLength: 6,
  tokencodeInterval: 30,
};
const { R_C, oaep_sha1_seed, out } = vectors.V3_pubkey;
const provisioningData = finishedProvisioningData('NONE');
const started = startRsaClient({ activationCode, device });

/** Wraps an inner message as the server would. */
function answer(message: Uint8Array | string): Uint8Array {
  const octets = typeof message === 'string' ? utf8(message) : message;
  return writeServerResponse({ authData: activationCode, provisioningData, message: octets });
}

/** A whole run against our own server. */
function run(key: ServerKey, pinStyle: 'NONE' | 'PINPAD' = 'NONE') {
  const first = readRsaRequest(started.request.body);
  if (first.message.type !== 'ClientHello') throw new Error('no ClientHello');
  const hello = answerClientHello({ hello: first.message, key, random: counting() });
  if (hello.status !== 'Continue') throw new Error(hello.status);
  const next = continueRsaClient(
    started.state,
    writeRsaResponse({ ...first, message: hello.reply }),
    counting(7),
  );
  const second = readRsaRequest(next.request.body);
  if (second.message.type !== 'ClientNonce') throw new Error('no ClientNonce');
  const { privateKey, modulus } = key;
  const input = { nonce: second.message, session: hello, privateKey, modulus };
  const finished = answerClientNonce({ ...input, token: { ...token, userId: 'ann' }, serviceId: 'Symbolon' });
  if (finished.status !== 'Success') throw new Error(finished.status);
  const body = writeRsaResponse({
    authData: second.authData,
    provisioningData: finishedProvisioningData(pinStyle),
    message: finished.reply,
  });
  return { first, second, next, seed: finished.seed, body };
}

describe('client and server', () => {
  test.each([1024, 2048] as const)('agree on a seed with %i bits', async (bits) => {
    const { seed, body, next, first } = run(await generateServerKey(bits), 'PINPAD');
    expect(first).toMatchObject({ authData: activationCode, device });
    expect(finishRsaClient(next.state, body)).toEqual({
      ...token,
      seed,
      userId: 'ann',
      serviceId: 'Symbolon',
      addsPin: true,
    });
  });

  test('send what an RSA server asks of a request', () => {
    expect(started.request.headers).toEqual({
      'User-Agent': 'HTTPPOST',
      Authorization: activationCode,
      SOAPAction: 'StartService',
      'Content-Type': 'application/vnd.otps.ct-kip',
    });
    const { next } = run(readServerKey(testKey()));
    expect(next.request.headers).toMatchObject({
      SOAPAction: 'ServerFinished',
      Authorization: activationCode,
    });
  });
});

describe('against the vector V3', () => {
  const random = scripted(hex(R_C), hex(oaep_sha1_seed));
  let next: ReturnType<typeof continueRsaClient>;
  beforeAll(() => {
    next = continueRsaClient(started.state, answer(sample('examples/rsa-2-server-hello.xml')), random);
  });

  test('writes the messages byte for byte', () => {
    expect(readInner(started.request.body)).toEqual(sample('examples/rsa-1-client-hello.xml'));
    expect(readInner(next.request.body)).toEqual(sample('examples/rsa-3-client-nonce.xml'));
  });

  test('gets the seed of the vector', () => {
    const result = finishRsaClient(next.state, answer(sample('examples/rsa-4-server-finished.xml')));
    expect(toHex(result.seed)).toBe(out['rsa/aes'].K_TOKEN);
    expect(result).toMatchObject({
      serialNumber: '000123456789',
      expiresOn: '2030-01-02',
      tokencodeLength: 8,
      tokencodeInterval: 60,
      userId: undefined,
      serviceId: 'RSA CT-KIP',
      addsPin: false,
    });
  });
});

function readInner(body: Uint8Array): Uint8Array {
  const base64 = /<Request>(.*?)<\/Request>/s.exec(Buffer.from(body).toString())?.[1] ?? '';
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

const serverHello = Buffer.from(sample('examples/rsa-2-server-hello.xml')).toString();
const serverFinished = Buffer.from(sample('examples/rsa-4-server-finished.xml')).toString();
const shortModulus = Buffer.alloc(127, 0xff).toString('base64');
const hasModulus = /<ds:Modulus>.*?<\/ds:Modulus>/;

describe('ServerHello is not believed', () => {
  const proceed = (body: Uint8Array, state: RsaHelloSent = started.state) =>
    continueRsaClient(state, body, counting());

  test.each<[string, Uint8Array]>([
    [
      'refused',
      answer(
        '<ServerHello xmlns="http://www.rsasecurity.com/rsalabs/otps/schemas/2005/12/ct-kip#" Status="Abort"/>',
      ),
    ],
    ['refused', writeRsaFault()],
    ['version-unsupported', answer(serverHello.replace('Version="1.0"', 'Version="1.1"'))],
    ['algorithm-not-offered', answer(serverHello.replace('SecurID-AES', 'Other'))],
    ['algorithm-not-offered', answer(serverHello.replace('#rsa-1_5', '#rsa-oaep-mgf1p'))],
    ['algorithm-not-offered', answer(serverHello.replace('prf-aes', 'prf-sha256'))],
    ['key-too-weak', answer(serverHello.replace(hasModulus, `<ds:Modulus>${shortModulus}</ds:Modulus>`))],
    ['key-too-weak', answer(serverHello.replace('AQAB', 'AQ=='))],
    ['message-malformed', answer(serverHello.replace(hasModulus, '<ds:Modulus>!</ds:Modulus>'))],
    ['message-malformed', answer(serverHello.replace('UFFSU1RVVldYWVpbXF1eXw==</Nonce>', 'UFFS</Nonce>'))],
    ['message-malformed', answer(serverHello.replace(/SessionID="[^"]*"/, `SessionID="${'x'.repeat(129)}"`))],
    ['message-malformed', answer(serverHello.replace('2005/12/ct-kip#" xmlns:ds', 'other" xmlns:ds'))],
    ['message-malformed', answer(serverFinished)],
    [
      'unknown-critical-extension',
      answer(serverHello.replace('<Extension ', '<Extension Critical="true" xsi:type="x:Y" ')),
    ],
    [
      'auth-data-mismatch',
      writeServerResponse({ authData: '1', provisioningData, message: utf8(serverHello) }),
    ],
    ['xml-doctype', answer(`<!DOCTYPE x>${serverHello.slice(38)}`)],
    ['envelope-malformed', started.request.body],
  ])('%s', (code, body) => {
    expect(thrownBy(() => proceed(body))).toMatchObject({ name: 'CtKipError', code });
  });

  test('when its key is not the one of the link', () => {
    const begin = (serverKeyFingerprint: string) =>
      startRsaClient({ activationCode, serverKeyFingerprint }).state;
    const body = answer(serverHello);
    expect(() => proceed(body, begin(keyFingerprint(readServerKey(testKey()).modulus)))).not.toThrow();
    expect(thrownBy(() => proceed(body, begin('A'.repeat(43))))).toMatchObject({ code: 'key-unexpected' });
  });

  test('and says why the server refused', () => {
    const body = answer(
      '<ServerHello xmlns="http://www.rsasecurity.com/rsalabs/otps/schemas/2005/12/ct-kip#" Status="Abort"/>',
    );
    expect(thrownBy(() => proceed(body))).toMatchObject({ status: 'Abort' });
    expect((thrownBy(() => proceed(writeRsaFault())) as CtKipError).fault).toContain(
      'Invalid authorization code.',
    );
  });

  test('but a leading zero octet in the modulus is forgiven', () => {
    const zero = concat(new Uint8Array(1), readServerKey(testKey()).modulus);
    const body = answer(
      serverHello.replace(hasModulus, `<ds:Modulus>${Buffer.from(zero).toString('base64')}</ds:Modulus>`),
    );
    expect(proceed(body)).toEqual(proceed(answer(serverHello)));
  });
});

describe('ServerFinished is not believed', () => {
  let state: RsaNonceSent;
  beforeAll(() => {
    const random = scripted(hex(R_C), hex(oaep_sha1_seed));
    state = continueRsaClient(started.state, answer(serverHello), random).state;
  });

  test.each<[string, string]>([
    ['mac-mismatch', serverFinished.replace('m5ZE', 'm5ZF')],
    ['mac-mismatch', serverFinished.replace(/>m5ZE.*?</, '><')],
    ['session-mismatch', serverFinished.replace('SessionID="0', 'SessionID="1')],
    ['algorithm-not-offered', serverFinished.replace('prf-aes', 'prf-sha256')],
    ['message-malformed', serverFinished.replace('MDAwMTIzNDU2Nzg5', 'MDAw')],
    ['message-malformed', serverFinished.replace('>Decimal<', '>Binary<')],
    ['message-malformed', serverFinished.replace('<OTPLength>8', '<OTPLength>99')],
    ['message-malformed', serverFinished.replace('TimeInterval="60"', 'TimeInterval="0"')],
    ['message-malformed', serverFinished.replace('2030-01-02T', '2030-13-02T')],
    ['message-malformed', serverHello],
    [
      'refused',
      '<ServerFinished xmlns="http://www.rsasecurity.com/rsalabs/otps/schemas/2005/12/ct-kip#" Status="InitializationFailed"/>',
    ],
  ])('%s', (code, message) => {
    expect(thrownBy(() => finishRsaClient(state, answer(message)))).toMatchObject({
      name: 'CtKipError',
      code,
    });
  });

  test('when two sessions are crossed', () => {
    const other = run(readServerKey(testKey()));
    expect(thrownBy(() => finishRsaClient(state, other.body))).toMatchObject({ code: 'session-mismatch' });
  });

  test('and damage anywhere gives a typed error or the same seed', () => {
    const body = answer(serverFinished);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), fc.boolean(), (at, octet, cut) => {
        const damaged = cut ? body.slice(0, at) : body.map((old, i) => (i === at ? octet : old));
        try {
          expect(toHex(finishRsaClient(state, damaged).seed)).toBe(out['rsa/aes'].K_TOKEN);
        } catch (error) {
          if (!(error instanceof CtKipError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

test.each(['', 'a b', 'a\nb', 'ü', 'x'.repeat(129)])('the code %j can be no header', (code) => {
  expect(thrownBy(() => startRsaClient({ activationCode: code }))).toMatchObject({
    code: 'invalid-argument',
  });
});
