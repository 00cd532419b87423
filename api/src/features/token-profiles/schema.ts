import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { globalId, readGlobalId, rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import {
  DeliveryMethodEnum,
  HashAlgorithmEnum,
  PinStyleEnum,
  TokenAlgorithmEnum,
} from '../device-definitions/device-definition-type.ts';
import { createTokenProfile } from './create-token-profile.ts';
import { deleteTokenProfile } from './delete-token-profile.ts';
import { listTokenProfiles } from './list-token-profiles.ts';
import { restoreTokenProfile } from './restore-token-profile.ts';
import { retireTokenProfile } from './retire-token-profile.ts';
import type { TokenProfileRow } from './table.ts';
import { SeedConfirmationEnum, TokenProfile, visibleTokenProfile } from './token-profile-type.ts';
import { updateTokenProfile } from './update-token-profile.ts';

const TokenProfileConnection = connectionType('TokenProfile', TokenProfile);

builder.queryFields((t) => ({
  tokenProfile: t.field({
    type: TokenProfile,
    nullable: true,
    permission: 'SIGNED_IN',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      const read = readGlobalId(id);
      return read?.typename === 'TokenProfile' ? visibleTokenProfile(context, read.id) : null;
    },
  }),
  tokenProfiles: t.field({
    type: TokenProfileConnection,
    permission: 'PROFILES_READ',
    description: 'Token profiles by name, retired ones too.',
    args: pageArgs(t),
    resolve: (_root, args, { deps }) => listTokenProfiles(deps, args),
  }),
}));

type Changed = { tokenProfile: TokenProfileRow };

mutation<Changed>()('createTokenProfile', {
  permission: 'PROFILES_MANAGE',
  description:
    'Defaults: SECURID 8/60 or TOTP 6/30 as the device type allows, PIN style NONE, 1440 minutes for URL codes, OWNER for QR and FIRST_USE else; FIRST_USE is refused (Unsupported) for CT_KIP_QR and OTPAUTH_QR.',
  input: (t) => ({
    name: t.string({ required: true }),
    deviceDefinitionId: t.id({ required: true }),
    deliveryMethod: t.field({ type: DeliveryMethodEnum, required: true }),
    algorithm: t.field({ type: TokenAlgorithmEnum }),
    tokencodeLength: t.int(),
    tokencodeInterval: t.int({ description: 'Seconds.' }),
    hashAlgorithm: t.field({ type: HashAlgorithmEnum, description: 'TOTP only. Default SHA1.' }),
    pinStyle: t.field({ type: PinStyleEnum }),
    activationCodeMinutes: t.int({ description: 'URL only: 5 to 10080.' }),
    seedConfirmation: t.field({ type: SeedConfirmationEnum }),
    acceptSilentDevices: t.boolean({ description: 'Default false.' }),
  }),
  success: (t) => ({
    tokenProfile: t.field({ type: TokenProfile, resolve: ({ tokenProfile }) => tokenProfile }),
  }),
  failures: ['InvalidInput', 'NotFound', 'Unsupported', 'Conflict'],
  run: async ({ deps }, input) => ({
    tokenProfile: await createTokenProfile(deps, {
      ...input,
      deviceDefinitionId: rowId('DeviceDefinition', input.deviceDefinitionId),
    }),
  }),
});

mutation<Changed>()('updateTokenProfile', {
  permission: 'PROFILES_MANAGE',
  description:
    'Name, minutes and the switch for silent devices; the rest is fixed. Only what is given changes.',
  input: (t) => ({
    profileId: t.id({ required: true }),
    name: t.string(),
    activationCodeMinutes: t.int(),
    acceptSilentDevices: t.boolean(),
  }),
  success: (t) => ({
    tokenProfile: t.field({ type: TokenProfile, resolve: ({ tokenProfile }) => tokenProfile }),
  }),
  failures: ['InvalidInput', 'NotFound', 'Conflict'],
  run: async ({ deps }, input) => ({
    tokenProfile: await updateTokenProfile(deps, { ...input, profileId: profileIdOf(input) }),
  }),
});

mutation<Changed>()('retireTokenProfile', {
  permission: 'PROFILES_MANAGE',
  description: 'Existing tokens go on; nothing new is distributed with it.',
  input: (t) => ({ profileId: t.id({ required: true }) }),
  success: (t) => ({
    tokenProfile: t.field({ type: TokenProfile, resolve: ({ tokenProfile }) => tokenProfile }),
  }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    tokenProfile: await retireTokenProfile(deps, { profileId: profileIdOf(input) }),
  }),
});

mutation<Changed>()('restoreTokenProfile', {
  permission: 'PROFILES_MANAGE',
  description: 'Puts a retired profile back into use.',
  input: (t) => ({ profileId: t.id({ required: true }) }),
  success: (t) => ({
    tokenProfile: t.field({ type: TokenProfile, resolve: ({ tokenProfile }) => tokenProfile }),
  }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    tokenProfile: await restoreTokenProfile(deps, { profileId: profileIdOf(input) }),
  }),
});

mutation<{ deletedId: string }>()('deleteTokenProfile', {
  permission: 'PROFILES_MANAGE',
  description: 'Deletes a profile with which nothing was ever distributed.',
  input: (t) => ({ profileId: t.id({ required: true }) }),
  success: (t) => ({ deletedId: t.id({ resolve: ({ deletedId }) => globalId('TokenProfile', deletedId) }) }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    deletedId: await deleteTokenProfile(deps, { profileId: profileIdOf(input) }),
  }),
});

const profileIdOf = ({ profileId }: { profileId: string }) => rowId('TokenProfile', profileId);
