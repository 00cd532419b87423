import { CtKipError } from '@symbolon/ct-kip/errors';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { scan } from '../../../test/phone.ts';
import { definitionId, profiles, tokensFor } from '../../../test/scene.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';

let api: TestApi;
let admin: Person;
let classGuid: string;
let profileId: string;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin', ['SUPER_ADMIN']);
  profileId = (await profiles(api)).url.id;
  const id = await definitionId(api);
  const [row] = await api.deps.db.select().from(deviceDefinitions).where(eq(deviceDefinitions.id, id));
  classGuid = row!.deviceClass;
});
afterAll(() => api.close());

const DEVICE = '01234567-89AB-CDEF';

/** A token by URL with this binding. */
async function bound(input: object, profile = profileId) {
  names += 1;
  const owner = await api.person(`owner${names}`);
  const [token] = await tokensFor(api, owner.id);
  const given = await act(
    admin,
    'distributeToken',
    { tokenId: `Token_${token!.id}`, profileId: `TokenProfile_${profile}`, ...input },
    'link distribution { deviceBinding boundDeviceId }',
  );
  return { ...given, serialNumber: token!.serialNumber };
}
const faultOf = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(CtKipError);
  return (error as CtKipError).fault;
};
async function reasonOf(serialNumber: string) {
  const { data } = await admin.graphql(
    `query ($s: String!) { auditEvents(first: 1, filter: { serialNumber: $s, action: "activation.refused" }) {
      nodes { outcome details { name value } } } }`,
    { s: serialNumber },
  );
  const [event] = data.auditEvents.nodes;
  return (
    event && Object.fromEntries(event.details.map((d: { name: string; value: string }) => [d.name, d.value]))
  );
}

describe('a token for any device of the class', () => {
  it('goes to a device of that class, and to one that tells nothing', async () => {
    await scan(api.url, (await bound({})).link, { class: classGuid, id: 'any' });
    await scan(api.url, (await bound({})).link);
  });

  it('goes to no other class; the code is not spent, and the log says why', async () => {
    const { link, serialNumber } = await bound({});
    const fault = await faultOf(
      scan(api.url, link, { class: 'a01c4380-fc01-4df0-b113-7fb98ec74694', id: 'X1', name: 'Odd phone' }),
    );
    expect(fault).toContain('bound to another device');
    expect(await reasonOf(serialNumber)).toMatchObject({
      reason: 'device class',
      device: 'Odd phone',
      deviceId: 'X1',
    });
    await scan(api.url, link, { class: classGuid });
  });
});

describe('a token for one device', () => {
  it('goes to that device, however its id is written', async () => {
    const { link, distribution } = await bound({ deviceBinding: 'DEVICE', deviceId: ` ${DEVICE} ` });
    expect(distribution).toEqual({ deviceBinding: 'DEVICE', boundDeviceId: '0123456789abcdef' });
    await scan(api.url, link, { id: '0123456789abcdef' });
  });

  it.each([
    ['another device', { id: 'ffff567-89ABCDEF' }, 'device id'],
    ['a device that tells none', {}, 'no device id'],
  ])('does not go to %s', async (_what, device, reason) => {
    const { link, serialNumber } = await bound({ deviceBinding: 'DEVICE', deviceId: DEVICE });
    expect(await faultOf(scan(api.url, link, device))).toContain('bound to another device');
    expect(await reasonOf(serialNumber)).toMatchObject({ reason });
    await scan(api.url, link, { id: DEVICE });
  });

  it('goes to a device that tells nothing where the profile accepts that', async () => {
    const silent = await createTokenProfile(api.system, {
      name: 'Silent devices',
      deviceDefinitionId: await definitionId(api),
      deliveryMethod: 'CT_KIP_URL',
      acceptSilentDevices: true,
    });
    const one = { deviceBinding: 'DEVICE', deviceId: DEVICE };
    await scan(api.url, (await bound(one, silent.id)).link);
    expect(await faultOf(scan(api.url, (await bound(one, silent.id)).link, { id: 'other1' }))).toBeDefined();
  });

  it('needs the id, and no other binding takes one', async () => {
    expect(await bound({ deviceBinding: 'DEVICE' })).toMatchObject({
      fields: [{ path: 'deviceId', code: 'device_id.required' }],
    });
    expect(await bound({ deviceBinding: 'FIRST', deviceId: DEVICE })).toMatchObject({
      fields: [{ path: 'deviceId', code: 'device_id.unused' }],
    });
  });
});

describe('a token for whichever device comes first', () => {
  it('is bound to that one', async () => {
    const { link, serialNumber } = await bound({ deviceBinding: 'FIRST' });
    await scan(api.url, link, { class: classGuid, id: 'ABCD-1234', name: 'First phone' });
    const { data } = await admin.graphql(
      'query ($s: String!) { token(serialNumber: $s) { deviceBinding boundDeviceId device distributions { boundDeviceId } } }',
      { s: serialNumber },
    );
    expect(data.token).toEqual({
      deviceBinding: 'FIRST',
      boundDeviceId: 'abcd1234',
      device: 'First phone',
      distributions: [{ boundDeviceId: 'abcd1234' }],
    });
  });
});
