import type { ApiKeyRow } from '../../auth/table.ts';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { PermissionEnum } from '../users/user-type.ts';
import { ApiKey, ApiKeyStateEnum } from './api-key-type.ts';
import { createApiKey } from './create-api-key.ts';
import { listApiKeys } from './list-api-keys.ts';
import { revokeApiKey } from './revoke-api-key.ts';

const ApiKeyConnection = connectionType('ApiKey', ApiKey);
const ApiKeyFilter = builder.inputType('ApiKeyFilter', {
  description: 'Which keys a list shows: those that match all that is given.',
  fields: (t) => ({
    search: t.string({
      description: "Any part of the key's name or first characters, or of its owner's names.",
    }),
    state: t.field({ type: ApiKeyStateEnum, description: 'Only keys in this state.' }),
  }),
});

builder.queryField('apiKeys', (t) =>
  t.field({
    type: ApiKeyConnection,
    permission: 'SETTINGS_READ',
    description: "Everybody's keys, newest first.",
    args: { ...pageArgs(t), filter: t.arg({ type: ApiKeyFilter }) },
    resolve: (_root, args, { deps }) => listApiKeys(deps, args, args.filter ?? {}),
  }),
);

mutation<{ apiKey: ApiKeyRow; key: string }>()('createApiKey', {
  permission: 'IN_PERSON',
  description: 'Makes an API key of one’s own. At most 20 live ones a person.',
  input: (t) => ({
    name: t.string({ required: true, description: '1 to 64 characters.' }),
    permissions: t.field({
      type: [PermissionEnum],
      required: true,
      description: 'Of one’s own. At each use those count that key and owner both hold.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'In a day to a year (366 days). Default: 90 days.' }),
  }),
  success: (t) => ({
    apiKey: t.field({ type: ApiKey, resolve: ({ apiKey }) => apiKey }),
    key: t.exposeString('key', {
      description: 'For `Authorization: Bearer`. Answered this once; only its hash is kept.',
    }),
  }),
  failures: ['InvalidInput', 'LimitReached'],
  run: ({ deps }, input) => createApiKey(deps, input),
});

mutation<{ apiKey: ApiKeyRow }>()('revokeApiKey', {
  permission: 'IN_PERSON',
  description:
    "Ends a key at once, with its sockets: one's own, or with SETTINGS_MANAGE anybody's. Revoked already, it stays so.",
  input: (t) => ({ apiKeyId: t.id({ required: true }) }),
  success: (t) => ({ apiKey: t.field({ type: ApiKey, resolve: ({ apiKey }) => apiKey }) }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    apiKey: await revokeApiKey(deps, { apiKeyId: rowId('ApiKey', input.apiKeyId) }),
  }),
});
