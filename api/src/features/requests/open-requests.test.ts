import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { auditOf, emptyStock, listed, seen, signInAgain } from '../../../test/requests-view.ts';
import { updateUser } from '../users/update-user.ts';
import { expireRequests } from './expire-requests.ts';

const DAY = 24 * 3600;
let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let ada: Person;
let ben: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  api.clock.freeze();
  scene = await requestScene(api);
  ada = await scene.person('ada', ['REQUEST_APPROVER']);
  ben = await scene.person('ben', ['REQUEST_APPROVER']);
});
afterAll(() => api.close());
beforeEach(async () => {
  await signInAgain(api, ada, ben);
  anna = await scene.person(`anna${(count += 1)}`);
  await scene.policy({ approvalSteps: 1, distributionStep: false, generateTokens: true, requestDays: 14 });
});

const asked = async (person = anna, more: object = {}): Promise<string> =>
  (await ask(person, scene.qr, more)).tokenRequest.id;
const cancel = (person: Person, requestId: string) =>
  act(person, 'cancelTokenRequest', { requestId }, REQUEST);
const edit = (person: Person, requestId: string, more: object) =>
  act(person, 'editTokenRequest', { requestId, ...more }, 'tokenRequest { id deviceBinding deviceId }');

describe('editing before approving', () => {
  it('gives the token as it was edited, and the audit log tells before and after', async () => {
    const id = await asked(anna, { nickname: 'Phone' });
    await edit(ada, id, { profileId: scene.url, deviceBinding: 'DEVICE', deviceId: 'AB-CD-12-34' });
    await edit(ada, id, { nickname: 'Work phone' });
    await approve(ada, id);
    expect(await seen(anna, id)).toMatchObject({
      profile: { id: scene.url },
      token: {
        profile: { id: scene.url },
        nickname: 'Work phone',
        deviceBinding: 'DEVICE',
        boundDeviceId: 'abcd1234',
      },
    });
    const edited = (await auditOf(api, id)).filter(({ action }) => action === 'request.edited');
    expect(edited).toMatchObject([
      {
        actor: 'ada',
        details: {
          'profile before': 'iPhone by QR',
          profile: 'iPhone by URL',
          'deviceBinding before': 'CLASS',
          deviceBinding: 'DEVICE',
          deviceId: 'abcd1234',
        },
      },
      { details: { 'nickname before': 'Phone', nickname: 'Work phone' } },
    ]);
  });

  it('with what is there already changes nothing and writes nothing', async () => {
    const id = await asked();
    expect(await edit(ada, id, { profileId: scene.qr, deviceBinding: 'CLASS' })).toMatchObject({
      __typename: 'EditTokenRequestSuccess',
    });
    expect((await auditOf(api, id)).map(({ action }) => action)).toEqual(['request.submitted']);
  });

  it('takes a device id away with its binding', async () => {
    const id = await asked();
    await edit(ada, id, { deviceBinding: 'DEVICE', deviceId: 'abcd1234' });
    expect(await edit(ada, id, { deviceBinding: 'FIRST' })).toMatchObject({
      tokenRequest: { deviceBinding: 'FIRST', deviceId: null },
    });
  });

  it.each([
    ['one device without its id', { deviceBinding: 'DEVICE' }, 'deviceId'],
    ['a device id that no app shows', { deviceBinding: 'DEVICE', deviceId: 'a!' }, 'deviceId'],
    ['a device id with another binding', { deviceBinding: 'FIRST', deviceId: 'abcd1234' }, 'deviceId'],
    ['a long nickname', { nickname: 'x'.repeat(51) }, 'nickname'],
  ])('to %s is refused', async (_what, more, path) => {
    const id = await asked();
    expect(await edit(ada, id, more)).toMatchObject({ __typename: 'InvalidInput', fields: [{ path }] });
    expect(await seen(anna, id)).toMatchObject({ deviceBinding: 'CLASS', deviceId: null });
  });

  it('never makes a token that nobody can deliver: a link needs an address', async () => {
    const id = await asked();
    await updateUser(api.system, { userId: anna.id, email: null });
    expect(await edit(ada, id, { profileId: scene.url })).toMatchObject({ code: 'user.no_email' });
    expect(await seen(anna, id)).toMatchObject({ profile: { id: scene.qr }, status: 'PENDING' });
  });

  it('is for whoever may decide, as long as there is something to decide', async () => {
    await scene.policy({ approvalSteps: 2 });
    const id = await asked();
    await approve(ada, id);
    expect(await edit(ada, id, { nickname: 'x' })).toMatchObject({ code: 'request.approved_by_you' });
    expect(
      await edit(ben, id, { profileId: 'TokenProfile_00000000-0000-7000-8000-000000000000' }),
    ).toMatchObject({
      __typename: 'NotFound',
    });
    expect(await edit(ben, id, { nickname: 'x' })).toMatchObject({ __typename: 'EditTokenRequestSuccess' });
    await approve(ben, id);
    expect(await edit(ben, id, { nickname: 'y' })).toMatchObject({ code: 'request.not_open' });
  });
});

describe('cancelling', () => {
  it('is possible until a token is there, and nobody else can', async () => {
    const id = await asked();
    await act(ada, 'deferTokenRequest', { requestId: id });
    expect(await cancel(ada, id)).toMatchObject({ __typename: 'NotFound' });
    expect(await cancel(anna, id)).toMatchObject({ tokenRequest: { status: 'CANCELLED' } });
    expect(await cancel(anna, id), 'twice').toMatchObject({ code: 'request.not_open' });
    expect(await approve(ada, id)).toMatchObject({ code: 'request.not_open' });
    const done = await asked();
    await approve(ada, done);
    expect(await cancel(anna, done)).toMatchObject({
      code: 'request.not_open',
      message: expect.stringContaining('The token is there already'),
    });
  });

  it.each([
    ['the distributor', { distributionStep: true, generateTokens: false }],
    ['a token', { distributionStep: false, generateTokens: false }],
  ])('works while the request waits for %s', async (_what, policy) => {
    await emptyStock(await scene.person(`root${count}`, ['SUPER_ADMIN']));
    await scene.policy(policy);
    const id = await asked();
    await approve(ada, id);
    expect(await cancel(anna, id)).toMatchObject({ tokenRequest: { status: 'CANCELLED', token: null } });
    await scene.stock(1);
    await api.work();
    expect(await seen(anna, id)).toMatchObject({ status: 'CANCELLED', token: null });
    expect((await auditOf(api, id)).at(-1)).toMatchObject({
      action: 'request.cancelled',
      actor: anna.userName,
    });
  });
});

describe('a request that nobody decides', () => {
  it('expires to the second, is over for everybody, and gives its place free before anybody wrote it down', async () => {
    const id = await asked();
    const deferred = await asked(ada);
    await act(ben, 'deferTokenRequest', { requestId: deferred });
    api.clock.advance(14 * DAY - 1);
    await signInAgain(api, anna, ada, ben);
    expect(await seen(anna, id)).toMatchObject({ status: 'PENDING' });
    api.clock.advance(1);
    expect(await seen(anna, id)).toMatchObject({
      status: 'EXPIRED',
      waitsFor: null,
      endedAt: api.clock.now().toISOString(),
    });
    expect(await seen(ben, deferred)).toMatchObject({
      status: 'EXPIRED',
      mayDecide: [],
      whyNot: null,
      hints: [],
    });
    expect(await listed(ben, { forMe: true })).not.toContain(id);
    expect(await listed(ben, { status: ['EXPIRED'] })).toEqual(expect.arrayContaining([id, deferred]));
    expect(await listed(ben, { status: ['PENDING', 'DEFERRED'] })).toEqual([]);
    expect(await approve(ben, id)).toMatchObject({ code: 'request.not_open' });
    expect(await edit(ben, id, { nickname: 'x' })).toMatchObject({ code: 'request.not_open' });
    expect(await cancel(anna, id)).toMatchObject({ code: 'request.not_open' });
    expect(await ask(anna, scene.qr)).toMatchObject({ tokenRequest: { kind: 'NEW', status: 'PENDING' } });
    expect((await auditOf(api, id)).at(-1)).toMatchObject({ action: 'request.expired' });
  });

  it('is written down once, by however many timers, with the audit row', async () => {
    const id = await asked();
    api.clock.advance(14 * DAY + 5);
    await Promise.all([expireRequests(api.system), expireRequests(api.system), expireRequests(api.system)]);
    const log = (await auditOf(api, id)).filter(({ action }) => action === 'request.expired');
    expect(log).toMatchObject([{ actor: null }]);
    await signInAgain(api, anna);
    expect(await seen(anna, id)).toMatchObject({ status: 'EXPIRED' });
  });

  it('is not one that is approved: that waits for its token as long as it takes', async () => {
    await emptyStock(await scene.person(`root${count}`, ['SUPER_ADMIN']));
    await scene.policy({ generateTokens: false });
    const id = await asked();
    await approve(ada, id);
    api.clock.advance(300 * DAY);
    await expireRequests(api.system);
    await signInAgain(api, anna);
    expect(await seen(anna, id)).toMatchObject({ status: 'WAITING_FOR_TOKEN' });
    await scene.stock(1);
    await api.work();
    expect(await seen(anna, id)).toMatchObject({ status: 'APPROVED', waitsFor: 'ACTIVATION' });
  });

  it('is seen by an approver who came later, oldest first', async () => {
    const older = await asked();
    api.clock.advance(DAY);
    await signInAgain(api, anna);
    const newer = await asked(await scene.person(`bert${count}`));
    const late = await scene.person(`late${count}`, ['REQUEST_APPROVER']);
    const mine = (await listed(late, { forMe: true })).filter((id) => [older, newer].includes(id));
    expect(mine).toEqual([older, newer]);
    expect(await approve(late, older)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
  });
});
