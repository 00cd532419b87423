import { Failure } from '../../lib/failure.ts';
import type { DeviceDefinitionRow } from '../device-definitions/table.ts';
import type { DeliveryMethod } from '../device-definitions/device-definition.ts';
import type { TokenProfileRow } from './table.ts';

type TokenSettings = Pick<
  TokenProfileRow,
  'algorithm' | 'tokencodeLength' | 'tokencodeInterval' | 'hashAlgorithm' | 'pinStyle'
>;

export type TokenSettingsInput = {
  /** Default: SECURID 8/60 or TOTP 6/30, as the device type allows. */
  algorithm?: 'SECURID' | 'TOTP' | null | undefined;
  tokencodeLength?: number | null | undefined;
  /** Seconds. */
  tokencodeInterval?: number | null | undefined;
  /** TOTP only. Default SHA1. */
  hashAlgorithm?: 'SHA1' | 'SHA256' | 'SHA512' | null | undefined;
  /** Default NONE. */
  pinStyle?: 'NONE' | 'PINPAD' | 'FOB' | null | undefined;
};

const usual = {
  SECURID: { tokencodeLength: 8, tokencodeInterval: 60 },
  TOTP: { tokencodeLength: 6, tokencodeInterval: 30 },
} as const;

/**
 * Token settings for a device type and a delivery method; what is not chosen is as usual for the algorithm, if the device
 * type allows.
 * @throws Failure Unsupported `algorithm.not_of_device`, `tokencode_length.not_of_device`,
 *   `tokencode_interval.not_of_device`, `pin_style.not_of_device`, `pin_style.unsupported`,
 *   `algorithm.not_of_delivery`, `hash_algorithm.not_of_device`, `hash_algorithm.not_of_delivery`
 */
export function checkTokenSettings(
  definition: DeviceDefinitionRow,
  deliveryMethod: DeliveryMethod,
  input: TokenSettingsInput,
): TokenSettings {
  const { deviceType, algorithms, pinStyles, tokencodeLengths, tokencodeIntervals } = definition;
  const unsupported = (code: string, message: string) =>
    new Failure('Unsupported', code, message, { deviceType });
  const pick = (
    wanted: number | null | undefined,
    common: number,
    allowed: number[],
    code: string,
    what: string,
  ) => {
    const value = wanted ?? (allowed.includes(common) ? common : allowed[0]!);
    if (allowed.includes(value)) return value;
    throw unsupported(code, `${deviceType} has no ${what} ${value}; it has ${allowed.join(' and ')}.`);
  };

  const isOtpauth = deliveryMethod === 'OTPAUTH_QR';
  const isCtKip = deliveryMethod === 'CT_KIP_QR' || deliveryMethod === 'CT_KIP_URL';
  const usually = algorithms.includes('SECURID') && !isOtpauth ? 'SECURID' : 'TOTP';
  const algorithm = input.algorithm ?? usually;
  if (!algorithms.includes(algorithm)) {
    throw unsupported(
      'algorithm.not_of_device',
      `${deviceType} shows no ${algorithm} codes; it shows ${algorithms.join(' and ')}.`,
    );
  }
  const takesSecuridOnly = deliveryMethod === 'CTF' || (isCtKip && definition.dialect === 'RSA');
  if (isOtpauth !== (algorithm === 'TOTP') && (isOtpauth || takesSecuridOnly)) {
    throw unsupported(
      'algorithm.not_of_delivery',
      isOtpauth
        ? 'An otpauth QR code holds a TOTP token. Choose TOTP, or another delivery method for SECURID.'
        : `${deviceType} takes only SECURID tokens this way. Choose SECURID.`,
    );
  }
  const hashAlgorithm = algorithm === 'TOTP' ? (input.hashAlgorithm ?? 'SHA1') : null;
  if (hashAlgorithm && !definition.hashAlgorithms.includes(hashAlgorithm)) {
    throw unsupported(
      'hash_algorithm.not_of_device',
      `${deviceType} has no ${hashAlgorithm}; it has ${definition.hashAlgorithms.join(' and ')}.`,
    );
  }
  if (hashAlgorithm && hashAlgorithm !== 'SHA1' && isCtKip) {
    throw unsupported(
      'hash_algorithm.not_of_delivery',
      'By CT-KIP a TOTP token is agreed on for SHA1 only. Choose SHA1.',
    );
  }
  const pinStyle = input.pinStyle ?? 'NONE';
  if (pinStyle !== 'NONE') {
    throw unsupported('pin_style.unsupported', 'Symbolon does not make tokens with a PIN yet. Choose NONE.');
  }
  if (!pinStyles.includes(pinStyle)) {
    throw unsupported(
      'pin_style.not_of_device',
      `${deviceType} takes no tokens without a PIN. Choose another device type.`,
    );
  }
  const { tokencodeLength, tokencodeInterval } = usual[algorithm];
  return {
    algorithm,
    tokencodeLength: pick(
      input.tokencodeLength,
      tokencodeLength,
      tokencodeLengths,
      'tokencode_length.not_of_device',
      'tokencode length',
    ),
    tokencodeInterval: pick(
      input.tokencodeInterval,
      tokencodeInterval,
      tokencodeIntervals,
      'tokencode_interval.not_of_device',
      'tokencode interval',
    ),
    hashAlgorithm,
    pinStyle,
  };
}
