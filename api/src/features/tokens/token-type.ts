import { isSelf } from '../../auth/actor.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { PinStyleEnum, TokenAlgorithmEnum } from '../device-definitions/device-definition-type.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { User } from '../users/user-type.ts';
import { tokenStatuses } from './token-status.ts';
import type { TokenView } from './token-view.ts';

export const TokenStatusEnum = builder.enumType('TokenStatus', {
  description:
    'Derived, first match: REPLACED, EXPIRED, LOST, DISABLED, UNASSIGNED, ACTIVE (a live seed), PENDING (distributed, no live seed), ASSIGNED.',
  values: valuesOf<(typeof tokenStatuses)[number]>({
    UNASSIGNED: 'Has no owner.',
    ASSIGNED: 'Has an owner, and nothing is distributed.',
    PENDING: 'Distributed, or with a seed that is not confirmed; no live seed yet.',
    ACTIVE: 'Has a live seed: its codes are accepted.',
    DISABLED: 'Switched off: its codes are refused.',
    LOST: 'Reported lost by its owner: its codes are refused. Enabling it again means that it was found.',
    EXPIRED: 'Its last valid day (UTC) is over.',
    REPLACED: 'Another token has taken its place. It stays stopped.',
  }),
});

export const DeviceBindingEnum = builder.enumType('DeviceBinding', {
  description:
    "CLASS: any device of the definition's class. DEVICE: one device id. FIRST: whichever device activates first.",
  values: valuesOf({
    CLASS: "Any device of the definition's class, or one that tells no class.",
    DEVICE: 'Only the device with one id; one that tells none only if the profile accepts silent devices.',
    FIRST: 'As CLASS; the token is then noted as bound to the id that the device told, if it told one.',
  }),
});

/** A token if the viewer may see it: the owner, or with TOKENS_READ anybody. */
export async function visibleToken(context: GraphQLContext, id: string): Promise<TokenView | null> {
  const { viewer } = context;
  if (!viewer) return null;
  const token = await context.loaders.token.load(id);
  return token && (isSelf(viewer, token.ownerId) || viewer.permissions.has('TOKENS_READ')) ? token : null;
}

export const Token = nodeRef<TokenView>('Token', visibleToken);

const seedOf = (token: TokenView) => token.live ?? token.provisional;
const defaults = {
  SECURID: { tokencodeLength: 8, tokencodeInterval: 60 },
  TOTP: { tokencodeLength: 6, tokencodeInterval: 30 },
} as const;
const importedOf = ({ importedLength, importedInterval }: TokenView) =>
  importedLength && importedInterval
    ? { tokencodeLength: importedLength, tokencodeInterval: importedInterval }
    : null;
const settingsOf = (token: TokenView) =>
  seedOf(token) ?? token.profile ?? importedOf(token) ?? defaults[token.algorithm];

Token.implement({
  description: 'One credential: serial number, seed, settings, at most one owner.',
  interfaces: [Node],
  fields: (t) => ({
    serialNumber: t.exposeString('serialNumber', {
      description:
        '1 to 40 letters, digits and `. _ -`, unique without case; of a SECURID token exactly 12 digits. Without spaces.',
    }),
    algorithm: t.field({
      type: TokenAlgorithmEnum,
      description: 'How its tokencodes are made. Never changes.',
      resolve: ({ algorithm }) => algorithm,
    }),
    status: t.field({
      type: TokenStatusEnum,
      description: 'Where it stands today.',
      resolve: ({ status }) => status,
    }),
    enabled: t.exposeBoolean('enabled', {
      description: 'False: its codes are refused, and it cannot be activated.',
    }),
    tokencodeLength: t.int({
      description:
        'Of the live seed; else of the provisional one; else of the last distribution; else as imported; else 8/60 for SECURID, 6/30 for TOTP.',
      resolve: (token) => settingsOf(token).tokencodeLength,
    }),
    tokencodeInterval: t.int({
      description: 'Seconds.',
      resolve: (token) => settingsOf(token).tokencodeInterval,
    }),
    pinStyle: t.field({
      type: PinStyleEnum,
      description:
        'Where a PIN is typed. Other than NONE only as imported: such a token is used after a distribution by a profile without PIN.',
      resolve: (token) =>
        seedOf(token)?.pinStyle ?? token.profile?.pinStyle ?? token.importedPinStyle ?? 'NONE',
    }),
    expiresOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'Last valid day, UTC; null: does not expire.',
      resolve: ({ expiresOn }) => expiresOn,
    }),
    assignedTo: t.field({
      type: User,
      nullable: true,
      description: 'Its owner; null: has none.',
      resolve: ({ owner }) => owner,
    }),
    profile: t.field({
      type: TokenProfile,
      nullable: true,
      description: 'Of the last distribution.',
      resolve: ({ profile }) => profile,
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: 'What its owner calls it; null: nothing.',
    }),
    deviceBinding: t.field({
      type: DeviceBindingEnum,
      nullable: true,
      description:
        'Which device may take it, by the last distribution; null: was not distributed to this owner.',
      resolve: ({ deviceBinding }) => deviceBinding,
    }),
    boundDeviceId: t.exposeString('boundDeviceId', {
      nullable: true,
      description: 'Id of the device it is bound to, in lower case without separators; null: to none.',
    }),
    device: t.string({
      nullable: true,
      description: 'What the activating device said of itself; null if nothing.',
      resolve: (token) => (token.provisional ?? token.live)?.device ?? null,
    }),
    distributedAt: t.expose('distributedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last distributed to its owner; null: never.',
    }),
    activatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the newest seed was agreed by an activation; null when it came by file, string or import.',
      resolve: ({ provisional, live }) => {
        const newest = provisional ?? live;
        return newest?.activationId ? newest.createdAt : null;
      },
    }),
    confirmedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the live seed was confirmed; null while the newest seed is provisional.',
      resolve: ({ live, provisional }) => (provisional ? null : (live?.confirmedAt ?? null)),
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a code of its present owner was last accepted; null: never.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    assignedAt: t.expose('assignedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when its owner has it; null: has none.',
    }),
    managedElsewhere: t.exposeBoolean('managedElsewhere', {
      description:
        'Managed by another system (a cloud service): shown, never distributed here, not counted towards the limit.',
    }),
    onDevice: t.exposeBoolean('onDevice', {
      description:
        'Imported with the word that its seed is on a device: hardware, or an app of another system.',
    }),
    hasLiveSeed: t.boolean({
      description: 'Has a seed that works today.',
      resolve: ({ live }) => live !== null,
    }),
    lockedAt: t.expose('lockedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when its codes are LOCKED for programs, after too many wrong ones.',
    }),
    hasProvisionalSeed: t.boolean({
      description: 'A seed is agreed but not yet confirmed by its owner.',
      resolve: ({ provisional }) => provisional !== null,
    }),
  }),
});

builder.objectField(User, 'tokens', (t) =>
  t.field({
    type: [Token],
    // Reached by `viewer` and `session`, too, which a person who must change the password may ask for.
    permission: 'SIGNED_IN',
    description: 'Visible to the person, signed in, and to TOKENS_READ.',
    resolve: async (user, _args, { viewer, loaders }) =>
      viewer && (isSelf(viewer, user.id) || viewer.permissions.has('TOKENS_READ'))
        ? loaders.tokensOf.load(user.id)
        : [],
  }),
);
