import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { File } from '../files/file-type.ts';
import { DeviceBindingEnum } from '../tokens/token-type.ts';
import { distributeToken } from './distribute-token.ts';
import type { Distributed } from './distributed.ts';
import { Distribution } from './distribution-type.ts';
import type { DeliveredSeed } from './deliver-seed.ts';
import { takeTokenFile } from './take-token-file.ts';
import { revokeDistribution } from './revoke-distribution.ts';
import type { DistributionRow } from './table.ts';

const FormerSeed = builder.enumType('FormerSeed', {
  description:
    'What becomes of a seed that works today: it goes on until the new one is confirmed, or stops now (lost, stolen, unknown).',
  values: valuesOf<'KEEP_UNTIL_CONFIRMED' | 'STOP_NOW'>({
    KEEP_UNTIL_CONFIRMED: 'It goes on until the new one is confirmed.',
    STOP_NOW: 'It is deleted at once: lost, stolen, unknown.',
  }),
});
const ActivationCodeKind = builder.enumType('ActivationCodeKind', {
  description:
    'DIGITS: twelve digits, system-generated. LONG: 20 characters in groups, system-generated. OWN: chosen by the administrator.',
  values: valuesOf({
    DIGITS: 'Twelve digits, made by Symbolon.',
    LONG: 'Five groups of four letters and digits, made by Symbolon.',
    OWN: 'Chosen by the administrator; compared without case and hyphens.',
  }),
});
const FilePasswordRule = builder.enumType('FilePasswordRule', {
  description: 'How the password of a token file or CTF string is made.',
  values: valuesOf({
    NONE: 'No password.',
    PASSWORD: 'The password that was given.',
    USER_NAME: 'The user name of the owner.',
    USER_NAME_AND_PASSWORD: 'The user name, and the password that was given behind it.',
  }),
});

mutation<Distributed>()('distributeToken', {
  permission: 'TOKENS_DISTRIBUTE',
  description: 'Delivers an assigned token by a profile. A former code dies at once.',
  about: {
    success:
      'CT_KIP_URL: activationCode, ctKipUrl, link. CTF: ctfUrl. FILE: file. CT_KIP_QR and OTPAUTH_QR: nothing secret.',
  },
  input: (t) => ({
    tokenId: t.id({ required: true }),
    profileId: t.id({ required: true }),
    deviceBinding: t.field({ type: DeviceBindingEnum, description: 'Default CLASS.' }),
    deviceId: t.string({ description: 'With DEVICE only.' }),
    nickname: t.string({
      description: 'What the token is called; at most 50 characters. Empty: none. Default: as it was.',
    }),
    formerSeed: t.field({ type: FormerSeed, description: 'Required when the token has a live seed.' }),
    activationCodeKind: t.field({
      type: ActivationCodeKind,
      description:
        'CT_KIP_URL only (for QR the code is system-generated and cannot be chosen). Default DIGITS.',
    }),
    ownActivationCode: t.string({
      description:
        'With OWN only: 8 to 32 characters, [A-Za-z0-9-], refused when weak; kept as a lookup hash: never shown again, mailed or put into an output.',
    }),
    filePasswordRule: t.field({ type: FilePasswordRule, description: 'FILE and CTF only. Default NONE.' }),
    filePassword: t.string({
      description:
        'With PASSWORD and USER_NAME_AND_PASSWORD: at most 24 characters, together with the user name. Kept nowhere.',
    }),
    copyProtected: t.boolean({
      description:
        'FILE of SDTID only: whether apps refuse to hand the token on to another device. Default true.',
    }),
    idempotencyKey: t.string({
      description:
        'Of your own, at most 200 characters: the same key from the same user answers the same distribution again instead of making another.',
    }),
  }),
  success: (t) => ({
    distribution: t.field({ type: Distribution, resolve: ({ distribution }) => distribution }),
    activationCode: t.exposeString('activationCode', {
      nullable: true,
      description:
        'CT_KIP_URL: the code, answered here only. Send it by another way than the address. Null for QR, and when asked again after it has ended.',
    }),
    ctKipUrl: t.exposeString('ctKipUrl', {
      nullable: true,
      description: 'CT_KIP_URL: the address that the app asks for. Null for QR.',
    }),
    link: t.exposeString('link', {
      nullable: true,
      description:
        'CT_KIP_URL: one link that opens the app; whether it holds the code depends on the device definition. Null for QR.',
    }),
    ctfUrl: t.exposeString('ctfUrl', {
      nullable: true,
      description:
        'CTF: the token itself, as a link or digits; answered this once. Send its password by another way.',
    }),
    file: t.field({
      type: File,
      nullable: true,
      description: 'FILE: a ZIP with the token’s file, to be claimed once by `claimFile`.',
      resolve: ({ file }) => file,
    }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Unsupported', 'Conflict'],
  run: ({ deps }, input) =>
    distributeToken(deps, {
      ...input,
      tokenId: rowId('Token', input.tokenId),
      profileId: rowId('TokenProfile', input.profileId),
    }),
});

mutation<{ distribution: DistributionRow }>()('revokeDistribution', {
  permission: 'TOKENS_DISTRIBUTE',
  description: 'Ends an open distribution: its code dies.',
  input: (t) => ({ distributionId: t.id({ required: true }) }),
  success: (t) => ({
    distribution: t.field({ type: Distribution, resolve: ({ distribution }) => distribution }),
  }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    distribution: await revokeDistribution(deps, {
      distributionId: rowId('Distribution', input.distributionId),
    }),
  }),
});

mutation<DeliveredSeed>()('takeTokenFile', {
  permission: 'IN_PERSON',
  description:
    'For the owner, where an administrator allows it: makes the file or CTF string of a token that waits to be taken so. Once.',
  input: (t) => ({
    tokenId: t.id({ required: true }),
    filePasswordRule: t.field({ type: FilePasswordRule, description: 'Default NONE.' }),
    filePassword: t.string({
      description:
        'With PASSWORD and USER_NAME_AND_PASSWORD: at most 24 characters, together with the user name. Kept nowhere.',
    }),
  }),
  success: (t) => ({
    distribution: t.field({ type: Distribution, resolve: ({ distribution }) => distribution }),
    ctfUrl: t.exposeString('ctfUrl', {
      nullable: true,
      description: 'CTF: the token itself, as a link or digits; answered this once.',
    }),
    file: t.field({
      type: File,
      nullable: true,
      description: 'FILE: a ZIP with the token’s file, to be claimed once by `claimFile`.',
      resolve: ({ file }) => file,
    }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) => takeTokenFile(deps, { ...input, tokenId: rowId('Token', input.tokenId) }),
});
