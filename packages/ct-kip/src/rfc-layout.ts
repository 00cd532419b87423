import { ctKipNamespace, ownNamespace } from './algorithms.ts';
import { toBase64 } from './base64.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Codec } from './dialect.ts';
import type { AnnouncedKey, Trigger } from './messages.ts';
import { utf8 } from './octets.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

/*
 * The schema of RFC 4758 appendix A leaves its children unqualified: the root alone has a prefix, and nothing else
 * declares a namespace. The order of children is the schema's.
 */

/** An element's lines, two spaces deeper than where it is put. */
type Lines = string[];
type Attributes = Record<string, string | undefined>;

const tag = (name: string, attributes: Attributes = {}): string =>
  Object.entries(attributes).reduce(
    (text, [key, value]) => (value === undefined ? text : `${text} ${key}="${escapeAttribute(value)}"`),
    name,
  );

const leaf = (name: string, text: string, attributes?: Attributes): Lines => [
  `<${tag(name, attributes)}>${escapeText(text)}</${name}>`,
];

const octets = (name: string, value: Uint8Array | undefined): Lines =>
  value === undefined ? [] : leaf(name, toBase64(value));

const optional = (name: string, text: string | undefined): Lines =>
  text === undefined ? [] : leaf(name, text);

const branch = (name: string, children: Lines[], attributes?: Attributes): Lines => [
  `<${tag(name, attributes)}>`,
  ...children.flat().map((line) => `  ${line}`),
  `</${name}>`,
];

/** A message as the examples of the RFC stand: one element a line. */
function document(root: string, attributes: Attributes, children: Lines[]): Uint8Array {
  const declared = { 'xmlns:ck': ctKipNamespace, ...attributes };
  const lines =
    children.flat().length === 0
      ? [`<${tag(`ck:${root}`, declared)}/>`]
      : branch(`ck:${root}`, children, declared);
  return utf8(['<?xml version="1.0" encoding="UTF-8"?>', ...lines, ''].join('\n'));
}

const xsi = { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' };

const dataExtension = (type: string, data: Uint8Array | undefined): Lines =>
  data === undefined ? [] : branch('Extension', [leaf('Data', toBase64(data))], { 'xsi:type': `ck:${type}` });

function deviceExtension({ class: deviceClass, id, name }: DeviceFacts): Lines {
  const facts = [optional('Class', deviceClass), optional('DeviceID', id), optional('Name', name)];
  if (facts.flat().length === 0) return [];
  const attributes = { Critical: 'false', 'xsi:type': 'sy:DeviceInfoType', 'xmlns:sy': ownNamespace };
  return branch('Extension', facts, attributes);
}

const extensions = (...found: Lines[]): Lines =>
  found.flat().length === 0 ? [] : branch('Extensions', found);

const algorithms = (name: string, uris: readonly string[]): Lines =>
  branch(
    name,
    uris.map((uri) => leaf('Algorithm', uri)),
  );

/** Writes pass 1 (RFC 4758 section 3.8.3). */
export const writeClientHello: Codec['writeClientHello'] = (message) =>
  document('ClientHello', { ...xsi, Version: message.version }, [
    octets('TokenID', message.tokenId),
    octets('KeyID', message.keyId),
    octets('ClientNonce', message.helloNonce),
    octets('TriggerNonce', message.triggerNonce),
    algorithms('SupportedKeyTypes', message.keyTypes),
    algorithms('SupportedEncryptionAlgorithms', message.encryptionAlgorithms),
    algorithms('SupportedMACAlgorithms', message.macAlgorithms),
    extensions(dataExtension('ClientInfoType', message.clientInfo), deviceExtension(message.device)),
  ]);

function keyInfo(key: AnnouncedKey): Lines {
  const ds = { 'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#' };
  if ('keyName' in key) return leaf('ds:KeyName', key.keyName, ds);
  const numbers = [octets('ds:Modulus', key.modulus), octets('ds:Exponent', key.exponent)];
  return branch('ds:KeyValue', [branch('ds:RSAKeyValue', numbers)], ds);
}

/** Writes pass 2 (RFC 4758 section 3.8.4). */
export const writeServerHello: Codec['writeServerHello'] = (message) => {
  const { sessionId, version, macAlgorithm, mac } = message;
  return document('ServerHello', { ...xsi, Version: version, SessionID: sessionId, Status: 'Continue' }, [
    leaf('KeyType', message.keyType),
    leaf('EncryptionAlgorithm', message.encryptionAlgorithm),
    leaf('MacAlgorithm', macAlgorithm),
    branch('EncryptionKey', [keyInfo(message.key)]),
    branch('Payload', [octets('Nonce', message.serverNonce)]),
    extensions(
      dataExtension('ClientInfoType', message.clientInfo),
      dataExtension('ServerInfoType', message.serverInfo),
    ),
    mac === undefined ? [] : leaf('Mac', toBase64(mac), { MacAlgorithm: macAlgorithm }),
  ]);
};

/** Writes pass 3 (RFC 4758 section 3.8.5). */
export const writeClientNonce: Codec['writeClientNonce'] = (message) =>
  document('ClientNonce', { ...xsi, Version: message.version, SessionID: message.sessionId }, [
    octets('EncryptedNonce', message.encryptedNonce),
    extensions(
      dataExtension('ClientInfoType', message.clientInfo),
      dataExtension('ServerInfoType', message.serverInfo),
    ),
  ]);

/** Writes pass 4 (RFC 4758 section 3.8.6). */
export const writeServerFinished: Codec['writeServerFinished'] = (message) => {
  const { sessionId, expiresOn, macAlgorithm } = message;
  const configuration = branch(
    'Extension',
    [
      leaf('OTPFormat', 'Decimal'),
      leaf('OTPLength', String(message.tokencodeLength)),
      [`<OTPMode><Time TimeInterval="${message.tokencodeInterval}"/></OTPMode>`],
    ],
    { 'xsi:type': 'ck:OTPKeyConfigurationDataType', Critical: 'true' },
  );
  return document('ServerFinished', { ...xsi, Version: '1.0', SessionID: sessionId, Status: 'Success' }, [
    octets('TokenID', message.tokenId),
    octets('KeyID', message.keyId),
    optional('KeyExpiryDate', expiresOn && `${expiresOn}T00:00:00Z`),
    optional('ServiceID', message.serviceId),
    optional('UserID', message.userId),
    extensions(dataExtension('ClientInfoType', message.clientInfo), configuration),
    leaf('Mac', toBase64(message.mac), { MacAlgorithm: macAlgorithm }),
  ]);
};

/** Writes a ServerHello or ServerFinished that ends the run: nothing but the status (RFC 4758 section 3.7.5). */
export const writeFailure: Codec['writeFailure'] = (root, status) =>
  document(root, { Version: '1.0', Status: status }, []);

/** Writes what starts a run from outside (RFC 4758 section 3.8.2). */
export const writeTrigger = ({ tokenId, keyId, triggerNonce, ...trigger }: Trigger): Uint8Array =>
  document('CT-KIPTrigger', { Version: '1.0' }, [
    branch('InitializationTrigger', [
      octets('TokenID', tokenId),
      octets('KeyID', keyId),
      ['<TokenPlatformInfo KeyLocation="Software" AlgorithmLocation="Software"/>'],
      octets('TriggerNonce', triggerNonce),
      optional('CT-KIPURL', trigger.serviceUrl),
      trigger.serverKeyFingerprint === undefined
        ? []
        : leaf('sy:ServerKey', trigger.serverKeyFingerprint, { 'xmlns:sy': ownNamespace }),
    ]),
  ]);
