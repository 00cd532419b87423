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
    description: 'A token profile by its id, with PROFILES_READ; else null.',
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
  description: 'Makes a token profile.',
  about: {
    input:
      'Defaults: SECURID 8/60 or TOTP 6/30 as the device type allows, PIN style NONE, 1440 minutes for URL codes, OWNER for QR and FIRST_USE else; FIRST_USE is refused (Unsupported) for CT_KIP_QR and OTPAUTH_QR.',
  },
  input: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters, unique without case.' }),
    deviceDefinitionId: t.id({ required: true }),
    deliveryMethod: t.field({
      type: DeliveryMethodEnum,
      required: true,
      description: 'CT_KIP_QR, CT_KIP_URL or OTPAUTH_QR, where the device type can do it.',
    }),
    algorithm: t.field({
      type: TokenAlgorithmEnum,
      description: 'Default: SECURID where device type and delivery method allow it, else TOTP.',
    }),
    tokencodeLength: t.int({
      description: 'Digits. Default: 8 for SECURID, 6 for TOTP, as the device type allows.',
    }),
    tokencodeInterval: t.int({
      description: 'Seconds. Default: 60 for SECURID, 30 for TOTP, as the device type allows.',
    }),
    hashAlgorithm: t.field({ type: HashAlgorithmEnum, description: 'TOTP only. Default SHA1.' }),
    pinStyle: t.field({
      type: PinStyleEnum,
      description: 'Default NONE; the others are Unsupported so far.',
    }),
    activationCodeMinutes: t.int({ description: 'URL only: 5 to 10080. Default 1440.' }),
    seedConfirmation: t.field({
      type: SeedConfirmationEnum,
      description: 'Default OWNER for QR, FIRST_USE else. FIRST_USE is Unsupported for QR.',
    }),
    acceptSilentDevices: t.boolean({
      description:
        'With a binding to one device: whether a device that tells nothing of itself is accepted. Default false.',
    }),
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
    name: t.string({ description: '1 to 100 characters, unique without case.' }),
    activationCodeMinutes: t.int({
      description: 'URL only: 5 to 10080. Codes that are under way keep their time.',
    }),
    acceptSilentDevices: t.boolean({
      description: 'With a binding to one device: whether a device that tells nothing of itself is accepted.',
    }),
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
