import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sample, sampleText, thrownBy } from '../test/samples.ts';
import { CtKipError } from './errors.ts';
import { utf8 } from './octets.ts';
import {
  readClientRequest,
  readServerResponse,
  writeClientRequest,
  writeFault,
  writeServerResponse,
} from './soap-envelope.ts';

const text = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');

describe('the captured envelopes', () => {
  test.each(['1-ClientHello', '3-ClientNonce'])('%s reads', (name) => {
    expect(readClientRequest(sample(`capture/${name}.soap.xml`))).toEqual({
      authData: '123456789012',
      provisioningData: sample(`capture/${name}.ProvisioningData.xml`),
      message: sample(`capture/${name}.xml`),
    });
  });

  test.each(['2-ServerHello', '4-ServerFinished'])('%s reads, and is written byte for byte', (name) => {
    const body = sample(`capture/${name}.soap.xml`);
    const envelope = readServerResponse(body);
    expect(envelope.message).toEqual(sample(`capture/${name}.xml`));
    expect(envelope.provisioningData).toEqual(sample(`capture/${name}.ProvisioningData.xml`));
    expect(text(writeServerResponse(envelope))).toBe(text(body));
  });
});

describe('reading a request', () => {
  const wrap = (content: string): string =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${content}</e:Body></e:Envelope>`;
  const request = (inner: string): string =>
    wrap(`<r:ClientRequest xmlns:r="http://ctkipservice.rsasecurity.com">${inner}</r:ClientRequest>`);

  test('takes any prefix, any wrapping and a missing ProvisioningData', () => {
    const body = request('<r:AuthData>\n 012 </r:AuthData><r:Request>\r\nYW\n Jj\t</r:Request>');
    expect(readClientRequest(body)).toEqual({
      authData: '012',
      provisioningData: new Uint8Array(),
      message: utf8('abc'),
    });
  });

  test.each([
    ['another root', '<a/>'],
    [
      'another SOAP',
      wrap('<x/>').replaceAll('schemas.xmlsoap.org/soap/envelope/', 'www.w3.org/2003/05/soap-envelope'),
    ],
    ['an empty body', wrap('')],
    [
      'two requests',
      wrap(
        request('')
          .replace(/^.*<e:Body>|<\/e:Body>.*$/g, '')
          .repeat(2),
      ),
    ],
    ['another service', wrap('<ClientRequest xmlns="urn:x"/>')],
    ['a response', sampleText('capture/2-ServerHello.soap.xml')],
    ['no message', request('<r:AuthData>1</r:AuthData>')],
    ['two codes', request('<r:AuthData>1</r:AuthData><r:AuthData>2</r:AuthData><r:Request>YWJj</r:Request>')],
    ['no base64', request('<r:Request>YW-_</r:Request>')],
    ['base64 cut short', request('<r:Request>YWJjZ</r:Request>')],
    ['elements for base64', request('<r:Request><x/></r:Request>')],
    ['a code without end', request(`<r:AuthData>${'1'.repeat(300)}</r:AuthData><r:Request>YWJj</r:Request>`)],
    ['an endless message', request(`<r:Request>${'A'.repeat(70_000)}</r:Request>`)],
  ])('refuses %s', (_, body) => {
    const error = thrownBy(() => readClientRequest(body));
    expect(error).toBeInstanceOf(CtKipError);
    expect(['envelope-malformed', 'xml-too-large']).toContain((error as CtKipError).code);
  });
});

test('both envelopes carry everything through', () => {
  const octets = fc.uint8Array({ maxLength: 200 });
  const authData = fc.string({ unit: 'grapheme-ascii', maxLength: 100 }).map((code) => code.trim());
  fc.assert(
    fc.property(authData, octets, octets, (code, provisioningData, message) => {
      const envelope = { authData: code, provisioningData, message };
      expect(readClientRequest(writeClientRequest(envelope))).toEqual(envelope);
      expect(readServerResponse(writeServerResponse(envelope))).toEqual(envelope);
    }),
  );
});

test('a fault arrives with its words', () => {
  const error = thrownBy(() => readServerResponse(writeFault('No <code>;\n\tgone')));
  expect(error).toMatchObject({ code: 'refused', fault: 'No <code>;\n\tgone' });
});
