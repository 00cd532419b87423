import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sample, sampleText, thrownBy } from '../test/samples.ts';
import { CtKipError } from './errors.ts';
import { utf8 } from './octets.ts';
import { readDeviceFacts, writeClientProvisioningData } from './provisioning-data.ts';
import { readRsaRequest } from './rsa-server.ts';
import { writeClientRequest } from './soap-envelope.ts';

const hello = sampleText('capture/1-ClientHello.xml');
const nonce = sampleText('capture/3-ClientNonce.xml');
const request = (message: string): Uint8Array =>
  writeClientRequest({ authData: '1', provisioningData: utf8('not <xml'), message: utf8(message) });

test('ProvisioningData that is no XML is no error', () => {
  expect(readRsaRequest(request(hello))).toMatchObject({
    device: { class: undefined },
    provisioningData: utf8('not <xml'),
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string().map(utf8)), (octets) => void readDeviceFacts(octets)),
  );
});

test('device facts come through, unless they could spoil a list', () => {
  const facts = { class: 'c', id: '1', name: 'Ännchens <Phone> & "more"' };
  expect(readDeviceFacts(writeClientProvisioningData(facts))).toEqual(facts);
  const bad = { class: 'x'.repeat(201), id: 'a\nb', name: '\u202Egpj.exe' };
  expect(readDeviceFacts(writeClientProvisioningData(bad))).toEqual({
    class: undefined,
    id: undefined,
    name: undefined,
  });
});

describe('a hostile message gets a typed error', () => {
  test.each([
    ['xml-malformed', ''],
    ['xml-doctype', `<!DOCTYPE ClientHello [<!ENTITY a "b">]>${hello}`],
    ['xml-too-deep', `${'<a>'.repeat(20)}${'</a>'.repeat(20)}`],
    ['message-malformed', '<ClientHello Version="1.0"/>'],
    ['message-malformed', hello.replace(' Version="1.0"', '')],
    ['message-malformed', hello.replace('"1.0"', '"1.0.0"')],
    ['message-malformed', hello.replace(/<Algorithm .*?<\/Algorithm>/, '')],
    ['message-malformed', hello.replace(/<SupportedKeyTypes.*<\/SupportedKeyTypes>/, '')],
    ['message-malformed', hello.replace(/(<SupportedKeyTypes.*<\/SupportedKeyTypes>)/, '$1$1')],
    ['message-malformed', nonce.replace(/SessionID="[^"]*"/, 'SessionID=""')],
    ['message-malformed', nonce.replace(/SessionID="[^"]*"/, 'SessionID="ü"')],
    ['message-malformed', nonce.replace('>M9Lt', '>M9L')],
    ['message-malformed', nonce.replace('</EncryptedNonce>', '<x/></EncryptedNonce>')],
    ['unknown-request', nonce.replaceAll('ClientNonce', 'ClientWish')],
    ['unknown-request', sampleText('capture/2-ServerHello.xml')],
  ])('%s', (code, message) => {
    expect(thrownBy(() => readRsaRequest(request(message)))).toMatchObject({ name: 'CtKipError', code });
  });

  test('whatever octets are changed, cut or repeated', () => {
    const sources = [sample('capture/1-ClientHello.soap.xml'), sample('capture/3-ClientNonce.soap.xml')];
    const inner = [hello, nonce].map((message) => utf8(message));
    const never = (read: () => unknown): void => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof CtKipError)) throw error;
      }
    };
    const source = fc.constantFrom(
      ...sources.map((octets) => ({ octets, isInner: false })),
      ...inner.map((octets) => ({ octets, isInner: true })),
    );
    fc.assert(
      fc.property(
        source,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        ({ octets, isInner }, changes, cut) => {
          const damaged = octets.slice(0, cut % 3 === 0 ? cut % octets.length : octets.length);
          for (const [at, octet] of changes) if (damaged.length > 0) damaged[at % damaged.length] = octet;
          const body = isInner
            ? writeClientRequest({ authData: '1', provisioningData: damaged, message: damaged })
            : damaged;
          never(() => readRsaRequest(body));
        },
      ),
      { numRuns: 400 },
    );
  });
});
