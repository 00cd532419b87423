import { permissions, permissionsOf, roles } from '../../auth/permissions.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
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

User.implement({
  description: 'Every user may use self-service; roles add administration.',
  interfaces: [Node],
  fields: (t) => ({
    userName: t.exposeString('userName'),
    givenName: t.exposeString('givenName'),
    familyName: t.exposeString('familyName'),
    email: t.exposeString('email', { nullable: true }),
    enabled: t.exposeBoolean('enabled'),
    roles: t.field({ type: [RoleEnum], resolve: (user, _args, { loaders }) => loaders.roles.load(user.id) }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'What the roles allow together.',
      resolve: async (user, _args, { loaders }) => [...permissionsOf(await loaders.roles.load(user.id))],
    }),
    mustChangePassword: t.exposeBoolean('mustChangePassword'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    mailCertificate: t.exposeString('mailCertificate', {
      nullable: true,
      description: 'PEM certificate: mails to this person are encrypted with it (S/MIME).',
    }),
    lastSignInAt: t.expose('lastSignInAt', { type: 'DateTime', nullable: true }),
  }),
});
