import { prfAes, prfOf, prfSha256, rsa15, rsaOaep, securidAes, totpKeyType } from './algorithms.ts';
import type { Dialect } from './dialect.ts';
import { rfcRules } from './key-derivation.ts';
import { readClientMessage } from './read-client-messages.ts';
import { readServerFinished, readServerHello } from './read-server-messages.ts';
import {
  writeClientHello,
  writeClientNonce,
  writeFailure,
  writeServerFinished,
  writeServerHello,
} from './rfc-layout.ts';
import { makeSessionId } from './session-id.ts';

/**
 * CT-KIP as RFC 4758 prints it. What is offered by default is the public-key variant, OAEP first; a client or server with
 * a shared key names `prfAes` or `prfSha256` among its encryption algorithms itself.
 */
export const rfcDialect: Dialect = {
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
  derivation: rfcRules,
  keyTypes: [securidAes, totpKeyType],
  encryptionAlgorithms: [rsaOaep, rsa15],
  macAlgorithms: [prfSha256, prfAes],
  nonceSchemeOf(uri) {
    if (uri === rsaOaep) return 'oaep';
    return uri === rsa15 ? 'pkcs1' : prfOf(uri);
  },
  finishedMacAlgorithm: (negotiated) => negotiated,
  returnsServerNonce: false,
  leastModulusBits: 2048,
  makeSessionId,
};
