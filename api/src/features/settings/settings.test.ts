import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { auditEvents } from '../audit/table.ts';
import { defaultSettings, readSettings } from './read-settings.ts';

let api: TestApi;
let admin: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

const UPDATE = `mutation ($max: Int) {
  updateSettings(input: { maxTokensPerUser: $max }) {
    __typename
    ... on UpdateSettingsSuccess { settings { maxTokensPerUser qrMinutes } }
    ... on InvalidInput { fields { path code message } }
  }
}`;
const update = async (max: number | null, person = admin) =>
  (await person.graphql(UPDATE, { max })).data?.updateSettings;
const written = () =>
  api.deps.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, 'settings.updated'))
    .orderBy(auditEvents.id);

test('are as shipped until somebody changes them', async () => {
  expect(await readSettings(api.deps.db)).toEqual(defaultSettings);
  expect((await admin.graphql('{ settings { maxTokensPerUser qrMinutes } }')).data).toEqual({
    settings: { maxTokensPerUser: 3, qrMinutes: 5 },
  });
});

test('change, with before and after in the audit log', async () => {
  expect(await update(2)).toEqual({
    __typename: 'UpdateSettingsSuccess',
    settings: { maxTokensPerUser: 2, qrMinutes: 5 },
  });
  expect(await readSettings(api.deps.db)).toEqual({ ...defaultSettings, maxTokensPerUser: 2 });
  expect(await written()).toMatchObject([
    { actorName: 'admin', details: { 'maxTokensPerUser before': '3', maxTokensPerUser: '2' } },
  ]);
});

test('what is not given or not new changes nothing and is not written down', async () => {
  const before = (await written()).length;
  expect(await update(null)).toMatchObject({ settings: { maxTokensPerUser: 2 } });
  expect(await update(2)).toMatchObject({ settings: { maxTokensPerUser: 2 } });
  expect(await written()).toHaveLength(before);
});

test.each([0, 4, -1])('refuses %i tokens for a user', async (max) => {
  expect(await update(max)).toMatchObject({
    __typename: 'InvalidInput',
    fields: [
      { path: 'maxTokensPerUser', code: 'max_tokens.range', message: 'A user may have 1 to 3 tokens.' },
    ],
  });
});

test('changed by several at once, each change starts from the one before', async () => {
  await update(3);
  const from = (await written()).length;
  await Promise.all([1, 2, 3, 1, 2, 3].map((max) => update(max)));
  const rows = (await written()).slice(from);
  let value = '3';
  for (const { details } of rows) {
    expect(details['maxTokensPerUser before']).toBe(value);
    value = details['maxTokensPerUser']!;
  }
  expect(String((await readSettings(api.deps.db)).maxTokensPerUser)).toBe(value);
});

test('need SETTINGS_READ to read and SETTINGS_MANAGE to change', async () => {
  const auditor = await api.person('ada', ['AUDITOR']);
  const user = await api.person('ulla');
  const forbidden = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
  expect((await auditor.graphql('{ settings { qrMinutes } }')).data).toEqual({ settings: { qrMinutes: 5 } });
  expect(await auditor.graphql(UPDATE, { max: 1 })).toMatchObject(forbidden);
  expect(await user.graphql('{ settings { qrMinutes } }')).toMatchObject(forbidden);
});
