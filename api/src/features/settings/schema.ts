import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { readSettings, type Settings as SettingsRow } from './read-settings.ts';
import { updateSettings } from './update-settings.ts';

const Settings = builder.objectRef<SettingsRow>('Settings').implement({
  description: 'Limits of the whole installation.',
  fields: (t) => ({
    maxTokensPerUser: t.exposeInt('maxTokensPerUser', { description: '1 to 3.' }),
    qrMinutes: t.exposeInt('qrMinutes', { description: 'Minutes a QR code lives.' }),
    takesForeignDocuments: t.exposeBoolean('takesForeignDocuments', {
      description:
        'Whether people signed in by browser may run GraphQL documents that are not of our own pages. API keys always may.',
    }),
  }),
});

builder.queryField('settings', (t) =>
  t.field({
    type: Settings,
    permission: 'SETTINGS_READ',
    description: 'The limits in force.',
    resolve: (_root, _args, { deps }) => readSettings(deps.db),
  }),
);

mutation<{ settings: SettingsRow }>()('updateSettings', {
  permission: 'SETTINGS_MANAGE',
  description: 'Only what is given changes.',
  input: (t) => ({
    maxTokensPerUser: t.int({
      description: '1 to 3. Tokens that are over a lower limit stay; it counts from the next one on.',
    }),
    takesForeignDocuments: t.boolean({
      description:
        'Whether people signed in by browser may run GraphQL documents that are not of our own pages.',
    }),
  }),
  success: (t) => ({ settings: t.field({ type: Settings, resolve: ({ settings }) => settings }) }),
  failures: ['InvalidInput'],
  run: async ({ deps }, input) => ({ settings: await updateSettings(deps, input) }),
});
