import { validateXML } from 'xmllint-wasm';
import { describe, expect, test } from 'vitest';
import { hex, sample, sampleText, thrownBy } from '../test/samples.ts';
import { prfAes } from './algorithms.ts';
import { rfcDialect } from './rfc-dialect.ts';
import { readTrigger, writeTrigger } from './trigger.ts';
import { utf8 } from './octets.ts';

const { codec } = rfcDialect;
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');

async function schemaErrors(xml: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'message.xml', contents: xml }],
    schema: [sampleText('examples/ctkip-1.0-own.xsd')],
  });
  return errors.map(({ message }) => message);
}

const failed = <Message extends { type: string }>(message: Message) => {
  if (message.type === 'ServerFailure') throw new Error('the example is no success');
  return message as never;
};
const messages: [string, (source: Uint8Array) => Uint8Array][] = [
  ['rfc-1-trigger', (source) => writeTrigger(readTrigger(source))],
  ['rfc-2-client-hello', (source) => codec.writeClientHello(codec.readClientMessage(source) as never)],
  ['rfc-rekey-2-client-hello', (source) => codec.writeClientHello(codec.readClientMessage(source) as never)],
  ['rfc-3-server-hello', (source) => codec.writeServerHello(failed(codec.readServerHello(source)))],
  ['rfc-shared-3-server-hello', (source) => codec.writeServerHello(failed(codec.readServerHello(source)))],
  ['rfc-rekey-3-server-hello', (source) => codec.writeServerHello(failed(codec.readServerHello(source)))],
  ['rfc-4-client-nonce', (source) => codec.writeClientNonce(codec.readClientMessage(source) as never)],
  ['rfc-shared-4-client-nonce', (source) => codec.writeClientNonce(codec.readClientMessage(source) as never)],
  ['rfc-5-server-finished', (source) => codec.writeServerFinished(failed(codec.readServerFinished(source)))],
  [
    'rfc-shared-5-server-finished',
    (source) => codec.writeServerFinished(failed(codec.readServerFinished(source))),
  ],
  [
    'rfc-rekey-5-server-finished',
    (source) => codec.writeServerFinished(failed(codec.readServerFinished(source))),
  ],
];

describe('every example of RFC 4758', () => {
  test.each(messages)('%s comes back octet for octet', (name, again) => {
    const source = sample(`examples/${name}.xml`);
    expect(text(again(source))).toBe(text(source));
  });

  test('names its refusal', () => {
    expect(codec.readServerHello(sample('examples/rfc-error-server-hello.xml'))).toEqual({
      type: 'ServerFailure',
      status: 'NoSupportedKeyTypes',
    });
    expect(codec.readServerFinished(sample('examples/rfc-error-server-finished.xml'))).toEqual({
      type: 'ServerFailure',
      status: 'InitializationFailed',
    });
  });
});

describe('the schema takes', () => {
  test('what each writer makes', async () => {
    for (const [name, again] of messages) {
      expect([name, await schemaErrors(text(again(sample(`examples/${name}.xml`))))]).toEqual([name, []]);
    }
  });

  test('a refusal, and a hello with our device in it', async () => {
    const device = { class: '556f1985-33dd-442c-9155-3a0e994f21b1', id: 'a<b', name: 'Ann’s "phone" & more' };
    const hello = codec.writeClientHello({
      version: '1.0',
      keyTypes: ['urn:a'],
      encryptionAlgorithms: ['urn:b'],
      macAlgorithms: [prfAes],
      tokenId: undefined,
      keyId: undefined,
      helloNonce: undefined,
      triggerNonce: hex('000102030405060708090a0b0c0d0e0f'),
      device,
      clientInfo: undefined,
    });
    expect(codec.readClientMessage(hello)).toMatchObject({ device, clientInfo: undefined });
    // The one thing that the schema cannot know is our own type.
    for (const error of await schemaErrors(text(hello)))
      expect(error).toMatch(/DeviceInfoType|definition is abstract/);
    for (const root of ['ServerHello', 'ServerFinished'] as const) {
      expect(await schemaErrors(text(codec.writeFailure(root, 'NoSupportedMACAlgorithms')))).toEqual([]);
    }
  });

  test('a trigger that names the server’s key', async () => {
    const trigger = {
      tokenId: undefined,
      keyId: undefined,
      triggerNonce: hex('000102030405060708090a0b0c0d0e0f'),
      serviceUrl: 'https://a.example/ctkip?x=1&y=<2>',
      serverKeyFingerprint: 'k'.repeat(43),
    };
    const written = writeTrigger(trigger);
    expect(readTrigger(written)).toEqual(trigger);
    expect(await schemaErrors(text(written))).toEqual([]);
  });

  test('and refuses what is wrong, so that the tests above mean something', async () => {
    const wrong = sampleText('examples/rfc-3-server-hello.xml').replace(/<KeyType>.*<\/KeyType>/, '');
    expect(await schemaErrors(wrong)).not.toEqual([]);
  });
});

describe('a nonce that is not 16 octets', () => {
  const source = sampleText('examples/rfc-2-client-hello.xml');
  test.each([['AAECAwQFBgcICQoLDA0O'], ['AAECAwQFBgcICQoLDA0ODxA='], ['']])('%s', (nonce) => {
    const message = source.replace(/(<TriggerNonce>).*(<\/TriggerNonce>)/, `$1${nonce}$2`);
    expect(thrownBy(() => codec.readClientMessage(utf8(message)))).toMatchObject({
      code: 'message-malformed',
    });
    const trigger = sampleText('examples/rfc-1-trigger.xml').replace(
      /(<TriggerNonce>).*(<\/TriggerNonce>)/,
      `$1${nonce}$2`,
    );
    expect(thrownBy(() => readTrigger(utf8(trigger)))).toMatchObject({ code: 'message-malformed' });
  });
});

test('children may be qualified, as the RFC’s own examples have them', () => {
  const source = sampleText('examples/rfc-4-client-nonce.xml');
  const qualified = source
    .replaceAll(/<(\/?)(EncryptedNonce|Extensions|Extension|Data)\b/g, '<$1ck:$2')
    .replace('xmlns:xsi', 'xmlns:other="urn:x" xmlns:xsi');
  expect(codec.readClientMessage(utf8(qualified))).toEqual(codec.readClientMessage(utf8(source)));
});
