import { prfAes, prfAes2005Nov, rsa15, securidAes } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { rsaRules } from './key-derivation.ts';
import { readClientMessage } from './read-client-messages.ts';
import { readServerFinished, readServerHello } from './read-server-messages.ts';
import { writeClientHello, writeClientNonce } from './rsa-client-messages.ts';
import { writeFailure, writeServerFinished, writeServerHello } from './rsa-server-layout.ts';
import { makeSessionId } from './session-id.ts';

/** The one of each that there is. */
export const rsaAlgorithms = {
  keyType: securidAes,
  encryptionAlgorithm: rsa15,
  macAlgorithm: prfAes2005Nov,
} as const;

/** CT-KIP as RSA's apps and servers speak it inside SOAP: one key type, one encryption, one MAC, own derivation. */
export const rsaDialect: Dialect = {
  codec: {
    readClientMessage,
    readServerHello,
    readServerFinished,
    writeClientHello,
    writeClientNonce,
    writeServerHello,
    writeServerFinished,
    writeFailure,
  },
  derivation: rsaRules,
  keyTypes: [rsaAlgorithms.keyType],
  encryptionAlgorithms: [rsaAlgorithms.encryptionAlgorithm],
  macAlgorithms: [rsaAlgorithms.macAlgorithm],
  // RSA's Android app compares this attribute, and only this one, with the 2005/12 spelling.
  finishedMacAlgorithm: () => prfAes,
  nonceSchemeOf: (uri) => (uri === rsa15 ? 'oaep' : undefined),
  returnsServerNonce: true,
  leastModulusBits: 1024,
  makeSessionId,
};
