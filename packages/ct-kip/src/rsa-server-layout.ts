import { ctKipNamespace } from './algorithms.ts';
import { toBase64 } from './base64.ts';
import type { Codec } from './dialect.ts';
import { utf8 } from './octets.ts';
import type { ServerPublicKey } from './server-key.ts';
import { escapeAttribute, escapeText } from './xml-text.ts';

/*
 * RSA's clients do not parse XML, they search the text. So the layout is part of the protocol here: which element
 * repeats which declarations, in which order, and where a line feed stands.
 */
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const common =
  'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const unqualified = `xmlns="" ${common}`;
const qualified = `xmlns="${ctKipNamespace}" ${common}`;

/** An element with text, or an empty tag without. */
function leaf(name: string, text: string, attributes = ''): string {
  const start = attributes === '' ? name : `${name} ${attributes}`;
  return text === '' ? `<${start}/>` : `<${start}>${escapeText(text)}</${name}>`;
}

/** An element with elements: each child is followed by one line feed, the start tag is not. */
function branch(name: string, attributes: string, children: string[]): string {
  const start = attributes === '' ? name : `${name} ${attributes}`;
  return `<${start}>${children.map((child) => `${child}\n`).join('')}</${name}>`;
}

/** Writes pass 2 (RFC 4758 section 3.8.4) in RSA's layout: MacAlgorithm last. */
export const writeServerHello: Codec['writeServerHello'] = (message) => {
  const { sessionId, version, serverInfo } = message;
  const session = `SessionID="${escapeAttribute(sessionId)}" Status="Continue" Version="${escapeAttribute(version)}"`;
  // The dialect offers no scheme with a shared key.
  const { modulus, exponent } = message.key as ServerPublicKey;
  const rsaKey = branch('ds:RSAKeyValue', qualified, [
    leaf('ds:Modulus', toBase64(modulus)),
    leaf('ds:Exponent', toBase64(exponent)),
  ]);
  const extension = (data: Uint8Array): string =>
    branch('Extension', `xmlns:ct-kip="${ctKipNamespace}" ${unqualified}`, [leaf('Data', toBase64(data))]);
  return utf8(
    declaration +
      branch('ServerHello', `${qualified} ${session}`, [
        leaf('KeyType', message.keyType, 'xmlns=""'),
        leaf('EncryptionAlgorithm', message.encryptionAlgorithm, 'xmlns=""'),
        branch('EncryptionKey', unqualified, [branch('ds:KeyValue', qualified, [rsaKey])]),
        branch('Payload', unqualified, [leaf('Nonce', toBase64(message.serverNonce), 'xmlns=""')]),
        ...(serverInfo ? [branch('Extensions', unqualified, [extension(serverInfo)])] : []),
        leaf('MacAlgorithm', message.macAlgorithm, 'xmlns=""'),
      ]),
  );
};

/** Writes pass 4 (RFC 4758 section 3.8.6) in RSA's layout: no Version; OTPMode and Time alone are qualified. */
export const writeServerFinished: Codec['writeServerFinished'] = (message) => {
  const { sessionId, expiresOn, serviceId, userId } = message;
  const mode = branch('OTPMode', qualified, [
    leaf('Time', '', `TimeInterval="${message.tokencodeInterval}" ${qualified}`),
  ]);
  const configuration = branch('Extension', `Critical="true" ${unqualified}`, [
    leaf('OTPFormat', 'Decimal'),
    leaf('OTPLength', String(message.tokencodeLength)),
    mode,
  ]);
  const macAlgorithm = `MacAlgorithm="${escapeAttribute(message.macAlgorithm ?? '')}"`;
  return utf8(
    declaration +
      branch('ServerFinished', `${qualified} SessionID="${escapeAttribute(sessionId)}" Status="Success"`, [
        leaf('TokenID', toBase64(message.tokenId), 'xmlns=""'),
        leaf('KeyID', toBase64(message.keyId), 'xmlns=""'),
        ...(expiresOn === undefined
          ? []
          : [leaf('KeyExpiryDate', `${expiresOn}T00:00:00+00:00`, 'xmlns=""')]),
        leaf('ServiceID', serviceId ?? '', 'xmlns=""'),
        leaf('UserID', userId ?? '', 'xmlns=""'),
        branch('Extensions', unqualified, [configuration]),
        leaf('Mac', toBase64(message.mac), `xmlns="" ${macAlgorithm} ${common}`),
      ]),
  );
};

/** Writes a ServerHello or ServerFinished that ends the run: nothing but the status (RFC 4758 section 3.7.5). */
export const writeFailure: Codec['writeFailure'] = (root, status) => {
  const version = root === 'ServerHello' ? ' Version="1.0"' : '';
  return utf8(`${declaration}<${root} ${qualified} Status="${status}"${version}/>`);
};
