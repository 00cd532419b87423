import { isLoopbackUrl } from '../config.ts';
import { PermissionEnum, User } from '../features/users/user-type.ts';
import { builder } from '../graphql/builder.ts';
import type { Deps } from '../lib/deps.ts';
import { version } from '../lib/version.ts';
import type { Viewer } from './session.ts';

const Session = builder.objectRef<Viewer>('Session').implement({
  description: "The caller's session, or what an API key stands for: who, what it may, until when.",
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The signed-in user, or the owner of the API key.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.user.load(id))!,
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description:
        'What the caller may do: what the roles allow; of an API key, those of its permissions that its owner holds now.',
      resolve: (viewer) => [...viewer.permissions],
    }),
    mustChangePassword: t.exposeBoolean('mustChangePassword', {
      description:
        'Somebody else set this password; nothing but changing it (POST /auth/change-password) is allowed until then.',
    }),
    expiresAt: t.expose('sessionExpiresAt', {
      type: 'DateTime',
      description: 'When the session ends if nothing more happens; of an API key, when it expires.',
    }),
    apiKeyName: t.string({
      nullable: true,
      description: 'Name of the API key with which the caller came; null for a person who has signed in.',
      resolve: ({ apiKey }) => apiKey?.name ?? null,
    }),
  }),
});

const Installation = builder.objectRef<Deps['config']>('Installation').implement({
  description: 'This installation: where it is reached, and which version it is.',
  fields: (t) => ({
    publicUrl: t.exposeString('publicUrl', { description: 'The address phones and mails use.' }),
    ctKipUrl: t.string({
      description: 'Where phones reach CT-KIP.',
      resolve: ({ publicUrl }) => `${publicUrl}/ctkip/services/CtkipService`,
    }),
    publicUrlIsLoopback: t.boolean({
      description: 'Phones cannot reach this address (localhost).',
      resolve: ({ publicUrl }) => isLoopbackUrl(publicUrl),
    }),
    insecureHttp: t.boolean({
      description: 'Plain HTTP on a public address was allowed by SYMBOLON_INSECURE_HTTP.',
      resolve: ({ insecureHttp, publicUrl }) => insecureHttp && publicUrl.startsWith('http:'),
    }),
    demo: t.boolean({
      description: 'Whether it runs as a demo, with users, tokens and profiles to try out (SYMBOLON_DEMO).',
      resolve: ({ demo }) => demo === true,
    }),
    version: t.string({ description: 'Version of Symbolon.', resolve: () => version }),
  }),
});

builder.queryFields((t) => ({
  session: t.field({
    type: Session,
    nullable: true,
    permission: 'PUBLIC',
    description: 'Null when nobody is signed in.',
    resolve: (_root, _args, { viewer }) => viewer ?? null,
  }),
  installation: t.field({
    type: Installation,
    permission: 'SIGNED_IN',
    description: 'What everybody who is signed in may know of this installation.',
    resolve: (_root, _args, { deps }) => deps.config,
  }),
}));
