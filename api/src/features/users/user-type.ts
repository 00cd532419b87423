import { permissions, permissionsOf, roles } from '../../auth/permissions.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { requirePermission } from '../../graphql/permission-plugin.ts';
import type { UserRow } from './table.ts';

export const RoleEnum = builder.enumType('Role', { values: roles });
export const PermissionEnum = builder.enumType('Permission', {
  description: 'What a caller may do. One table maps roles to permissions.',
  values: permissions,
});

/** A user's row if the viewer may see it: themselves, or with USERS_READ anybody. */
export async function visibleUser(context: GraphQLContext, id: string): Promise<UserRow | null> {
  const { viewer } = context;
  if (!viewer || (viewer.id !== id && !viewer.permissions.has('USERS_READ'))) return null;
  return context.loaders.user.load(id);
}

export const User = nodeRef<UserRow>('User', visibleUser);

/**
 * Whoever stands beside something that the viewer sees (a token's owner, who decided a request) is shown by name; the
 * rest of them as `visibleUser` says.
 */
const isBeyondName = (user: UserRow, { viewer }: GraphQLContext): boolean =>
  user.id !== viewer?.id && !viewer?.permissions.has('USERS_READ');

/** A field that is null for whoever may see the name only. */
const orNull =
  <T>(read: (user: UserRow) => T) =>
  (user: UserRow, _args: object, context: GraphQLContext): T | null =>
    isBeyondName(user, context) ? null : read(user);

/** A field that is always there, and refused to whoever may see the name only. @throws GraphQLError FORBIDDEN */
const orRefused =
  <T>(read: (user: UserRow, context: GraphQLContext) => T) =>
  (user: UserRow, _args: object, context: GraphQLContext): T => {
    if (isBeyondName(user, context)) requirePermission(context, 'USERS_READ');
    return read(user, context);
  };

User.implement({
  description:
    'Every user may use self-service; roles add administration. Of a user who is named beside something else, all but the names needs USERS_READ.',
  interfaces: [Node],
  fields: (t) => ({
    userName: t.exposeString('userName'),
    givenName: t.exposeString('givenName'),
    familyName: t.exposeString('familyName'),
    email: t.string({ nullable: true, resolve: orNull(({ email }) => email) }),
    enabled: t.boolean({ resolve: orRefused(({ enabled }) => enabled) }),
    roles: t.field({
      type: [RoleEnum],
      resolve: orRefused((user, { loaders }) => loaders.roles.load(user.id)),
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'What the roles allow together.',
      resolve: orRefused(async (user, { loaders }) => [...permissionsOf(await loaders.roles.load(user.id))]),
    }),
    mustChangePassword: t.boolean({ resolve: orRefused(({ mustChangePassword }) => mustChangePassword) }),
    createdAt: t.field({ type: 'DateTime', resolve: orRefused(({ createdAt }) => createdAt) }),
    mailCertificate: t.string({
      nullable: true,
      description: 'PEM certificate: mails to this person are encrypted with it (S/MIME).',
      resolve: orNull(({ mailCertificate }) => mailCertificate),
    }),
    lastSignInAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: orNull(({ lastSignInAt }) => lastSignInAt),
    }),
  }),
});
