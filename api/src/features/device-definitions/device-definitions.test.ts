import { readFileSync } from 'node:fs';
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { auditEvents } from '../audit/table.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { ensureShippedDefinitions } from './seed-shipped-definitions.ts';
import { deviceDefinitions } from './table.ts';

let api: TestApi;
let admin: Person;
let user: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin', ['SUPER_ADMIN']);
  user = await api.person('ulla');
});
afterAll(() => api.close());

const ios = readFileSync(new URL('./shipped/ios-2.xml', import.meta.url), 'utf8');
const named = (deviceType: string) => ios.replace('iOS 2.x', deviceType);
const IMPORT = `mutation ($definition: String!) {
  importDeviceDefinition(input: { definition: $definition }) {
    __typename
    ... on ImportDeviceDefinitionSuccess { deviceDefinition { id deviceType shipped source linkTemplates { deliveryMethod } } }
    ... on UserError { code message }
    ... on BadFile { line }
    ... on InvalidInput { fields { path code } }
  }
}`;
const DELETE = `mutation ($id: ID!) {
  deleteDeviceDefinition(input: { deviceDefinitionId: $id }) {
    __typename
    ... on DeleteDeviceDefinitionSuccess { deletedId }
    ... on UserError { code message }
  }
}`;
const importing = async (definition: string, person = admin) =>
  (await person.graphql(IMPORT, { definition })).data?.importDeviceDefinition;
const deleting = async (id: string) => (await admin.graphql(DELETE, { id })).data.deleteDeviceDefinition;
const auditOf = (action: string) =>
  api.deps.db.select().from(auditEvents).where(eq(auditEvents.action, action));

describe('shipped definitions', () => {
  const numberOf = async () =>
    (await api.deps.db.select({ count: count() }).from(deviceDefinitions))[0]!.count;

  test('are there once, however many instances start', async () => {
    const before = await api.deps.db
      .select()
      .from(deviceDefinitions)
      .orderBy(deviceDefinitions.deviceTypeKey);
    expect(before).toHaveLength(11);
    await Promise.all(Array.from({ length: 4 }, () => ensureShippedDefinitions(api.system)));
    const after = await api.deps.db.select().from(deviceDefinitions).orderBy(deviceDefinitions.deviceTypeKey);
    expect(after).toEqual(before);
  });

  test('follow the version that starts, and keep their id', async () => {
    const at = eq(deviceDefinitions.deviceType, 'Windows Phone 1.x');
    const [before] = await api.deps.db.select().from(deviceDefinitions).where(at);
    await api.deps.db.update(deviceDefinitions).set({ source: 'old', tellsDeviceId: true }).where(at);
    await ensureShippedDefinitions(api.system);
    expect(await api.deps.db.select().from(deviceDefinitions).where(at)).toEqual([before]);
  });

  test('leave an imported one of the same name alone', async () => {
    const at = eq(deviceDefinitions.deviceType, 'Android 1.x');
    await api.deps.db.update(deviceDefinitions).set({ shipped: false, source: 'mine' }).where(at);
    await ensureShippedDefinitions(api.system);
    expect(await api.deps.db.select().from(deviceDefinitions).where(at)).toMatchObject([{ source: 'mine' }]);
    await api.deps.db.update(deviceDefinitions).set({ shipped: true }).where(at);
    await ensureShippedDefinitions(api.system);
    expect(await numberOf()).toBe(11);
  });
});

describe('importing', () => {
  test('adds a device type and writes it down', async () => {
    const answer = await importing(named('Our app 1'));
    expect(answer).toMatchObject({
      __typename: 'ImportDeviceDefinitionSuccess',
      deviceDefinition: { deviceType: 'Our app 1', shipped: false, source: named('Our app 1') },
    });
    expect(await auditOf('device_definition.imported')).toMatchObject([
      { actorName: 'admin', details: { deviceType: 'Our app 1' } },
    ]);
  });

  test('of the same file again is a conflict that names it', async () => {
    expect(await importing(ios)).toMatchObject({
      __typename: 'Conflict',
      code: 'device_definition.identical',
      message: 'This file is here already, as iOS 2.x.',
    });
  });

  test('of another file for the same device type is a conflict, without case', async () => {
    expect(await importing(named('IOS 2.X'))).toMatchObject({
      __typename: 'Conflict',
      code: 'device_definition.exists',
      message: expect.stringContaining('iOS 2.x'),
    });
  });

  test('by several at once succeeds once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => importing(named('Racing app'))));
    expect(answers.filter(({ __typename }) => __typename === 'Conflict')).toHaveLength(5);
    expect(answers.filter(({ deviceDefinition }) => deviceDefinition)).toHaveLength(1);
  });

  test('of a bad file tells the line and leaves nothing', async () => {
    const before = (await auditOf('device_definition.imported')).length;
    expect(await importing(named('Bad').replace('SECURID', 'HOTP'))).toMatchObject({
      __typename: 'BadFile',
      code: 'device_definition.invalid',
      line: 6,
    });
    expect(await importing('  ')).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'definition', code: 'definition.empty' }],
    });
    expect(await importing(`${named('Big')}<!--${' '.repeat(256 * 1024)}-->`)).toMatchObject({
      __typename: 'BadFile',
    });
    expect(await auditOf('device_definition.imported')).toHaveLength(before);
  });

  test('needs PROFILES_MANAGE', async () => {
    const helpDesk = await api.person('hanna', ['HELP_DESK']);
    for (const person of [user, helpDesk]) {
      const { errors } = await person.graphql(IMPORT, { definition: named('No') });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});

describe('deleting', () => {
  test('is for imported ones that no profile uses', async () => {
    const { deviceDefinition } = await importing(named('Short-lived app'));
    const id = deviceDefinition.id as string;
    const profile = await createTokenProfile(api.system, {
      name: 'Keeps it',
      deviceDefinitionId: id.split('_')[1]!,
      deliveryMethod: 'CT_KIP_QR',
    });
    expect(await deleting(id)).toMatchObject({
      __typename: 'InvalidState',
      code: 'device_definition.in_use',
      message: expect.stringContaining('Keeps it'),
    });
    await admin.graphql(
      `mutation { deleteTokenProfile(input: { profileId: "TokenProfile_${profile.id}" }) { __typename } }`,
    );
    expect(await deleting(id)).toEqual({ __typename: 'DeleteDeviceDefinitionSuccess', deletedId: id });
    expect(await auditOf('device_definition.deleted')).toMatchObject([
      { details: { deviceType: 'Short-lived app' } },
    ]);
    expect(await deleting(id)).toMatchObject({ __typename: 'NotFound' });
    expect(await deleting('nonsense')).toMatchObject({ __typename: 'NotFound' });
  });

  test('refuses what came with Symbolon', async () => {
    const [row] = await api.deps.db
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.deviceType, 'iOS 2.x'));
    expect(await deleting(`DeviceDefinition_${row!.id}`)).toMatchObject({
      __typename: 'InvalidState',
      code: 'device_definition.shipped',
    });
  });
});

describe('reading', () => {
  const LIST =
    '{ deviceDefinitions(first: 3) { nodes { id deviceType } totalCount pageInfo { hasNextPage } } }';
  const ONE =
    'query ($id: ID!) { deviceDefinition(id: $id) { deviceType codeFormat serverKeyBits } node(id: $id) { id } }';

  test('lists by device type, a page at a time', async () => {
    const { data } = await admin.graphql(LIST);
    expect(data.deviceDefinitions.pageInfo.hasNextPage).toBe(true);
    expect(data.deviceDefinitions.totalCount).toBeGreaterThanOrEqual(8);
    expect(data.deviceDefinitions.nodes.slice(0, 2)).toMatchObject([
      { deviceType: 'Android 1.x' },
      { deviceType: 'Android 2.x' },
    ]);
  });

  test('is for PROFILES_READ; others get null, and no list', async () => {
    const [row] = await api.deps.db
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.deviceType, 'iOS 2.x'));
    const id = `DeviceDefinition_${row!.id}`;
    expect((await admin.graphql(ONE, { id })).data).toEqual({
      deviceDefinition: { deviceType: 'iOS 2.x', codeFormat: 'DIGITS', serverKeyBits: 1024 },
      node: { id },
    });
    expect(await user.graphql(ONE, { id })).toEqual({ data: { deviceDefinition: null, node: null } });
    expect((await user.graphql(LIST)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
