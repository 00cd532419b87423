import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import {
  codeFormats,
  deliveryMethods,
  dialects,
  hashAlgorithms,
  pinStyles,
  platforms,
  tokenAlgorithms,
} from './parse-device-definition.ts';
import type { DeviceDefinitionRow } from './table.ts';

export const DeliveryMethodEnum = builder.enumType('DeliveryMethod', { values: deliveryMethods });
export const TokenAlgorithmEnum = builder.enumType('TokenAlgorithm', { values: tokenAlgorithms });
export const PinStyleEnum = builder.enumType('PinStyle', { values: pinStyles });
export const HashAlgorithmEnum = builder.enumType('HashAlgorithm', {
  description: 'Hash function of a TOTP token (RFC 6238).',
  values: hashAlgorithms,
});
const CtKipDialectEnum = builder.enumType('CtKipDialect', {
  description: 'The CT-KIP that an app speaks: RSA’s SOAP dialect, or RFC 4758 as published.',
  values: dialects,
});
const PlatformEnum = builder.enumType('Platform', { values: platforms });
const CodeFormatEnum = builder.enumType('CodeFormat', {
  description:
    'DIGITS: twelve decimal digits, typed or scanned. OCTETS: 128 random bits, where nobody types the code.',
  values: codeFormats,
});

type Template = { deliveryMethod: (typeof deliveryMethods)[number]; template: string };
const LinkTemplate = builder.objectRef<Template>('LinkTemplate').implement({
  fields: (t) => ({
    deliveryMethod: t.field({ type: DeliveryMethodEnum, resolve: ({ deliveryMethod }) => deliveryMethod }),
    template: t.exposeString('template'),
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
    deviceType: t.exposeString('deviceType'),
    deviceClass: t.exposeString('deviceClass', {
      description: 'Class GUID that means «any device of this kind».',
    }),
    deliveryMethods: t.field({
      type: [DeliveryMethodEnum],
      resolve: (row) => row.deliveryMethods as Template['deliveryMethod'][],
    }),
    algorithms: t.field({
      type: [TokenAlgorithmEnum],
      resolve: (row) => row.algorithms as ('SECURID' | 'TOTP')[],
    }),
    tokencodeLengths: t.exposeIntList('tokencodeLengths'),
    tokencodeIntervals: t.exposeIntList('tokencodeIntervals', { description: 'Seconds.' }),
    pinStyles: t.field({
      type: [PinStyleEnum],
      resolve: (row) => row.pinStyles as (typeof pinStyles)[number][],
    }),
    tellsDeviceId: t.exposeBoolean('tellsDeviceId', {
      description:
        'Whether the app tells its own device id in CT-KIP, so that a binding to one device can be checked.',
    }),
    linkTemplates: t.field({
      type: [LinkTemplate],
      resolve: ({ linkTemplates }) =>
        Object.entries(linkTemplates).map(([deliveryMethod, template]) => ({
          deliveryMethod: deliveryMethod as Template['deliveryMethod'],
          template,
        })),
    }),
    codeFormat: t.field({ type: CodeFormatEnum, resolve: ({ codeFormat }) => codeFormat }),
    serverKeyBits: t.exposeInt('serverKeyBits', { description: 'RSA key size the app works with.' }),
    dialect: t.field({ type: CtKipDialectEnum, resolve: ({ dialect }) => dialect }),
    allowsRsa15: t.exposeBoolean('allowsRsa15', {
      description: 'Dialect RFC: rsa-1_5 is accepted from an app that offers nothing better.',
    }),
    hashAlgorithms: t.field({
      type: [HashAlgorithmEnum],
      description: 'Hash functions that the app can use for TOTP.',
      resolve: (row) => row.hashAlgorithms as (typeof hashAlgorithms)[number][],
    }),
    appDownloadUrl: t.exposeString('appDownloadUrl', { nullable: true }),
    platform: t.field({
      type: PlatformEnum,
      description: 'What the app runs on.',
      resolve: ({ platform }) => platform,
    }),
    shipped: t.exposeBoolean('shipped', { description: 'Came with Symbolon.' }),
    source: t.exposeString('source', { description: 'The definition file as imported.' }),
  }),
});
