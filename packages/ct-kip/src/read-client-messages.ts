import { CtKipError } from './errors.ts';
import {
  findChild,
  malformed,
  needChild,
  needSessionId,
  needText,
  needVersion,
  nonceOf,
  octetsOf,
  readExtensions,
  readRoot,
} from './message-tree.ts';
import type { Codec } from './dialect.ts';
import type { ClientHello, ClientNonce } from './messages.ts';
import type { XmlElement } from './xml.ts';

function readAlgorithms(root: XmlElement, name: string): string[] {
  const list = needChild(root, name);
  const algorithms = list.children.filter((child) => child.name === 'Algorithm').map(needText);
  if (algorithms.length === 0) throw malformed(`${name} is empty`, list);
  return algorithms;
}

function readClientHello(root: XmlElement): ClientHello {
  const tokenId = findChild(root, 'TokenID');
  const keyId = findChild(root, 'KeyID');
  const helloNonce = findChild(root, 'ClientNonce');
  const triggerNonce = findChild(root, 'TriggerNonce');
  // In pass 1 nothing was sent yet that a ServerInfo could bring back: a bare Data here is unknown and harmless.
  const { clientInfo, device, hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ClientHello',
    version: needVersion(root),
    keyTypes: readAlgorithms(root, 'SupportedKeyTypes'),
    encryptionAlgorithms: readAlgorithms(root, 'SupportedEncryptionAlgorithms'),
    macAlgorithms: readAlgorithms(root, 'SupportedMACAlgorithms'),
    tokenId: tokenId && octetsOf(tokenId),
    keyId: keyId && octetsOf(keyId),
    helloNonce: helloNonce && nonceOf(helloNonce),
    triggerNonce: triggerNonce && nonceOf(triggerNonce),
    device,
    clientInfo,
    hasUnknownCriticalExtension,
  };
}

function readClientNonce(root: XmlElement): ClientNonce {
  const { clientInfo, serverInfo, hasUnknownCriticalExtension } = readExtensions(root);
  return {
    type: 'ClientNonce',
    version: needVersion(root),
    sessionId: needSessionId(root),
    encryptedNonce: octetsOf(needChild(root, 'EncryptedNonce')),
    clientInfo,
    serverInfo,
    hasUnknownCriticalExtension,
  };
}

/** Reads pass 1 or pass 3 in either dialect (RFC 4758 sections 3.8.3 and 3.8.5); see `Codec`. */
export const readClientMessage: Codec['readClientMessage'] = (source) => readClientTree(readRoot(source));

/** As `readClientMessage`, for XML that was read before. */
export function readClientTree(root: XmlElement): ClientHello | ClientNonce {
  if (root.name === 'ClientHello') return readClientHello(root);
  if (root.name === 'ClientNonce') return readClientNonce(root);
  throw new CtKipError('unknown-request', 'The message is neither ClientHello nor ClientNonce', {
    line: root.line,
  });
}
