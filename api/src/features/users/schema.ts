import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { createUser } from './create-user.ts';
import { findUserByName } from './find-user.ts';
import { listUsers } from './list-users.ts';
import { setUserPassword } from './set-password.ts';
import type { UserRow } from './table.ts';
import { updateUser } from './update-user.ts';
import { RoleEnum, User, visibleUser } from './user-type.ts';

const UserConnection = connectionType('User', User);
const UserFilterInput = builder.inputType('UserFilter', {
  description: 'Which users a list shows: those that match all that is given.',
  fields: (t) => ({
    search: t.string({
      description: 'Any part of user name, given and family name, or e-mail address; without case.',
    }),
    enabled: t.boolean({ description: 'True: only enabled users; false: only disabled ones.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: User,
    nullable: true,
    permission: 'PUBLIC',
    description: "The signed-in user (or an API key's owner), or null.",
    resolve: (_root, _args, { viewer, loaders }) => (viewer ? loaders.user.load(viewer.id) : null),
  }),
  user: t.field({
    type: User,
    nullable: true,
    permission: 'SIGNED_IN',
    description: 'A user by name; null when there is none that the caller may see.',
    args: {
      userName: t.arg.string({ required: true, description: 'The whole user name, without case.' }),
    },
    resolve: async (_root, { userName }, context) => {
      const found = await findUserByName(context.deps.db, userName);
      return found ? visibleUser(context, found.id) : null;
    },
  }),
  users: t.field({
    type: UserConnection,
    permission: 'USERS_READ',
    description: 'Users by user name.',
    args: { ...pageArgs(t), filter: t.arg({ type: UserFilterInput }) },
    resolve: (_root, args, { deps }) => listUsers(deps, args, args.filter ?? {}),
  }),
}));

mutation<{ user: UserRow; generatedPassword: string | null }>()('createUser', {
  permission: 'USERS_MANAGE',
  description: 'Makes a user. Without a password one is generated and answered once.',
  about: {
    input:
      'Without a password one is generated and answered once. `mustChangePassword` defaults to true: what somebody else set is changed at the first sign-in.',
  },
  input: (t) => ({
    userName: t.string({
      required: true,
      description:
        '1 to 128 letters, digits and `. _ - @ +`; unique without case. It cannot be changed later.',
    }),
    givenName: t.string({ required: true }),
    familyName: t.string({ required: true }),
    email: t.string({ description: 'Empty or left out: none. Nothing proves it but mail that arrives.' }),
    password: t.string(),
    mustChangePassword: t.boolean({
      description: 'Default true: what somebody else set is changed at the first sign-in.',
    }),
    roles: t.field({
      type: [RoleEnum],
      description: 'Default: none, which is self-service only. Needs ROLES_GRANT.',
    }),
  }),
  success: (t) => ({
    user: t.field({ type: User, resolve: ({ user }) => user }),
    generatedPassword: t.exposeString('generatedPassword', { nullable: true }),
  }),
  failures: ['InvalidInput', 'Conflict'],
  run: ({ deps }, input) => createUser(deps, input),
});

mutation<{ user: UserRow }>()('updateUser', {
  permission: 'USERS_ENABLE',
  description:
    "Only what is given changes. Disabling ends the person's sessions, sockets, open activations and API keys' use at once.",
  input: (t) => ({
    userId: t.id({ required: true }),
    givenName: t.string(),
    familyName: t.string(),
    email: t.string({ description: 'Empty: none.' }),
    mailCertificate: t.string({ description: 'PEM; empty: none.' }),
    enabled: t.boolean({
      description:
        'False: cannot sign in any more, and what is open ends at once. Nobody disables themselves or the last Super Admin.',
    }),
    roles: t.field({
      type: [RoleEnum],
      description: 'All roles that the person holds from now on. Needs ROLES_GRANT.',
    }),
  }),
  success: (t) => ({ user: t.field({ type: User, resolve: ({ user }) => user }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Conflict'],
  run: async ({ deps }, input) => ({
    user: await updateUser(deps, { ...input, userId: rowId('User', input.userId) }),
  }),
});

mutation<{ user: UserRow; generatedPassword: string | null }>()('setUserPassword', {
  permission: 'USERS_MANAGE',
  description:
    'Without a password one is generated and answered once. The person must change it at the next sign-in; their sessions end.',
  input: (t) => ({ userId: t.id({ required: true }), password: t.string() }),
  success: (t) => ({
    user: t.field({ type: User, resolve: ({ user }) => user }),
    generatedPassword: t.exposeString('generatedPassword', { nullable: true }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) => setUserPassword(deps, { ...input, userId: rowId('User', input.userId) }),
});
