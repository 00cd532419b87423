import { ctKipNamespace, ctKipNamespace2005Nov } from './algorithms.ts';
import { toBase64 } from './base64.ts';
import type { Codec } from './dialect.ts';
import { utf8 } from './octets.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const dsAndXsi = `xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ${xsi}`;

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
