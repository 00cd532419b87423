import { desc, eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { DeliveryMethodEnum } from '../device-definitions/device-definition-type.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { DeviceBindingEnum, Token, visibleToken } from '../tokens/token-type.ts';
import type { TokenView } from '../tokens/token-view.ts';
import { distributionStateAt } from './distribution-state.ts';
import { type DistributionRow, distributions } from './table.ts';

const DistributionStateEnum = builder.enumType('DistributionState', {
  values: ['PENDING', 'ACTIVATED', 'CONFIRMED', 'EXPIRED', 'SUPERSEDED', 'REVOKED', 'DELIVERED'] as const,
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
      resolve: async ({ tokenId }, _args, { loaders }) => (await loaders.token.load(tokenId))!,
    }),
    profile: t.field({
      type: TokenProfile,
      resolve: async ({ profileId }, _args, { loaders }) => (await loaders.tokenProfile.load(profileId))!,
    }),
    deliveryMethod: t.field({ type: DeliveryMethodEnum, resolve: ({ deliveryMethod }) => deliveryMethod }),
    state: t.field({
      type: DistributionStateEnum,
      resolve: (row, _args, { deps }) => distributionStateAt(row, deps.clock.now()),
    }),
    deviceBinding: t.field({ type: DeviceBindingEnum, resolve: ({ deviceBinding }) => deviceBinding }),
    boundDeviceId: t.exposeString('boundDeviceId', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
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
