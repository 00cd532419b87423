import { desc, eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { DeliveryMethodEnum } from '../device-definitions/device-definition-type.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { DeviceBindingEnum, Token, visibleToken } from '../tokens/token-type.ts';
import type { TokenView } from '../tokens/token-view.ts';
import { distributionStateAt } from './distribution-state.ts';
import { type DistributionRow, distributions } from './table.ts';

const DistributionStateEnum = builder.enumType('DistributionState', {
  description: 'Where a distribution stands.',
  values: valuesOf({
    PENDING: 'Waits for a device.',
    ACTIVATED: 'A device has taken it; the seed is provisional.',
    CONFIRMED: 'The seed is live. End.',
    EXPIRED: 'A URL code ended unused. A QR distribution does not expire. End.',
    SUPERSEDED: 'The token was distributed again. End.',
    REVOKED: "Ended by an administrator, with the token's unassignment, or with its only code. End.",
    DELIVERED: 'A file or CTF string was made; the seed in it is provisional until a code of it is accepted.',
  }),
});

/** An owner sees the distributions since the token is theirs, and none of a former owner. */
const isOfViewer = ({ viewer }: GraphQLContext, token: TokenView, { createdAt }: DistributionRow): boolean =>
  viewer?.permissions.has('TOKENS_READ') === true ||
  (token.assignedAt !== null && createdAt >= token.assignedAt);

/** Seen by whoever sees its token. */
export const Distribution = nodeRef<DistributionRow>('Distribution', async (context, id) => {
  const row = await context.loaders.distribution.load(id);
  const token = row && (await visibleToken(context, row.tokenId));
  return row && token && isOfViewer(context, token, row) ? row : null;
});

Distribution.implement({
  description: 'One delivery of a token by a profile’s method. A new one ends the former one.',
  interfaces: [Node],
  fields: (t) => ({
    token: t.field({
      type: Token,
      description: 'The token that is delivered.',
      resolve: async ({ tokenId }, _args, { loaders }) => (await loaders.token.load(tokenId))!,
    }),
    profile: t.field({
      type: TokenProfile,
      description: 'The profile by which it is delivered.',
      resolve: async ({ profileId }, _args, { loaders }) => (await loaders.tokenProfile.load(profileId))!,
    }),
    deliveryMethod: t.field({
      type: DeliveryMethodEnum,
      description: 'How it is delivered.',
      resolve: ({ deliveryMethod }) => deliveryMethod,
    }),
    state: t.field({
      type: DistributionStateEnum,
      description: 'Where it stands now.',
      resolve: (row, _args, { deps }) => distributionStateAt(row, deps.clock.now()),
    }),
    deviceBinding: t.field({
      type: DeviceBindingEnum,
      description: 'Which device may take the token.',
      resolve: ({ deviceBinding }) => deviceBinding,
    }),
    boundDeviceId: t.exposeString('boundDeviceId', {
      nullable: true,
      description:
        'With DEVICE: the id of the one device; with FIRST: the one that came, if it told an id. In lower case without separators. Null else.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its activation code ends; null for QR, which waits until the owner comes.',
    }),
  }),
});

builder.objectFields(Token, (t) => ({
  pendingDistribution: t.field({
    type: Distribution,
    nullable: true,
    description: 'An open distribution, also while a former seed still works.',
    resolve: ({ pending }) => pending,
  }),
  distributions: t.field({
    type: [Distribution],
    description: 'Newest first, at most 100.',
    resolve: async (token, _args, context) => {
      const rows = await context.deps.db
        .select()
        .from(distributions)
        .where(eq(distributions.tokenId, token.id))
        .orderBy(desc(distributions.createdAt))
        .limit(100);
      return rows.filter((row) => isOfViewer(context, token, row));
    },
  }),
}));
