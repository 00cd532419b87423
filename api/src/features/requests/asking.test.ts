import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { auditOf, listed, seen } from '../../../test/requests-view.ts';
import { definitionId } from '../../../test/scene.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { updateSettings } from '../settings/update-settings.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { restoreTokenProfile } from '../token-profiles/restore-token-profile.ts';
import { retireTokenProfile } from '../token-profiles/retire-token-profile.ts';
import { updateUser } from '../users/update-user.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let admin: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  scene = await requestScene(api);
  admin = await scene.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());
beforeEach(async () => {
  await updateSettings(api.system, { maxTokensPerUser: 3 });
  anna = await scene.person(`anna${(count += 1)}`);
});

const rowOf = (globalId: string) => globalId.replace(/^.*_/, '');
/** Gives Anna a token without a request. */
async function give(): Promise<string> {
  const [token] = await scene.stock(1);
  const tokenIds = [`Token_${token!.id}`];
  await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds });
  return tokenIds[0]!;
}

describe('what is asked', () => {
  it('is kept without blanks around it, and goes to the audit log', async () => {
    const { tokenRequest } = await ask(anna, scene.qr, { reason: '  Home office.\n', nickname: ' Phone ' });
    expect(await seen(anna, tokenRequest.id)).toMatchObject({
      reason: 'Home office.',
      nickname: 'Phone',
      deviceBinding: 'CLASS',
      requester: { userName: anna.userName },
      approvalSteps: 1,
      distributionStep: false,
    });
    expect(await auditOf(api, tokenRequest.id)).toMatchObject([
      {
        action: 'request.submitted',
        actor: anna.userName,
        details: { kind: 'NEW', profile: 'iPhone by QR' },
      },
    ]);
  });

  it.each([
    ['a reason of 500 characters', { reason: 'x'.repeat(500) }, undefined],
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }, 'reason'],
    ['an empty reason', { reason: '' }, 'reason'],
    ['a reason with a control character', { reason: 'a\u0007b' }, 'reason'],
    ['markup in the reason, which is text', { reason: '<b onclick=x>' }, undefined],
    ['a nickname of 50 characters', { nickname: 'x'.repeat(50) }, undefined],
    ['a nickname of 51 characters', { nickname: 'x'.repeat(51) }, 'nickname'],
  ])('with %s', async (_what, more, path) => {
    const answer = await ask(anna, scene.qr, more);
    if (path) expect(answer).toMatchObject({ __typename: 'InvalidInput', fields: [{ path }] });
    else expect(await seen(anna, answer.tokenRequest.id)).toMatchObject(more);
  });

  it('says everything that is wrong at once', async () => {
    const { fields } = await ask(anna, scene.qr, {
      reason: '',
      nickname: 'x'.repeat(51),
      deviceId: 'abcd1234',
    });
    expect(fields.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['nickname', 'deviceBinding', 'reason']),
    );
    expect(await listed(anna)).toEqual([]);
  });

  it('needs somebody who is signed in', async () => {
    const { errors } = await graphql(
      api.url,
      undefined,
      'mutation ($input: RequestTokenInput!) { requestToken(input: $input) { __typename } }',
      { input: { profileId: scene.qr, reason: 'x' } },
    );
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the device', () => {
  const offer = (mayChooseDevice: boolean) =>
    updateSelfServiceSettings(api.system, {
      offers: [{ profileId: rowOf(scene.qr), mayChooseDevice }, { profileId: rowOf(scene.url) }],
    });

  it.each([
    ['one device', { deviceBinding: 'DEVICE', deviceId: ' AB-cd 12-34 ' }, 'abcd1234'],
    ['the first that comes', { deviceBinding: 'FIRST' }, null],
  ])('can be %s where the offer says so, and only there', async (_what, device, deviceId) => {
    await offer(true);
    const { tokenRequest } = await ask(anna, scene.qr, device);
    expect(await seen(anna, tokenRequest.id)).toMatchObject({
      deviceBinding: device.deviceBinding,
      deviceId,
    });
    await offer(false);
    const bert = await scene.person(`bert${count}`);
    expect(await ask(bert, scene.qr, device)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'deviceBinding' }],
    });
  });

  it.each([
    ['no id for one device', { deviceBinding: 'DEVICE' }],
    ['an id that no app shows', { deviceBinding: 'DEVICE', deviceId: '../../etc' }],
    ['an id for another binding', { deviceBinding: 'FIRST', deviceId: 'abcd1234' }],
  ])('is refused with %s', async (_what, device) => {
    await offer(true);
    expect(await ask(anna, scene.qr, device)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'deviceId' }],
    });
    await offer(false);
  });
});

it('a token as a string is bound to what its digits can hold, not to whichever device comes first', async () => {
  const { id } = await createTokenProfile(api.system, {
    name: 'string',
    deviceDefinitionId: await definitionId(api, 'Android 2.x'),
    deliveryMethod: 'CTF',
  });
  await updateSelfServiceSettings(api.system, {
    allowFileDelivery: true,
    offers: [{ profileId: rowOf(scene.qr) }, { profileId: id, mayChooseDevice: true }],
  });
  const asked = async (device: object) =>
    (await ask(anna, `TokenProfile_${id}`, device)).fields?.map(({ path }: { path: string }) => path);
  expect(await asked({ deviceBinding: 'FIRST' })).toEqual(['deviceBinding']);
  expect(await asked({ deviceBinding: 'DEVICE', deviceId: 'wxyz-wxyz' })).toEqual(['deviceId']);
  expect(await asked({ deviceBinding: 'DEVICE', deviceId: 'ab12-cd34' })).toBeUndefined();
  await updateSelfServiceSettings(api.system, {
    requestableProfileIds: [rowOf(scene.qr), rowOf(scene.url)],
  });
  await updateSelfServiceSettings(api.system, { allowFileDelivery: false });
});

describe('what can be asked for', () => {
  it('is offered, not retired, and known', async () => {
    await retireTokenProfile(api.system, { profileId: rowOf(scene.url) });
    for (const profileId of [scene.url, 'TokenProfile_00000000-0000-7000-8000-000000000000']) {
      expect(await ask(anna, profileId)).toMatchObject({
        __typename: 'NotFound',
        code: 'token_profile.not_offered',
      });
    }
    await restoreTokenProfile(api.system, { profileId: rowOf(scene.url) });
    expect(await ask(anna, scene.url)).toMatchObject({ __typename: 'RequestTokenSuccess' });
  });

  it('is not what an administrator has not offered, or no longer', async () => {
    await updateSelfServiceSettings(api.system, { requestableProfileIds: [rowOf(scene.qr)] });
    expect(await ask(anna, scene.url)).toMatchObject({ code: 'token_profile.not_offered' });
    await updateSelfServiceSettings(api.system, { requestableProfileIds: [scene.qr, scene.url].map(rowOf) });
    expect(await ask(anna, scene.url)).toMatchObject({ __typename: 'RequestTokenSuccess' });
  });

  it('is nothing while requests are switched off; what was asked before goes on', async () => {
    const { tokenRequest } = await ask(anna, scene.qr);
    const bert = await scene.person(`bert${count}`);
    await updateSelfServiceSettings(api.system, { requestsEnabled: false });
    expect(await ask(bert, scene.qr)).toMatchObject({
      __typename: 'InvalidState',
      code: 'requests.switched_off',
    });
    expect(await listed(bert)).toEqual([]);
    await scene.policy({ generateTokens: true });
    expect(await approve(admin, tokenRequest.id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
    await scene.policy({ generateTokens: false });
    await updateSelfServiceSettings(api.system, { requestsEnabled: true });
  });

  it('is never told by a broken server: ids of something else, or of nothing, are refused politely', async () => {
    for (const id of [scene.qr.replace('Profile', ''), `User_${anna.id}`, 'nothing', '', "x' OR 1=1"]) {
      expect(['InvalidInput', 'NotFound']).toContain((await ask(anna, id)).__typename);
      const cancelled = await act(anna, 'cancelTokenRequest', { requestId: id });
      expect(['InvalidInput', 'NotFound']).toContain(cancelled.__typename);
      const replaced = await ask(anna, scene.qr, { replacesTokenId: id || 'nothing' });
      expect(['InvalidInput', 'NotFound']).toContain(replaced.__typename);
      expect(await seen(anna, id)).toBeNull();
    }
  });

  it('needs an address where a link is mailed, and none where a QR code is scanned', async () => {
    await updateUser(api.system, { userId: anna.id, email: null });
    expect(await ask(anna, scene.url)).toMatchObject({
      __typename: 'InvalidState',
      code: 'user.no_email',
      message: expect.stringContaining('QR code'),
    });
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'RequestTokenSuccess' });
  });
});

describe('how many', () => {
  it('one open request of a kind, even when asked five times at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(anna, scene.qr)));
    const made = answers.filter(({ __typename }) => __typename === 'RequestTokenSuccess');
    expect(made).toHaveLength(1);
    for (const answer of answers) {
      if (answer !== made[0])
        expect(answer).toMatchObject({ __typename: 'Conflict', code: 'request.open_already' });
    }
    expect(await listed(anna)).toHaveLength(1);
  });

  it('one of each kind side by side: what is new is told by the tokens that count', async () => {
    expect((await ask(anna, scene.qr)).tokenRequest.kind).toBe('NEW');
    const token = await give();
    expect((await ask(anna, scene.qr)).tokenRequest.kind).toBe('ADDITIONAL');
    expect((await ask(anna, scene.qr, { replacesTokenId: token })).tokenRequest.kind).toBe('REPLACEMENT');
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'Conflict' });
  });

  it('a token that is stopped makes the next one no additional one', async () => {
    const token = await give();
    await act(admin, 'disableTokens', { tokenIds: [token] });
    expect((await ask(anna, scene.qr)).tokenRequest.kind).toBe('NEW');
  });

  it('as many as the limit, where what is asked for counts already', async () => {
    await updateSettings(api.system, { maxTokensPerUser: 2 });
    await ask(anna, scene.qr);
    const token = await give();
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'LimitReached', limit: 2 });
    expect(await ask(anna, scene.qr, { replacesTokenId: token }), 'in its place').toMatchObject({
      __typename: 'RequestTokenSuccess',
    });
  });
});
