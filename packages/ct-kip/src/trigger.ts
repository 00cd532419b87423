import { ownNamespace } from './algorithms.ts';
import type { Trigger } from './messages.ts';
import { findChild, malformed, needChild, nonceOf, octetsOf, readRoot, textOf } from './message-tree.ts';
import { writeTrigger } from './rfc-layout.ts';

export { writeTrigger };

/**
 * Reads a trigger (RFC 4758 section 3.8.2). It is not authenticated: whoever acts on it decides whether the address in
 * it may be asked.
 * @throws CtKipError `xml-*`, `message-malformed`
 */
export function readTrigger(source: Uint8Array): Trigger {
  const root = readRoot(source);
  if (root.name !== 'CT-KIPTrigger') throw malformed('The message is no trigger', root);
  const trigger = needChild(root, 'InitializationTrigger');
  const tokenId = findChild(trigger, 'TokenID');
  const keyId = findChild(trigger, 'KeyID');
  return {
    tokenId: tokenId && octetsOf(tokenId),
    keyId: keyId && octetsOf(keyId),
    triggerNonce: nonceOf(needChild(trigger, 'TriggerNonce')),
    serviceUrl: textOf(findChild(trigger, 'CT-KIPURL')),
    serverKeyFingerprint: textOf(findChild(trigger, 'ServerKey', ownNamespace)),
  };
}
