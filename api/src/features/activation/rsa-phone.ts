import {
  answerClientHello,
  answerClientNonce,
  finishedProvisioningData,
  helloProvisioningData,
  type RsaRequest,
  writeRsaFault,
  writeRsaResponse,
} from '@symbolon/ct-kip/rsa-server';
import { type PhoneRequest, SERVICE_ID } from './phone-request.ts';
import { exponent, serverKey } from './server-keys.ts';

/** What a phone is told that may not take the token; it holds nothing that helps a guesser. */
const wrongDeviceFault = 'The CT-KIP Web Service refused this device: the token is bound to another device.';

/** A POST in the dialect of RSA's apps. */
export function rsaPhone(request: RsaRequest, body: Uint8Array): PhoneRequest {
  const { authData, device, message } = request;
  const common = {
    dialect: 'RSA',
    device,
    body,
    refusal: (because: 'code' | 'device') =>
      writeRsaFault(because === 'device' ? wrongDeviceFault : undefined),
  } as const;
  const echoed = helloProvisioningData(request.provisioningData);
  if (message.type === 'ClientHello') {
    return {
      ...common,
      pass: 'hello',
      async answerHello(deps, { definition }) {
        const use = { dialect: 'RSA', scheme: 'oaep', bits: definition.serverKeyBits } as const;
        const key = await serverKey(deps.db, deps, use);
        const answer = answerClientHello({
          hello: message,
          key: { modulus: key.modulus, exponent },
          random: deps.random.bytes,
        });
        const reply = writeRsaResponse({ authData, provisioningData: echoed, message: answer.reply });
        return { answer, key, reply };
      },
    };
  }
  return {
    ...common,
    pass: 'nonce',
    sessionId: message.sessionId,
    answerNonce(_deps, { profile, token }, session, key) {
      const answer = answerClientNonce({
        nonce: message,
        session: { sessionId: session.id, serverNonce: session.serverNonce },
        privateKey: key.privateKey,
        modulus: key.modulus,
        token: { ...profile, serialNumber: token.serialNumber, expiresOn: token.expiresOn },
        serviceId: SERVICE_ID,
      });
      const provisioningData =
        answer.status === 'Success' ? finishedProvisioningData(profile.pinStyle) : echoed;
      return { answer, reply: writeRsaResponse({ authData, provisioningData, message: answer.reply }) };
    },
  };
}
