import { permissions, permissionsOf, roles } from '../../auth/permissions.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { requirePermission } from '../../graphql/permission-plugin.ts';
import type { UserRow } from './table.ts';

export const RoleEnum = builder.enumType('Role', {
  description:
    'What a user may do beyond self-service. Somebody may hold several; docs/permissions.md shows what each allows.',
  values: valuesOf<(typeof roles)[number]>({
    SUPER_ADMIN: 'May do everything, and alone grants roles.',
    TOKEN_ADMIN:
      'Looks at users, tokens, profiles, requests and history; makes, assigns, enables, unlocks and distributes tokens, also for approved requests; manages profiles and device definitions.',
    HELP_DESK: 'Looks; enables and disables users and tokens, and unlocks tokens.',
    REQUEST_APPROVER: 'Looks at users, tokens, profiles and requests; decides requests.',
    TOKEN_DISTRIBUTOR: 'Looks; distributes tokens, also for approved requests.',
    AUDITOR: 'Looks; reads the audit log and the settings. Changes nothing.',
  }),
});
export const PermissionEnum = builder.enumType('Permission', {
  description: 'What a caller may do. One table maps roles to permissions.',
  values: valuesOf<(typeof permissions)[number]>({
    USERS_READ: 'See all users.',
    USERS_ENABLE: 'Enable and disable users.',
    USERS_MANAGE: 'Make users, change their names and addresses, set their passwords.',
    ROLES_GRANT: 'Give and take roles, of which one holds every permission oneself.',
    TOKENS_READ: 'See all tokens, with their distributions and activations.',
    TOKENS_ENABLE: 'Enable, disable and unlock tokens.',
    TOKENS_MANAGE: 'Make tokens, assign them, take them back.',
    TOKENS_DISTRIBUTE: 'Distribute tokens, end distributions, and cancel the activations of others.',
    TOKENS_EXPORT: 'Write tokens with their seeds into a file; in person only.',
    PASSCODES_VERIFY: "By API key: verify anybody's passcodes. People verify their own without it.",
    PROFILES_READ: 'See token profiles and device definitions.',
    PROFILES_MANAGE: 'Make, change, retire and delete token profiles; import and delete device definitions.',
    REQUESTS_READ: "See everybody's requests, with hints and notes, and how they are decided.",
    REQUESTS_APPROVE: 'Approve, reject, defer and edit requests of others.',
    REQUESTS_DISTRIBUTE: 'Give approved requests their token.',
    HISTORY_READ: 'See what was done to a user or a token.',
    AUDIT_READ: 'Read the whole audit log.',
    SETTINGS_READ: "See settings, mails, mail texts, checks of addresses, and everybody's API keys.",
    SETTINGS_MANAGE:
      "Change settings, the workflow policy, self-service, look and mail texts; send test mails and mails again; check addresses; revoke anybody's API keys.",
  }),
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
    userName: t.exposeString('userName', {
      description:
        'What the person signs in with: 1 to 128 letters, digits and `. _ - @ +`, unique without case. It never changes.',
    }),
    givenName: t.exposeString('givenName', { description: '1 to 128 characters.' }),
    familyName: t.exposeString('familyName', { description: '1 to 128 characters.' }),
    email: t.string({
      nullable: true,
      description: 'Where mails to this person go; null: none is on file, and no mail is sent.',
      resolve: orNull(({ email }) => email),
    }),
    enabled: t.boolean({
      description:
        'Who is disabled cannot sign in; their API keys rest, and codes of their tokens are refused.',
      resolve: orRefused(({ enabled }) => enabled),
    }),
    roles: t.field({
      type: [RoleEnum],
      description: 'Empty: self-service only.',
      resolve: orRefused((user, { loaders }) => loaders.roles.load(user.id)),
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'What the roles allow together.',
      resolve: orRefused(async (user, { loaders }) => [...permissionsOf(await loaders.roles.load(user.id))]),
    }),
    mustChangePassword: t.boolean({
      description:
        'Somebody else set the password; it has to be changed at the next sign-in, before anything else.',
      resolve: orRefused(({ mustChangePassword }) => mustChangePassword),
    }),
    createdAt: t.field({ type: 'DateTime', resolve: orRefused(({ createdAt }) => createdAt) }),
    mailCertificate: t.string({
      nullable: true,
      description: 'PEM certificate: mails to this person are encrypted with it (S/MIME).',
      resolve: orNull(({ mailCertificate }) => mailCertificate),
    }),
    lastSignInAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Last sign-in with user name and password; null: never. API keys do not count.',
      resolve: orNull(({ lastSignInAt }) => lastSignInAt),
    }),
  }),
});
