import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { utcDay, plusSeconds } from '../../lib/clock.ts';
import { auditEvents } from '../audit/table.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { assignTokens } from '../tokens/assign-tokens.ts';
import { generateTokens } from '../tokens/generate-tokens.ts';

let api: TestApi;
let admin: Person;
const ids = new Map<string, string>();
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin', ['TOKEN_ADMIN']);
  for (const { id, deviceType } of await api.deps.db.select().from(deviceDefinitions)) {
    ids.set(deviceType, `DeviceDefinition_${id}`);
  }
});
afterAll(() => api.close());

const FIELDS = `id name deviceDefinition { deviceType } deliveryMethod algorithm tokencodeLength tokencodeInterval pinStyle
  seedConfirmation activationCodeMinutes acceptSilentDevices retiredAt unused createdAt`;

/** One mutation with its input; answers the member of the result union. */
async function act(name: string, input: object, person = admin) {
  const Name = name[0]!.toUpperCase() + name.slice(1);
  const success = name.startsWith('delete') ? 'deletedId' : `tokenProfile { ${FIELDS} }`;
  const failures =
    name.startsWith('create') || name.startsWith('update')
      ? '... on InvalidInput { fields { path code } }'
      : '';
  const { data, errors } = await person.graphql(
    `mutation ($input: ${Name}Input!) { ${name}(input: $input) {
      __typename ... on ${Name}Success { ${success} } ... on UserError { code message params { name value } } ${failures} } }`,
    { input },
  );
  return data?.[name] ?? { errors };
}

let next = 0;
const create = (input: object = {}, person = admin) =>
  act(
    'createTokenProfile',
    {
      name: `Profile ${++next}`,
      deviceDefinitionId: ids.get('iOS 2.x'),
      deliveryMethod: 'CT_KIP_QR',
      ...input,
    },
    person,
  );
const created = async (input: object = {}) => (await create(input)).tokenProfile;
const auditOf = async (action: string) =>
  (
    await api.deps.db.select().from(auditEvents).where(eq(auditEvents.action, action)).orderBy(auditEvents.id)
  ).map(({ actorName, details }) => ({ actorName, details }));

describe('creating', () => {
  test('for QR: as usual for SECURID, confirmed by the owner', async () => {
    const profile = await created({ name: '  iPhone by QR ' });
    expect(profile).toMatchObject({
      name: 'iPhone by QR',
      deviceDefinition: { deviceType: 'iOS 2.x' },
      deliveryMethod: 'CT_KIP_QR',
      algorithm: 'SECURID',
      tokencodeLength: 8,
      tokencodeInterval: 60,
      pinStyle: 'NONE',
      seedConfirmation: 'OWNER',
      activationCodeMinutes: null,
      acceptSilentDevices: false,
      retiredAt: null,
      unused: true,
    });
    expect(await auditOf('token_profile.created')).toMatchObject([
      {
        actorName: 'admin',
        details: { profile: 'iPhone by QR', deviceType: 'iOS 2.x', deliveryMethod: 'CT_KIP_QR' },
      },
    ]);
  });

  test('for URL: a day for the code, confirmed by first use', async () => {
    expect(
      await created({ deliveryMethod: 'CT_KIP_URL', deviceDefinitionId: ids.get('Desktop PC 5.x') }),
    ).toMatchObject({
      seedConfirmation: 'FIRST_USE',
      activationCodeMinutes: 1440,
    });
  });

  test('with everything chosen', async () => {
    const chosen = {
      deliveryMethod: 'CT_KIP_URL',
      algorithm: 'SECURID',
      tokencodeLength: 6,
      tokencodeInterval: 30,
      pinStyle: 'NONE',
      activationCodeMinutes: 10080,
      seedConfirmation: 'OWNER',
      acceptSilentDevices: true,
    };
    expect(await created(chosen)).toMatchObject(chosen);
  });

  test.each([
    [
      'Windows Phone 1.x',
      'CT_KIP_QR',
      'Windows Phone 1.x cannot scan QR codes; Android 2.x, iOS 2.x and Symbolon Authenticator 1.x can.',
    ],
    [
      'iPhone 1.3',
      'CT_KIP_QR',
      'iPhone 1.3 cannot scan QR codes; Android 2.x, iOS 2.x and Symbolon Authenticator 1.x can.',
    ],
    [
      'Desktop PC 5.x',
      'CTF',
      'Desktop PC 5.x cannot take a token as a CTF string; Android 1.x, Android 2.x, iOS 2.x, iPhone 1.3 and Windows Phone 1.x can.',
    ],
    [
      'iPhone 1.3',
      'FILE',
      'iPhone 1.3 cannot take a token as a file; Desktop Mac 4.x, Desktop PC 5.x, OATH program and Windows Authenticator 6.x can.',
    ],
    ['iOS 2.x', 'OTPAUTH_QR', 'iOS 2.x cannot scan otpauth QR codes; OATH authenticator app can.'],
  ])('says what would do instead: %s by %s', async (deviceType, deliveryMethod, message) => {
    const answer = await create({ deviceDefinitionId: ids.get(deviceType), deliveryMethod });
    expect(answer).toMatchObject({ __typename: 'Unsupported', message });
  });

  test.each([
    [{ pinStyle: 'PINPAD' }, 'pin_style.unsupported'],
    [{ pinStyle: 'FOB' }, 'pin_style.unsupported'],
    [{ algorithm: 'TOTP' }, 'algorithm.not_of_device'],
    [{ tokencodeLength: 7 }, 'tokencode_length.not_of_device'],
    [{ tokencodeInterval: 45 }, 'tokencode_interval.not_of_device'],
    [{ seedConfirmation: 'FIRST_USE' }, 'seed_confirmation.owner_only'],
  ])('does not support %j', async (input, code) => {
    expect(await create(input)).toMatchObject({ __typename: 'Unsupported', code });
  });

  test.each([
    [{ name: ' ' }, 'name', 'name.invalid'],
    [{ name: 'x'.repeat(101) }, 'name', 'name.invalid'],
    [{ name: 'two\nlines' }, 'name', 'name.invalid'],
    [{ activationCodeMinutes: 60 }, 'activationCodeMinutes', 'minutes.qr'],
    [{ deliveryMethod: 'CT_KIP_URL', activationCodeMinutes: 4 }, 'activationCodeMinutes', 'minutes.range'],
    [
      { deliveryMethod: 'CT_KIP_URL', activationCodeMinutes: 10081 },
      'activationCodeMinutes',
      'minutes.range',
    ],
  ])('refuses %j', async (input, path, code) => {
    expect(await create(input)).toMatchObject({ __typename: 'InvalidInput', fields: [{ path, code }] });
  });

  test('of an unknown device definition is NotFound', async () => {
    const answer = await create({ deviceDefinitionId: ids.get('iOS 2.x')!.replace(/.$/, 'x') });
    expect(answer).toMatchObject({ __typename: 'NotFound' });
  });

  test('takes a name once, without case, also in a race', async () => {
    await created({ name: 'Größe' });
    expect(await create({ name: 'gRÖSSE'.replace('SS', 'ß') })).toMatchObject({
      __typename: 'Conflict',
      code: 'token_profile.name_taken',
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'Racing' })));
    expect(answers.filter(({ __typename }) => __typename === 'Conflict')).toHaveLength(4);
  });

  test('keeps markup as the text that it is', async () => {
    expect(await created({ name: '<img src=x onerror=alert(1)>' })).toMatchObject({
      name: '<img src=x onerror=alert(1)>',
    });
  });
});

describe('changing', () => {
  test('what is given, with before and after in the audit log', async () => {
    const { id, name } = await created({ deliveryMethod: 'CT_KIP_URL' });
    const input = {
      profileId: id,
      name: name.toUpperCase(),
      activationCodeMinutes: 5,
      acceptSilentDevices: true,
    };
    expect(await act('updateTokenProfile', input)).toMatchObject({
      tokenProfile: { name: name.toUpperCase(), activationCodeMinutes: 5, acceptSilentDevices: true },
    });
    expect((await auditOf('token_profile.updated')).at(-1)).toMatchObject({
      details: { 'name before': name, 'activationCodeMinutes before': '1440', activationCodeMinutes: '5' },
    });
    const rows = (await auditOf('token_profile.updated')).length;
    expect(await act('updateTokenProfile', { profileId: id })).toMatchObject({
      tokenProfile: { activationCodeMinutes: 5, acceptSilentDevices: true },
    });
    expect(await auditOf('token_profile.updated')).toHaveLength(rows);
  });

  test('refuses a taken name, minutes for QR, and what is out of range', async () => {
    const { id } = await created();
    await created({ name: 'Taken' });
    expect(await act('updateTokenProfile', { profileId: id, name: 'taken' })).toMatchObject({
      __typename: 'Conflict',
    });
    expect(await act('updateTokenProfile', { profileId: id, activationCodeMinutes: 60 })).toMatchObject({
      fields: [{ code: 'minutes.qr' }],
    });
    expect(await act('updateTokenProfile', { profileId: id, name: '' })).toMatchObject({
      fields: [{ code: 'name.invalid' }],
    });
    expect(await act('updateTokenProfile', { profileId: 'TokenProfile_1' })).toMatchObject({
      __typename: 'NotFound',
    });
  });

  test('two that take one name at once: one gets it', async () => {
    const [a, b] = [await created(), await created()];
    const answers = await Promise.all([
      act('updateTokenProfile', { profileId: a.id, name: 'The one' }),
      act('updateTokenProfile', { profileId: b.id, name: 'the one' }),
      create({ name: 'THE ONE' }),
    ]);
    expect(answers.filter(({ __typename }) => __typename === 'Conflict')).toHaveLength(2);
  });
});

describe('retiring and deleting', () => {
  test('retires once, restores once', async () => {
    const { id, name } = await created();
    expect((await act('retireTokenProfile', { profileId: id })).tokenProfile.retiredAt).toBeTruthy();
    expect(await act('retireTokenProfile', { profileId: id })).toMatchObject({
      code: 'token_profile.retired',
    });
    expect((await act('restoreTokenProfile', { profileId: id })).tokenProfile.retiredAt).toBeNull();
    expect(await act('restoreTokenProfile', { profileId: id })).toMatchObject({
      code: 'token_profile.not_retired',
    });
    expect((await auditOf('token_profile.retired')).at(-1)).toMatchObject({ details: { profile: name } });
    expect((await auditOf('token_profile.restored')).at(-1)).toMatchObject({ details: { profile: name } });
  });

  test('deletes what was never used', async () => {
    const { id, name } = await created();
    expect(await act('deleteTokenProfile', { profileId: id })).toEqual({
      __typename: 'DeleteTokenProfileSuccess',
      deletedId: id,
    });
    expect((await auditOf('token_profile.deleted')).at(-1)).toMatchObject({ details: { profile: name } });
    expect(await act('deleteTokenProfile', { profileId: id })).toMatchObject({ __typename: 'NotFound' });
  });
});

describe('who sees what', () => {
  const ONE = 'query ($id: ID!) { tokenProfile(id: $id) { name } node(id: $id) { id } }';
  const LIST = '{ tokenProfiles(first: 200) { nodes { id name unused } totalCount } }';

  test('an owner sees the profile of their token there, and by its id nothing', async () => {
    const owner = await api.person('olga');
    const { id, name } = await created();
    const expiresOn = utcDay(plusSeconds(api.clock.now(), 365 * 24 * 3600));
    const [token] = await generateTokens(api.system, { count: 1, algorithm: 'SECURID', expiresOn });
    await assignTokens(api.system, { userId: owner.id, tokenIds: [token!.id] });
    await distributeToken(api.system, { tokenId: token!.id, profileId: id.split('_')[1] });

    const { data } = await owner.graphql(
      'query ($serial: String!) { token(serialNumber: $serial) { profile { id name deviceDefinition { deviceType } } } }',
      { serial: token!.serialNumber },
    );
    expect(data.token.profile).toEqual({ id, name, deviceDefinition: { deviceType: 'iOS 2.x' } });
    expect(await owner.graphql(ONE, { id })).toEqual({ data: { tokenProfile: null, node: null } });
    expect(await owner.graphql(LIST)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });

    // A profile that was used stays.
    expect(await act('deleteTokenProfile', { profileId: id })).toMatchObject({
      __typename: 'InvalidState',
      code: 'token_profile.in_use',
      message: expect.stringContaining('Retire it instead'),
    });
    const nodes = (await admin.graphql(LIST)).data.tokenProfiles.nodes as { id: string; unused: boolean }[];
    expect(nodes.filter(({ unused }) => !unused).map((node) => node.id)).toEqual([id]);
  });

  test('PROFILES_READ reads; only PROFILES_MANAGE changes', async () => {
    const helpDesk = await api.person('hanna', ['HELP_DESK']);
    const { id, name } = await created();
    expect((await helpDesk.graphql(ONE, { id })).data).toEqual({ tokenProfile: { name }, node: { id } });
    for (const action of [
      'updateTokenProfile',
      'retireTokenProfile',
      'restoreTokenProfile',
      'deleteTokenProfile',
    ]) {
      const answer = await act(action, { profileId: id }, helpDesk);
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
    expect(await create({}, helpDesk)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  test('the list is by name, in pages both ways', async () => {
    const all = (await admin.graphql(LIST)).data.tokenProfiles;
    const names = all.nodes.map((node: { name: string }) => node.name) as string[];
    expect(all.totalCount).toBe(names.length);
    const page = async (args: string) =>
      (
        await admin.graphql(
          `{ tokenProfiles(${args}) { nodes { name } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`,
        )
      ).data.tokenProfiles;
    const first = await page('first: 2');
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect([...first.nodes, ...second.nodes].map(({ name }) => name)).toEqual(names.slice(0, 4));
    const back = await page(`last: 2, before: "${second.pageInfo.startCursor}"`);
    expect(back.nodes).toEqual(first.nodes);
  });
});
