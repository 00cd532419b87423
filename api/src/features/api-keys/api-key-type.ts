import { eq } from 'drizzle-orm';
import { isSelf } from '../../auth/actor.ts';
import { permissionsInCommon } from '../../auth/api-key.ts';
import { permissionsOf } from '../../auth/permissions.ts';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { PermissionEnum, User, visibleUser } from '../users/user-type.ts';
import { stateOfKeyAt } from './api-key-state.ts';
import { listKeysOf } from './list-api-keys.ts';

export const ApiKeyStateEnum = builder.enumType('ApiKeyState', {
  description: 'Derived, first match: REVOKED, EXPIRED, ACTIVE.',
  values: valuesOf({
    ACTIVE: 'Works, as long as its owner is enabled and has no password to change.',
    EXPIRED: 'Its time is over.',
    REVOKED: 'Ended by its owner or an administrator.',
  }),
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
    name: t.exposeString('name', {
      description: 'What it is called in lists and in the audit log; 1 to 64 characters.',
    }),
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
      description: 'Whose it is, and for whom it acts; null if the caller may not see that user.',
      resolve: ({ ownerId }, _args, context) => visibleUser(context, ownerId),
    }),
    ownerUserName: t.string({
      description: 'User name of its owner.',
      resolve: async ({ ownerId }, _args, { loaders }) => (await loaders.user.load(ownerId))!.userName,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From this moment on it is refused.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Written at most once a minute.',
    }),
    lastUsedAddress: t.exposeString('lastUsedAddress', {
      nullable: true,
      description: 'IP address from which it was last used; null: never used.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: was not revoked.',
    }),
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
