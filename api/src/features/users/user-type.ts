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
 * @throws GraphQLError FORBIDDEN
 */
const beyondName =
  <T>(resolve: (user: UserRow, context: GraphQLContext) => T) =>
  (user: UserRow, _args: object, context: GraphQLContext): T => {
    if (user.id !== context.viewer?.id) requirePermission(context, 'USERS_READ');
    return resolve(user, context);
  };

User.implement({
  description:
    'Every user may use self-service; roles add administration. Of a user who is named beside something else, all but the names needs USERS_READ.',
  interfaces: [Node],
  fields: (t) => ({
    userName: t.exposeString('userName'),
    givenName: t.exposeString('givenName'),
    familyName: t.exposeString('familyName'),
    email: t.string({ nullable: true, resolve: beyondName(({ email }) => email) }),
    enabled: t.boolean({ resolve: beyondName(({ enabled }) => enabled) }),
    roles: t.field({
      type: [RoleEnum],
      resolve: beyondName((user, { loaders }) => loaders.roles.load(user.id)),
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'What the roles allow together.',
      resolve: beyondName(async (user, { loaders }) => [...permissionsOf(await loaders.roles.load(user.id))]),
    }),
    mustChangePassword: t.boolean({ resolve: beyondName(({ mustChangePassword }) => mustChangePassword) }),
    createdAt: t.field({ type: 'DateTime', resolve: beyondName(({ createdAt }) => createdAt) }),
    mailCertificate: t.string({
      nullable: true,
      description: 'PEM certificate: mails to this person are encrypted with it (S/MIME).',
      resolve: beyondName(({ mailCertificate }) => mailCertificate),
    }),
    lastSignInAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: beyondName(({ lastSignInAt }) => lastSignInAt),
    }),
  }),
});
