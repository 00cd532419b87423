import { CtKipError } from '@symbolon/ct-kip/errors';
import { AuthenticatorError } from './errors.ts';

/** A stranger's text for a terminal: no control characters, spaces folded, at most 200 characters. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/**
 * What a failed run of CT-KIP means to the person with the device. Anything but a `CtKipError` comes back as it is.
 * Nothing has been stored when this is called, and the sentences say so where one could doubt it.
 */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof CtKipError)) return error;
  const because = (code: AuthenticatorError['code'], sentence: string) =>
    new AuthenticatorError(code, sentence, { cause: error });
  if (error.code === 'refused') return because(...readRefusal(error));
  if (error.code === 'mac-mismatch' || error.code === 'key-unexpected') {
    return because(
      'SERVER_NOT_PROVEN',
      'The server could not prove that it is the right one. Nothing was stored.',
    );
  }
  if (error.code === 'envelope-malformed' || error.code.startsWith('xml-')) {
    return because('NOT_CT_KIP', `What answers at this address is no CT-KIP service (${error.message}).`);
  }
  if (error.code === 'invalid-argument') return because('USAGE', `${error.message}.`);
  return because(
    'ANSWER_UNUSABLE',
    `The server's answer cannot be used: ${error.message}. Nothing was stored.`,
  );
}

function readRefusal({ fault, status, message }: CtKipError): [AuthenticatorError['code'], string] {
  const words = fault ?? status ?? message;
  if (/authori[sz]ation code|activation code/i.test(words)) {
    return [
      'CODE_REFUSED',
      'The server refuses the activation code: it has expired, was used, or is not right. Get a new QR code or link.',
    ];
  }
  if (words === 'AccessDenied') {
    return [
      'CODE_REFUSED',
      'The server refuses: the code has expired, was used or is not right, or the token is meant for another device. ' +
        'Get a new QR code or link.',
    ];
  }
  if (/device/i.test(words)) {
    return [
      'WRONG_DEVICE',
      'The token is meant for another device. Check --device-class and --device-id, or ask your administrator.',
    ];
  }
  return ['SERVER_REFUSED', `The server refused: ${plainText(words.split('nested exception')[0] as string)}`];
}
