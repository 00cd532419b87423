import { builder } from '../../graphql/builder.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { DeviceBindingEnum } from '../tokens/token-type.ts';
import { type Distributed, distributeToken } from './distribute-token.ts';
import { Distribution } from './distribution-type.ts';
import { revokeDistribution } from './revoke-distribution.ts';
import type { DistributionRow } from './table.ts';

const FormerSeed = builder.enumType('FormerSeed', {
  description:
    'What becomes of a seed that works today: it goes on until the new one is confirmed, or stops now (lost, stolen, unknown).',
  values: ['KEEP_UNTIL_CONFIRMED', 'STOP_NOW'] as const,
});
const ActivationCodeKind = builder.enumType('ActivationCodeKind', {
  description:
    'DIGITS: twelve digits, system-generated. LONG: 20 characters in groups, system-generated. OWN: chosen by the administrator.',
  values: ['DIGITS', 'LONG', 'OWN'] as const,
});
builder.enumType('FilePasswordRule', {
  description: 'How the password of a token file or CTF string is made.',
  values: ['NONE', 'PASSWORD', 'USER_NAME', 'USER_NAME_AND_PASSWORD'] as const,
});

mutation<Distributed>()('distributeToken', {
  permission: 'TOKENS_DISTRIBUTE',
  description: 'Delivers an assigned token by a profile. A former code dies at once.',
  input: (t) => ({
    tokenId: t.id({ required: true }),
    profileId: t.id({ required: true }),
    deviceBinding: t.field({ type: DeviceBindingEnum, description: 'Default CLASS.' }),
    deviceId: t.string({ description: 'With DEVICE only.' }),
    nickname: t.string(),
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
    idempotencyKey: t.string(),
  }),
  success: (t) => ({
    distribution: t.field({ type: Distribution, resolve: ({ distribution }) => distribution }),
    activationCode: t.exposeString('activationCode', { nullable: true }),
    ctKipUrl: t.exposeString('ctKipUrl', { nullable: true }),
    link: t.exposeString('link', { nullable: true }),
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
