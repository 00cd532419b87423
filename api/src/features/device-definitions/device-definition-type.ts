import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import {
  codeFormats,
  deliveryMethods,
  dialects,
  hashAlgorithms,
  pinStyles,
  platforms,
  tokenAlgorithms,
} from './device-definition.ts';
import type { DeviceDefinitionRow } from './table.ts';

export const DeliveryMethodEnum = builder.enumType('DeliveryMethod', {
  description: 'How a token gets onto a device.',
  values: valuesOf<(typeof deliveryMethods)[number]>({
    CT_KIP_QR:
      'The owner shows a QR code in self-service and scans it with the app; phone and server then agree on the seed by CT-KIP.',
    CT_KIP_URL:
      'Address and activation code (or one link) are sent to the owner; phone and server then agree on the seed by CT-KIP.',
    CTF: 'The whole token as one link or number, locked with a password if wanted: the seed travels in it.',
    FILE: 'The whole token as a file (SDTID; PSKC for TOTP), locked with a password if wanted: the seed travels in it.',
    OTPAUTH_QR: 'For authenticator apps that know no CT-KIP: the QR code holds the seed itself.',
  }),
});
export const TokenAlgorithmEnum = builder.enumType('TokenAlgorithm', {
  description: 'How tokencodes are made of seed and time.',
  values: valuesOf<(typeof tokenAlgorithms)[number]>({
    SECURID: 'SecurID, 128-bit seed: usually 8 digits each 60 seconds.',
    TOTP: 'RFC 6238: usually 6 digits each 30 seconds.',
  }),
});
export const PinStyleEnum = builder.enumType('PinStyle', {
  description: 'Whether there is a PIN, and where it is typed.',
  values: valuesOf<(typeof pinStyles)[number]>({
    PINPAD: 'The PIN is typed into the app, which shows it mixed into the code.',
    FOB: 'The PIN is typed before the tokencode, where one signs in.',
    NONE: 'No PIN. The only one that Symbolon makes tokens with so far.',
  }),
});
export const HashAlgorithmEnum = builder.enumType('HashAlgorithm', {
  description: 'Hash function of a TOTP token (RFC 6238).',
  values: valuesOf<(typeof hashAlgorithms)[number]>({
    SHA1: 'HMAC-SHA-1; what every authenticator app can.',
    SHA256: 'HMAC-SHA-256.',
    SHA512: 'HMAC-SHA-512.',
  }),
});
const CtKipDialectEnum = builder.enumType('CtKipDialect', {
  description: 'The CT-KIP that an app speaks: RSA’s SOAP dialect, or RFC 4758 as published.',
  values: valuesOf<(typeof dialects)[number]>({
    RSA: 'In RSA’s SOAP envelope, at `/ctkip/services/CtkipService`.',
    RFC: 'RFC 4758 as published, at `/ctkip`.',
  }),
});
const PlatformEnum = builder.enumType('Platform', {
  description: 'What an app runs on.',
  values: valuesOf<(typeof platforms)[number]>({
    IOS: 'iPhone and iPad. Activation links can be mailed.',
    ANDROID: 'Android. Activation links can be mailed.',
    OTHER: 'Anything else, or several. No activation links are mailed.',
  }),
});
const CodeFormatEnum = builder.enumType('CodeFormat', {
  description:
    'DIGITS: twelve decimal digits, typed or scanned. OCTETS: 128 random bits, where nobody types the code.',
  values: valuesOf<(typeof codeFormats)[number]>({
    DIGITS: 'Twelve decimal digits; people can type them.',
    OCTETS: '128 random bits as 22 characters of base64url; only a link or QR code carries them.',
  }),
});

type Template = { deliveryMethod: (typeof deliveryMethods)[number]; template: string };
const LinkTemplate = builder.objectRef<Template>('LinkTemplate').implement({
  description: 'From which text the link for a delivery method is made.',
  fields: (t) => ({
    deliveryMethod: t.field({
      type: DeliveryMethodEnum,
      description: 'Whose link it is: CT_KIP_QR or CT_KIP_URL.',
      resolve: ({ deliveryMethod }) => deliveryMethod,
    }),
    template: t.exposeString('template', {
      description:
        'The link, with `{scheme}`, `{host}`, `{path}`, `{url}`, `{code}` and `{key}` where server and activation code come in.',
    }),
  }),
});

/** A definition's row by its id, for PROFILES_READ. Others meet it only through the profile of their own token. */
export async function visibleDeviceDefinition(
  { viewer, loaders }: GraphQLContext,
  id: string,
): Promise<DeviceDefinitionRow | null> {
  return viewer?.permissions.has('PROFILES_READ') ? loaders.deviceDefinition.load(id) : null;
}

export const DeviceDefinition = nodeRef<DeviceDefinitionRow>('DeviceDefinition', visibleDeviceDefinition);

DeviceDefinition.implement({
  description: 'What one app on one platform can do; imported from a device definition file.',
  interfaces: [Node],
  fields: (t) => ({
    deviceType: t.exposeString('deviceType', {
      description: 'Name of the device type, 1 to 64 characters, unique without case.',
    }),
    deviceClass: t.exposeString('deviceClass', {
      description: 'Class GUID that means «any device of this kind».',
    }),
    deliveryMethods: t.field({
      type: [DeliveryMethodEnum],
      description: 'How a token can get into the app.',
      resolve: (row) => row.deliveryMethods as Template['deliveryMethod'][],
    }),
    algorithms: t.field({
      type: [TokenAlgorithmEnum],
      description: 'Which kinds of tokens the app can be.',
      resolve: (row) => row.algorithms as ('SECURID' | 'TOTP')[],
    }),
    tokencodeLengths: t.exposeIntList('tokencodeLengths', {
      description: 'Digits that its tokencodes can have.',
    }),
    tokencodeIntervals: t.exposeIntList('tokencodeIntervals', { description: 'Seconds.' }),
    pinStyles: t.field({
      type: [PinStyleEnum],
      description: 'Where a PIN can be typed for it.',
      resolve: (row) => row.pinStyles as (typeof pinStyles)[number][],
    }),
    tellsDeviceId: t.exposeBoolean('tellsDeviceId', {
      description:
        'Whether the app tells its own device id in CT-KIP, so that a binding to one device can be checked.',
    }),
    linkTemplates: t.field({
      type: [LinkTemplate],
      description: 'What QR codes and links for the app look like.',
      resolve: ({ linkTemplates }) =>
        Object.entries(linkTemplates).map(([deliveryMethod, template]) => ({
          deliveryMethod: deliveryMethod as Template['deliveryMethod'],
          template,
        })),
    }),
    codeFormat: t.field({
      type: CodeFormatEnum,
      description: 'Form of the activation codes that its links carry.',
      resolve: ({ codeFormat }) => codeFormat,
    }),
    serverKeyBits: t.exposeInt('serverKeyBits', { description: 'RSA key size the app works with.' }),
    dialect: t.field({
      type: CtKipDialectEnum,
      description: 'Which CT-KIP it speaks.',
      resolve: ({ dialect }) => dialect,
    }),
    allowsRsa15: t.exposeBoolean('allowsRsa15', {
      description: 'Dialect RFC: rsa-1_5 is accepted from an app that offers nothing better.',
    }),
    hashAlgorithms: t.field({
      type: [HashAlgorithmEnum],
      description: 'Hash functions that the app can use for TOTP.',
      resolve: (row) => row.hashAlgorithms as (typeof hashAlgorithms)[number][],
    }),
    appDownloadUrl: t.exposeString('appDownloadUrl', {
      nullable: true,
      description: 'Where people get the app; null: the file does not say.',
    }),
    platform: t.field({
      type: PlatformEnum,
      description: 'What the app runs on.',
      resolve: ({ platform }) => platform,
    }),
    shipped: t.exposeBoolean('shipped', { description: 'Came with Symbolon.' }),
    source: t.exposeString('source', { description: 'The definition file as imported.' }),
  }),
});
