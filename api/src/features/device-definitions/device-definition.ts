export const deliveryMethods = ['CT_KIP_QR', 'CT_KIP_URL', 'CTF', 'FILE', 'OTPAUTH_QR'] as const;
export const tokenAlgorithms = ['SECURID', 'TOTP'] as const;
export const pinStyles = ['PINPAD', 'FOB', 'NONE'] as const;
export const codeFormats = ['DIGITS', 'OCTETS'] as const;
export const hashAlgorithms = ['SHA1', 'SHA256', 'SHA512'] as const;
/** The CT-KIP that an app speaks: RSA's SOAP dialect, or RFC 4758. */
export const dialects = ['RSA', 'RFC'] as const;
export const platforms = ['IOS', 'ANDROID', 'OTHER'] as const;
export type DeliveryMethod = (typeof deliveryMethods)[number];

/** What a definition file states; `docs/device-definition.md` describes the format. */
export type DeviceDefinition = {
  deviceType: string;
  /** GUID in lower case, without braces. */
  deviceClass: string;
  algorithms: (typeof tokenAlgorithms)[number][];
  tokencodeLengths: number[];
  /** Seconds. */
  tokencodeIntervals: number[];
  pinStyles: (typeof pinStyles)[number][];
  deliveryMethods: DeliveryMethod[];
  linkTemplates: Partial<Record<DeliveryMethod, string>>;
  codeFormat: (typeof codeFormats)[number];
  tellsDeviceId: boolean;
  serverKeyBits: number;
  /** RSA when the file does not say. */
  dialect: (typeof dialects)[number];
  /** RFC dialect: `rsa-1_5` is accepted from an app that offers nothing better. */
  allowsRsa15: boolean;
  /** Hash functions of TOTP; SHA1 when the file does not say. */
  hashAlgorithms: (typeof hashAlgorithms)[number][];
  appDownloadUrl: string | null;
  /** What the app runs on; OTHER when the file does not say. */
  platform: (typeof platforms)[number];
};
