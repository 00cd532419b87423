import { ctKipNamespace, ctKipNamespace2005Nov } from './algorithms.ts';
import { toBase64 } from './base64.ts';
import type { Codec } from './dialect.ts';
import { CtKipError } from './errors.ts';
import {
  findChild,
  malformed,
  needChild,
  needSessionId,
  needText,
  needVersion,
  octetsOf,
  readExtensions,
  readRoot,
} from './message-tree.ts';
import type { ClientHello, ClientNonce } from './messages.ts';
import { utf8 } from './octets.ts';
import type { XmlElement } from './xml.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const dsAndXsi = `xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ${xsi}`;

function readAlgorithms(root: XmlElement, name: string): string[] {
  const list = needChild(root, name);
  const algorithms = list.children.filter((child) => child.name === 'Algorithm').map(needText);
  if (algorithms.length === 0) throw malformed(`${name} is empty`, list);
  return algorithms;
}

function readClientHello(root: XmlElement): ClientHello {
  const tokenId = findChild(root, 'TokenID');
  const keyId = findChild(root, 'KeyID');
  // In pass 1 nothing was sent yet that a ServerInfo could bring back: a bare Data here is unknown and harmless.
  const { hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ClientHello',
    version: needVersion(root),
    keyTypes: readAlgorithms(root, 'SupportedKeyTypes'),
    encryptionAlgorithms: readAlgorithms(root, 'SupportedEncryptionAlgorithms'),
    macAlgorithms: readAlgorithms(root, 'SupportedMACAlgorithms'),
    tokenId: tokenId && octetsOf(tokenId),
    keyId: keyId && octetsOf(keyId),
    hasUnknownCriticalExtension,
  };
}

function readClientNonce(root: XmlElement): ClientNonce {
  const { serverInfo, hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ClientNonce',
    version: needVersion(root),
    sessionId: needSessionId(root),
    encryptedNonce: octetsOf(needChild(root, 'EncryptedNonce')),
    serverInfo,
    hasUnknownCriticalExtension,
  };
}

/** Reads pass 1 or pass 3 (RFC 4758 sections 3.8.3 and 3.8.5); see `Codec`. */
export const readClientMessage: Codec['readClientMessage'] = (source) => {
  const root = readRoot(source);
  if (root.name === 'ClientHello') return readClientHello(root);
  if (root.name === 'ClientNonce') return readClientNonce(root);
  throw new CtKipError('unknown-request', 'The message is neither ClientHello nor ClientNonce', {
    line: root.line,
  });
};

/** Writes pass 1 as RSA's Windows client does: 2005/11 root, no XML declaration, children in no namespace. */
export const writeClientHello: Codec['writeClientHello'] = (message) => {
  const list = (name: string, algorithms: readonly string[]): string => {
    const items = algorithms.map((uri) => `<Algorithm xsi:type="xsd:anyURI">${escapeText(uri)}</Algorithm>`);
    return `<${name} xmlns="">${items.join('')}</${name}>`;
  };
  return utf8(
    `<ClientHello xmlns="${ctKipNamespace2005Nov}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ${xsi} ` +
      `Version="${escapeAttribute(message.version)}">${list('SupportedKeyTypes', message.keyTypes)}` +
      `${list('SupportedEncryptionAlgorithms', message.encryptionAlgorithms)}` +
      `${list('SupportedMACAlgorithms', message.macAlgorithms)}</ClientHello>`,
  );
};

/** Writes pass 3 as RSA's Windows client does. */
export const writeClientNonce: Codec['writeClientNonce'] = (message) => {
  const { version, sessionId, encryptedNonce, serverInfo } = message;
  const extensions =
    serverInfo &&
    `<Extensions xmlns="" ${dsAndXsi}><Extension xmlns="" xmlns:ct-kip="${ctKipNamespace}" ${dsAndXsi}>` +
      `<Data>${toBase64(serverInfo)}</Data></Extension></Extensions>`;
  return utf8(
    `<?xml version="1.0" encoding="UTF-8"?><ClientNonce xmlns="${ctKipNamespace2005Nov}" ` +
      `Version="${escapeAttribute(version)}" SessionID="${escapeAttribute(sessionId)}">` +
      `<EncryptedNonce xmlns="">${toBase64(encryptedNonce)}</EncryptedNonce>${extensions ?? ''}</ClientNonce>`,
  );
};
