import type { Codec } from './dialect.ts';
import {
  findChild,
  malformed,
  needAttribute,
  needChild,
  needSessionId,
  needText,
  octetsOf,
  readExtensions,
  readRoot,
  textOf,
} from './message-tree.ts';
import type { AnnouncedKey } from './messages.ts';
import { trimLeadingZeros } from './octets.ts';
import type { XmlElement } from './xml.ts';

const dsig = 'http://www.w3.org/2000/09/xmldsig#';

/** What clients take for granted where a ServerFinished says nothing about the code. */
const defaultCode = { tokencodeLength: 8, tokencodeInterval: 60 };

function failureOf(
  root: XmlElement,
  name: string,
  success: string,
): { type: 'ServerFailure'; status: string } | undefined {
  if (root.name !== name) throw malformed(`The answer is ${root.name}, not ${name}`, root);
  const status = needAttribute(root, 'Status');
  return status === success ? undefined : { type: 'ServerFailure', status };
}

function readKey(encryptionKey: XmlElement): AnnouncedKey {
  const name = findChild(encryptionKey, 'KeyName', dsig);
  if (name) return { keyName: needText(name) };
  const rsaKeyValue = needChild(needChild(encryptionKey, 'KeyValue', dsig), 'RSAKeyValue', dsig);
  return {
    modulus: trimLeadingZeros(octetsOf(needChild(rsaKeyValue, 'Modulus', dsig))),
    exponent: trimLeadingZeros(octetsOf(needChild(rsaKeyValue, 'Exponent', dsig))),
  };
}

/** Reads pass 2 (RFC 4758 section 3.8.4), the order of children being of no account; see `Codec`. */
export const readServerHello: Codec['readServerHello'] = (source) => {
  const root = readRoot(source);
  const failure = failureOf(root, 'ServerHello', 'Continue');
  if (failure) return failure;
  const mac = findChild(root, 'Mac');
  const { clientInfo, serverInfo, hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ServerHello',
    version: root.attributes.get('Version') ?? '1.0',
    sessionId: needSessionId(root),
    keyType: needText(needChild(root, 'KeyType')),
    encryptionAlgorithm: needText(needChild(root, 'EncryptionAlgorithm')),
    macAlgorithm: needText(needChild(root, 'MacAlgorithm')),
    key: readKey(needChild(root, 'EncryptionKey')),
    serverNonce: octetsOf(needChild(needChild(root, 'Payload'), 'Nonce')),
    clientInfo,
    serverInfo,
    mac: mac && octetsOf(mac),
    hasUnknownCriticalExtension,
  };
};

function readExpiry(element: XmlElement | undefined): string | undefined {
  const text = textOf(element);
  if (text === undefined) return undefined;
  const day = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(`${day}T00:00:00Z`)))
    throw malformed('KeyExpiryDate is no date', element);
  return day;
}

function count(
  text: string | undefined,
  fallback: number,
  [least, most]: [number, number],
  name: string,
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw malformed(`${name} is out of range`);
  return value;
}

function readCode(configuration: XmlElement | undefined): typeof defaultCode {
  if (configuration === undefined) return defaultCode;
  const format = textOf(findChild(configuration, 'OTPFormat')) ?? 'Decimal';
  if (format !== 'Decimal') throw malformed('OTPFormat is not Decimal', configuration);
  const mode = findChild(configuration, 'OTPMode');
  const time = mode && findChild(mode, 'Time');
  if (mode !== undefined && time === undefined) throw malformed('OTPMode is not Time', mode);
  const length = textOf(findChild(configuration, 'OTPLength'));
  return {
    tokencodeLength: count(length, defaultCode.tokencodeLength, [4, 10], 'OTPLength'),
    tokencodeInterval: count(
      time?.attributes.get('TimeInterval'),
      defaultCode.tokencodeInterval,
      [1, 3600],
      'TimeInterval',
    ),
  };
}

/** Reads pass 4 (RFC 4758 section 3.8.6); see `Codec`. */
export const readServerFinished: Codec['readServerFinished'] = (source) => {
  const root = readRoot(source);
  const failure = failureOf(root, 'ServerFinished', 'Success');
  if (failure) return failure;
  const mac = needChild(root, 'Mac');
  const { clientInfo, otpKeyConfiguration, hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ServerFinished',
    sessionId: needSessionId(root),
    tokenId: octetsOf(needChild(root, 'TokenID')),
    keyId: octetsOf(needChild(root, 'KeyID')),
    expiresOn: readExpiry(findChild(root, 'KeyExpiryDate')),
    serviceId: textOf(findChild(root, 'ServiceID')),
    userId: textOf(findChild(root, 'UserID')),
    ...readCode(otpKeyConfiguration),
    clientInfo,
    macAlgorithm: mac.attributes.get('MacAlgorithm'),
    mac: octetsOf(mac),
    hasUnknownCriticalExtension,
  };
};
