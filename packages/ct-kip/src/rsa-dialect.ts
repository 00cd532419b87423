import { prfAes, prfAes2005Nov, rsa15, securidAes } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { rsaRules } from './key-derivation.ts';
import { readClientMessage, writeClientHello, writeClientNonce } from './rsa-client-messages.ts';
import { writeFailure, writeServerFinished, writeServerHello } from './rsa-server-layout.ts';
import { readServerFinished, readServerHello } from './rsa-server-messages.ts';
import { makeSessionId } from './session-id.ts';

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
  keyTypes: [securidAes],
  encryptionAlgorithms: [rsa15],
  macAlgorithms: [prfAes2005Nov],
  // RSA's Android app compares this attribute, and only this one, with the 2005/12 spelling.
  finishedMacAlgorithm: prfAes,
  makeSessionId,
};
