import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import {
  DeliveryMethodEnum,
  DeviceDefinition,
  HashAlgorithmEnum,
  PinStyleEnum,
  TokenAlgorithmEnum,
} from '../device-definitions/device-definition-type.ts';
import type { TokenProfileRow } from './table.ts';

export const SeedConfirmationEnum = builder.enumType('SeedConfirmation', {
  description:
    'OWNER: live only after its owner, signed in to self-service, entered a tokencode of it. FIRST_USE: after the first accepted code from anywhere.',
  values: valuesOf({
    OWNER: 'Live once its owner, signed in to self-service, has entered a tokencode of it.',
    FIRST_USE: 'Live after the first accepted code from anywhere.',
  }),
});

/** A profile's row by its id, for PROFILES_READ. Others meet only the profile of their own token, through the token. */
export async function visibleTokenProfile(
  { viewer, loaders }: GraphQLContext,
  id: string,
): Promise<TokenProfileRow | null> {
  return viewer?.permissions.has('PROFILES_READ') ? loaders.tokenProfile.load(id) : null;
}

export const TokenProfile = nodeRef<TokenProfileRow>('TokenProfile', visibleTokenProfile);

TokenProfile.implement({
  description: 'Token configuration plus delivery method for one device type. Its device type never changes.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { description: '1 to 100 characters, unique without case.' }),
    deviceDefinition: t.field({
      type: DeviceDefinition,
      description: 'The device type that it is for.',
      resolve: async ({ deviceDefinitionId }, _args, { loaders }) =>
        (await loaders.deviceDefinition.load(deviceDefinitionId))!,
    }),
    deliveryMethod: t.field({
      type: DeliveryMethodEnum,
      description: 'How it delivers a token.',
      resolve: ({ deliveryMethod }) => deliveryMethod,
    }),
    algorithm: t.field({
      type: TokenAlgorithmEnum,
      description: 'Which kind of tokens it delivers.',
      resolve: ({ algorithm }) => algorithm,
    }),
    tokencodeLength: t.exposeInt('tokencodeLength', { description: 'Digits.' }),
    tokencodeInterval: t.exposeInt('tokencodeInterval', { description: 'Seconds.' }),
    hashAlgorithm: t.field({
      type: HashAlgorithmEnum,
      nullable: true,
      description: 'Hash function of a TOTP token; null for SECURID.',
      resolve: ({ hashAlgorithm }) => hashAlgorithm,
    }),
    pinStyle: t.field({
      type: PinStyleEnum,
      description: 'Where a PIN is typed; NONE so far.',
      resolve: ({ pinStyle }) => pinStyle,
    }),
    seedConfirmation: t.field({
      type: SeedConfirmationEnum,
      description: 'What makes a new seed live; until then it is provisional.',
      resolve: ({ seedConfirmation }) => seedConfirmation,
    }),
    activationCodeMinutes: t.exposeInt('activationCodeMinutes', {
      nullable: true,
      description:
        'How long a code sent as URL lives; null for QR, whose activation lives qrMinutes of the settings (5).',
    }),
    acceptSilentDevices: t.exposeBoolean('acceptSilentDevices', {
      description: 'With a binding to one device: accepts a device that tells nothing of itself.',
    }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Retired: existing tokens go on, nothing new is distributed with it.',
    }),
    unused: t.boolean({
      description: 'Nothing has ever been distributed with it, so it can be deleted.',
      resolve: async ({ id }, _args, { loaders }) => !(await loaders.tokenProfileUsed.load(id)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});
