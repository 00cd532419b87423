import { fromBase64, toBase64 } from './base64.ts';
import { CtKipError } from './errors.ts';
import { utf8 } from './octets.ts';
import { readXml, type XmlElement } from './xml.ts';
import { escapeText } from './xml-text.ts';

const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';
const serviceNamespace = 'http://ctkipservice.rsasecurity.com';
const schemaDeclarations =
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** What RSA's SOAP envelope carries in either direction, base64 undone. */
export type Envelope = {
  /** The activation code, in an answer its echo; surrounding white space is not part of it. */
  authData: string;
  /** Usually an XML document; opaque here. May be empty in what a client sent. */
  provisioningData: Uint8Array;
  /** The CT-KIP message. */
  message: Uint8Array;
};

function malformed(message: string, line?: number): CtKipError {
  return new CtKipError('envelope-malformed', message, line === undefined ? {} : { line });
}

function soapBody(source: Uint8Array | string): XmlElement {
  const root = readXml(source);
  if (root.name !== 'Envelope' || root.namespace !== soapNamespace)
    throw malformed('Not a SOAP 1.1 envelope', root.line);
  const bodies = root.children.filter(
    ({ name, namespace }) => name === 'Body' && namespace === soapNamespace,
  );
  const content = bodies[0]?.children[0];
  if (bodies.length !== 1 || bodies[0]?.children.length !== 1 || content === undefined) {
    throw malformed('The SOAP envelope needs one body with one element', root.line);
  }
  return content;
}

function field(parent: XmlElement, name: string): XmlElement | undefined {
  const found = parent.children.filter(
    (child) => child.name === name && (child.namespace === serviceNamespace || child.namespace === ''),
  );
  if (found.length > 1) throw malformed(`${name} occurs twice`, found[1]?.line);
  return found[0];
}

function octets(element: XmlElement, name: string): Uint8Array {
  const value = fromBase64(element.text);
  if (value === undefined || element.children.length > 0)
    throw malformed(`${name} is not base64`, element.line);
  return value;
}

function readContent(content: XmlElement, name: string, messageName: string): Envelope {
  if (content.name !== name || content.namespace !== serviceNamespace) {
    throw malformed(`The SOAP body holds no ${name}`, content.line);
  }
  const authData = (field(content, 'AuthData')?.text ?? '').trim();
  if (authData.length > 256) throw malformed('AuthData is too long', content.line);
  const provisioningData = field(content, 'ProvisioningData');
  const message = field(content, messageName);
  if (message === undefined) throw malformed(`${name} holds no ${messageName}`, content.line);
  return {
    authData,
    provisioningData: provisioningData ? octets(provisioningData, 'ProvisioningData') : new Uint8Array(),
    message: octets(message, messageName),
  };
}

/**
 * Reads a client's envelope: any prefixes, compact or indented, base64 wrapped or not. A missing AuthData reads as
 * an empty one, which no code equals.
 * @throws CtKipError `xml-*`, `envelope-malformed`
 */
export function readClientRequest(body: Uint8Array | string): Envelope {
  return readContent(soapBody(body), 'ClientRequest', 'Request');
}

/**
 * Reads a server's envelope.
 * @throws CtKipError `refused` with the `fault` for a SOAP fault; `xml-*`, `envelope-malformed`
 */
export function readServerResponse(body: Uint8Array | string): Envelope {
  const content = soapBody(body);
  if (content.name === 'Fault' && content.namespace === soapNamespace) {
    const fault = content.children.find(({ name }) => name === 'faultstring')?.text.trim() ?? '';
    throw new CtKipError('refused', 'The server refused the request', { fault });
  }
  return readContent(content, 'ServerResponse', 'Response');
}

/** Writes a client's envelope in the compact form, which RSA-style servers accept. */
export function writeClientRequest({ authData, provisioningData, message }: Envelope): Uint8Array {
  return utf8(
    `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="${soapNamespace}" ${schemaDeclarations}>` +
      `<soapenv:Body><ClientRequest xmlns="${serviceNamespace}"><AuthData>${escapeText(authData)}</AuthData>` +
      `<ProvisioningData>${toBase64(provisioningData)}</ProvisioningData>` +
      `<Request>${toBase64(message)}</Request></ClientRequest></soapenv:Body></soapenv:Envelope>`,
  );
}

function writeEnvelope(content: string): Uint8Array {
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="${soapNamespace}" ${schemaDeclarations}>
  <soapenv:Body>
${content}
  </soapenv:Body>
</soapenv:Envelope>`);
}

/** Writes the server's envelope, white space included as RSA's clients were seen to accept it: they do not parse. */
export function writeServerResponse({ authData, provisioningData, message }: Envelope): Uint8Array {
  return writeEnvelope(`    <ServerResponse xmlns="${serviceNamespace}">
      <AuthData>${escapeText(authData)}</AuthData>
      <ProvisioningData>${toBase64(provisioningData)}
</ProvisioningData>
      <Response>${toBase64(message)}
</Response>
    </ServerResponse>`);
}

/** Writes a SOAP 1.1 fault as RSA's service does. Send it with HTTP 200: clients read no body of an error status. */
export function writeFault(faultstring: string): Uint8Array {
  return writeEnvelope(`    <soapenv:Fault>
      <faultcode>soapenv:Server.userException</faultcode>
      <faultstring>${escapeText(faultstring)}</faultstring>
    </soapenv:Fault>`);
}
