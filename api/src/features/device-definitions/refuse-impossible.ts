import { badDefinition, type Parts } from './device-definition-xml.ts';
import type { DeliveryMethod, DeviceDefinition } from './device-definition.ts';

/**
 * Refuses what no app can be, however well each part is written.
 * @throws Failure BadFile with the line of the part that does not fit
 */
export function refuseImpossible(definition: DeviceDefinition, parts: Parts): void {
  const refuse = (holds: boolean, part: string, message: string) => {
    if (holds) throw badDefinition((parts.get(part) ?? parts.root).line, message);
  };
  const has = (method: DeliveryMethod) => definition.deliveryMethods.includes(method);
  const isSecurid = definition.algorithms.includes('SECURID');
  const isTotp = definition.algorithms.includes('TOTP');

  for (const method of ['CT_KIP_QR', 'CT_KIP_URL'] as const) {
    const template = definition.linkTemplates[method];
    refuse(has(method) && template === undefined, 'deliveryMethods', `${method} needs a link template.`);
    refuse(
      !has(method) && template !== undefined,
      'linkTemplates',
      `There is a link template for ${method}, which is not among the delivery methods.`,
    );
    const lacksCode = template !== undefined && !template.includes('{code}');
    refuse(
      lacksCode && method === 'CT_KIP_QR',
      'linkTemplates',
      'The link template for CT_KIP_QR needs {code}: nobody types what a QR code lacks.',
    );
    refuse(
      lacksCode && definition.codeFormat === 'OCTETS',
      'codeFormat',
      'OCTETS is for codes that nobody types, so each link template needs {code}.',
    );
  }
  refuse(has('CTF') && !isSecurid, 'deliveryMethods', 'CTF is for SECURID only.');
  refuse(has('OTPAUTH_QR') && !isTotp, 'deliveryMethods', 'OTPAUTH_QR is for TOTP only.');
  refuse(
    !isSecurid && definition.pinStyles.some((style) => style !== 'NONE'),
    'pinStyles',
    'PIN styles other than NONE are for SECURID only.',
  );
  refuse(
    isTotp && !definition.pinStyles.includes('NONE'),
    'pinStyles',
    'TOTP has no PIN, so the PIN styles include NONE.',
  );
  refuse(
    isTotp && !definition.tokencodeIntervals.includes(30),
    'tokencodeIntervals',
    'TOTP apps show a code for 30 seconds, so the intervals include 30.',
  );
  refuse(
    definition.dialect === 'RSA' && !isSecurid && (has('CT_KIP_QR') || has('CT_KIP_URL')),
    'dialect',
    'TOTP by CT-KIP needs the dialect RFC.',
  );
  refuse(
    definition.dialect === 'RFC' && definition.serverKeyBits < 2048,
    'serverKeyBits',
    'The dialect RFC needs 2048 bits: 1024 are for RSA’s apps only.',
  );
  refuse(
    definition.dialect === 'RFC' && definition.codeFormat !== 'OCTETS',
    'codeFormat',
    'The dialect RFC needs the code format OCTETS: its code is a nonce of 16 octets.',
  );
  refuse(
    definition.dialect === 'RSA' && definition.allowsRsa15,
    'allowsRsa15',
    'allowsRsa15 is for the dialect RFC: in RSA’s the name means OAEP all the same.',
  );
}
