import { eq } from 'drizzle-orm';
import { isSelf } from '../../auth/actor.ts';
import { permissionsInCommon } from '../../auth/api-key.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { PermissionEnum, User, visibleUser } from '../users/user-type.ts';
import { stateOfKeyAt } from './api-key-state.ts';
import { listKeysOf } from './list-api-keys.ts';

export const ApiKeyStateEnum = builder.enumType('ApiKeyState', {
  values: ['ACTIVE', 'EXPIRED', 'REVOKED'] as const,
});

/** A key is seen by its owner, signed in, and by SETTINGS_READ. */
const maySee = ({ viewer }: GraphQLContext, ownerId: string): boolean =>
  isSelf(viewer, ownerId) || viewer?.permissions.has('SETTINGS_READ') === true;

export const ApiKey = nodeRef<ApiKeyRow>('ApiKey', async (context, id) => {
  const [row] = await context.deps.db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row && maySee(context, row.ownerId) ? row : null;
});

ApiKey.implement({
  description: 'What a program of its owner signs in with. The key itself is shown once, when it is made.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name'),
    prefix: t.exposeString('prefix', { description: 'The first twelve characters of the key.' }),
    state: t.field({
      type: ApiKeyStateEnum,
      description:
        'ACTIVE keys work as long as their owner is enabled and has no password to change (`PASSWORD_CHANGE_REQUIRED`).',
      resolve: (row, _args, { deps }) => stateOfKeyAt(row, deps.clock.now()),
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'As chosen when it was made.',
      resolve: ({ permissions: chosen }) => chosen as never,
    }),
    effectivePermissions: t.field({
      type: [PermissionEnum],
      description: 'Those of them that its owner holds now: what it may do.',
      resolve: async ({ permissions: chosen, ownerId }, _args, { loaders }) =>
        permissionsInCommon(chosen, permissionsOf(await loaders.roles.load(ownerId))),
    }),
    owner: t.field({
      type: User,
      nullable: true,
      resolve: ({ ownerId }, _args, context) => visibleUser(context, ownerId),
    }),
    ownerUserName: t.string({
      resolve: async ({ ownerId }, _args, { loaders }) => (await loaders.user.load(ownerId))!.userName,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Written at most once a minute.',
    }),
    lastUsedAddress: t.exposeString('lastUsedAddress', { nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.objectField(User, 'apiKeys', (t) =>
  t.field({
    type: [ApiKey],
    nullable: true,
    permission: 'SIGNED_IN',
    description:
      'Newest first; keys that are over for 30 days more. Null for whoever may not see them: the person, signed in, and SETTINGS_READ may.',
    resolve: (user, _args, context) => (maySee(context, user.id) ? listKeysOf(context.deps, user.id) : null),
  }),
);
