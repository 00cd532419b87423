import { createHash } from 'node:crypto';
import { rsa15, rsaOaep, securidAes, totpKeyType } from '@symbolon/ct-kip/algorithms';
import { silentDevice } from '@symbolon/ct-kip/device-facts';
import type { ClientHello, ClientNonce } from '@symbolon/ct-kip/messages';
import { utf8 } from '@symbolon/ct-kip/octets';
import { agreeRfc, answerRfcHello, answerRfcNonce, refuseRfc } from '@symbolon/ct-kip/rfc-server';
import type { ActionDeps } from '../../lib/deps.ts';
import type { CtKipRun } from './ct-kip-run.ts';
import { type PhoneRequest, SERVICE_ID } from './phone-request.ts';
import { exponent, serverKey } from './server-keys.ts';
import type { CtKipSessionRow } from './table.ts';

/** A POST in the dialect of RFC 4758. It has no words for why a phone is refused, only AccessDenied. */
export function rfcPhone(message: ClientHello | ClientNonce, body: Uint8Array): PhoneRequest {
  const refusal = () => refuseRfc(message.type, 'AccessDenied').reply;
  const common = { dialect: 'RFC', body, refusal } as const;
  if (message.type === 'ClientHello') {
    return {
      ...common,
      pass: 'hello',
      device: message.device,
      async answerHello(deps, { definition, profile, token }) {
        const agreed = agreeRfc(message, {
          keyTypes: [profile.algorithm === 'TOTP' ? totpKeyType : securidAes],
          encryptionAlgorithms: definition.allowsRsa15 ? [rsaOaep, rsa15] : [rsaOaep],
        });
        if (agreed.status !== 'Continue') return { answer: agreed, reply: agreed.reply };
        const { algorithms } = agreed;
        const scheme = algorithms.encryptionAlgorithm === rsa15 ? 'pkcs1' : 'oaep';
        const use = { dialect: 'RFC', scheme, bits: definition.serverKeyBits } as const;
        const key = await serverKey(deps.db, deps, use);
        const answer = answerRfcHello({
          hello: message,
          algorithms,
          key: { modulus: key.modulus, exponent },
          random: deps.random.bytes,
          tokenId: utf8(token.serialNumber),
        });
        return { answer, key, algorithms, reply: answer.reply };
      },
    };
  }
  return {
    ...common,
    pass: 'nonce',
    device: silentDevice,
    sessionId: message.sessionId,
    answerNonce(deps, run, session, key) {
      const answer = answerRfcNonce({
        nonce: message,
        session: { sessionId: session.id, serverNonce: session.serverNonce, ...algorithmsOf(session) },
        key,
        token: tokenFacts(deps, run, session),
        serviceId: SERVICE_ID,
      });
      return { answer, reply: answer.reply };
    },
  };
}

function algorithmsOf({ keyType, encryptionAlgorithm, macAlgorithm }: CtKipSessionRow) {
  if (!keyType || !encryptionAlgorithm || !macAlgorithm)
    throw new Error('A session of the RFC dialect names no algorithms.');
  return { keyType, encryptionAlgorithm, macAlgorithm };
}

function tokenFacts({ config }: ActionDeps, { token, owner, profile }: CtKipRun, session: CtKipSessionRow) {
  const { serialNumber } = token;
  // One key a run: whoever holds several of one token can tell them apart by this name (RFC 4758 section 3.8.6).
  const name = `${new URL(config.publicUrl).host}\0${serialNumber}\0${session.id}`;
  return {
    tokenId: utf8(serialNumber),
    keyId: new Uint8Array(createHash('sha256').update(name).digest()),
    expiresOn: token.expiresOn ?? undefined,
    tokencodeLength: profile.tokencodeLength,
    tokencodeInterval: profile.tokencodeInterval,
    userId: owner.userName,
  };
}
