import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { auditOf, emptyStock, seen, stopOnMonday } from '../../../test/requests-view.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import { updateSettings } from '../settings/update-settings.ts';
import { retireTokenProfile } from '../token-profiles/retire-token-profile.ts';
import { restoreTokenProfile } from '../token-profiles/restore-token-profile.ts';
import { updateUser } from '../users/update-user.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let bert: Person;
let ada: Person;
let ben: Person;
let dora: Person;
let admin: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  stopOnMonday(api);
  scene = await requestScene(api);
  ada = await scene.person('ada', ['REQUEST_APPROVER']);
  ben = await scene.person('ben', ['REQUEST_APPROVER']);
  dora = await scene.person('dora', ['TOKEN_DISTRIBUTOR']);
  admin = await scene.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());
beforeEach(async () => {
  // Nobody waits any more from the test before, and nothing is free.
  await updateSettings(api.system, { maxTokensPerUser: 3 });
  await scene.policy({ generateTokens: true });
  await api.work();
  await emptyStock(admin);
  await scene.policy({
    approvalSteps: 1,
    distributionStep: false,
    generateTokens: false,
    minimumTokenDays: 30,
    generatedTokenDays: 1095,
  });
  anna = await scene.person(`anna${(count += 1)}`);
  bert = await scene.person(`bert${count}`);
});

async function asked(person = anna, profile = scene.qr): Promise<string> {
  // Nobody asks in the same millisecond.
  api.clock.advance(1);
  return (await ask(person, profile)).tokenRequest.id;
}
/** An approved request for which no token was free. */
async function waiting(person = anna, profile = scene.qr): Promise<string> {
  const id = await asked(person, profile);
  expect(await approve(ada, id)).toMatchObject({
    tokenRequest: { status: 'WAITING_FOR_TOKEN', token: null },
  });
  return id;
}
const dayIn = (days: number) => utcDay(plusSeconds(api.clock.now(), days * 24 * 3600));
function distribute(requestId: string, more: object = {}) {
  api.clock.advance(1);
  return act(dora, 'distributeTokenRequest', { requestId, ...more }, REQUEST);
}
const actionsOf = async (id: string) =>
  (await auditOf(api, id)).map(({ action, actor }) => [action, actor].filter(Boolean).join(' '));

describe('which token', () => {
  it('is the one that ends first among those that live long enough', async () => {
    const [late] = await scene.stock(1, 400);
    const [soon] = await scene.stock(1, 30);
    await scene.stock(1, 29);
    const [middle] = await scene.stock(1, 200);
    const first = await asked(anna);
    const second = await asked(bert);
    expect(await approve(ada, first)).toMatchObject({
      tokenRequest: { token: { serialNumber: soon!.serialNumber } },
    });
    expect(await approve(ada, second)).toMatchObject({
      tokenRequest: { token: { serialNumber: middle!.serialNumber } },
    });
    expect(late!.ownerId).toBeNull();
  });

  it('is never one that is stopped, lost, or somebody’s', async () => {
    const [stopped, owned, free] = await scene.stock(3, 100);
    await act(admin, 'disableTokens', { tokenIds: [`Token_${stopped!.id}`] });
    await act(admin, 'assignTokens', { userId: `User_${bert.id}`, tokenIds: [`Token_${owned!.id}`] });
    expect(await approve(ada, await asked())).toMatchObject({
      tokenRequest: { token: { serialNumber: free!.serialNumber } },
    });
  });

  it('differs for two requests that are approved at the same moment; with one token one of them waits', async () => {
    await scene.stock(3);
    const people = [anna, bert, await scene.person(`carl${count}`), await scene.person(`dana${count}`)];
    const ids = await Promise.all(people.map((person) => asked(person)));
    const answers = await Promise.all(ids.map((id, at) => approve(at % 2 ? ada : ben, id)));
    const statuses = answers.map(({ tokenRequest }) => tokenRequest.status);
    expect(statuses.toSorted()).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'WAITING_FOR_TOKEN']);
    const serials = answers.flatMap(({ tokenRequest }) => tokenRequest.token?.serialNumber ?? []);
    expect(new Set(serials).size).toBe(3);
  });

  it('is made where none is free and that is allowed, for as long as the policy says', async () => {
    await scene.policy({ generateTokens: true, generatedTokenDays: 90 });
    const [free] = await scene.stock(1, 300);
    expect(await approve(ada, await asked(anna))).toMatchObject({
      tokenRequest: { token: { serialNumber: free!.serialNumber } },
    });
    const id = await asked(bert);
    await approve(ada, id);
    expect((await seen(bert, id)).token).toMatchObject({ status: 'PENDING', expiresOn: dayIn(90) });
  });

  it('is refused by a policy that makes tokens which live shorter than those that are picked', async () => {
    expect(
      await act(admin, 'updateWorkflowPolicy', { minimumTokenDays: 100, generatedTokenDays: 90 }),
    ).toMatchObject({
      __typename: 'InvalidInput',
    });
  });
});

describe('a request that waits for a token', () => {
  it('goes on when tokens are made, in the order in which people asked, with no person’s help', async () => {
    const second = await waiting(bert);
    const first = await asked(anna);
    const third = await waiting(await scene.person(`carl${count}`));
    await approve(ada, first);
    await act(admin, 'generateTokens', { count: 2, algorithm: 'SECURID', expiresOn: dayIn(365) });
    await api.work();
    expect(await seen(bert, second)).toMatchObject({ status: 'APPROVED', token: { status: 'PENDING' } });
    expect(await seen(anna, first)).toMatchObject({ status: 'APPROVED', token: { status: 'PENDING' } });
    expect(await seen(ada, third)).toMatchObject({ status: 'WAITING_FOR_TOKEN', token: null });
    expect(await actionsOf(second)).toEqual([
      `request.submitted ${bert.userName}`,
      'request.approved ada',
      'request.waiting_for_token ada',
      'request.distributed',
    ]);
  });

  it('goes on when a token is taken from somebody, or works again', async () => {
    const [given, stopped] = await scene.stock(2);
    const carl = await scene.person(`carl${count}`);
    await act(admin, 'assignTokens', { userId: `User_${carl.id}`, tokenIds: [`Token_${given!.id}`] });
    await act(admin, 'disableTokens', { tokenIds: [`Token_${stopped!.id}`] });
    const first = await waiting(anna);
    const second = await waiting(bert);
    await act(admin, 'unassignTokens', { tokenIds: [`Token_${given!.id}`] });
    await api.work();
    expect((await seen(anna, first)).token).toMatchObject({ serialNumber: given!.serialNumber });
    await act(admin, 'enableTokens', { tokenIds: [`Token_${stopped!.id}`] });
    await api.work();
    expect((await seen(bert, second)).token).toMatchObject({ serialNumber: stopped!.serialNumber });
  });

  it('goes on when the policy asks for fewer days, or has tokens made', async () => {
    const [short] = await scene.stock(1, 10);
    const first = await waiting(anna);
    const second = await waiting(bert);
    await scene.policy({ minimumTokenDays: 10 });
    await api.work();
    expect((await seen(anna, first)).token).toMatchObject({ serialNumber: short!.serialNumber });
    expect(await seen(bert, second)).toMatchObject({ status: 'WAITING_FOR_TOKEN' });
    await scene.policy({ generateTokens: true });
    await api.work();
    expect(await seen(bert, second)).toMatchObject({ status: 'APPROVED', token: { expiresOn: dayIn(1095) } });
  });

  it('is served once by two workers at the same time', async () => {
    const id = await waiting(anna);
    await scene.stock(2);
    await Promise.all([api.work(), api.work()]);
    expect(await seen(anna, id)).toMatchObject({ status: 'APPROVED' });
    expect((await actionsOf(id)).filter((action) => action === 'request.distributed')).toHaveLength(1);
    const { data } = await admin.graphql('{ tokens(filter: { status: [UNASSIGNED] }) { nodes { id } } }');
    expect(data.tokens.nodes).toHaveLength(1);
  });

  it('fails and says why when its requester has all tokens meanwhile; the next one goes on', async () => {
    const first = await waiting(anna);
    const second = await waiting(bert);
    await updateSettings(api.system, { maxTokensPerUser: 1 });
    const [own] = await scene.stock(1, 5);
    await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [`Token_${own!.id}`] });
    await scene.stock(1);
    await api.work();
    expect(await seen(anna, first)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('1 of at most 1 tokens'),
      endedAt: api.clock.now().toISOString(),
      token: null,
    });
    expect((await actionsOf(first)).at(-1)).toBe('request.failed');
    expect(await seen(bert, second), 'the token was left').toMatchObject({ status: 'APPROVED' });
  });

  it.each([
    [
      'its requester is disabled',
      (id: string) => updateUser(api.system, { userId: id, enabled: false }),
      /disabled/,
    ],
    [
      'its profile is retired',
      () => retireTokenProfile(api.system, { profileId: scene.url.replace('TokenProfile_', '') }),
      /retired/,
    ],
  ])('fails and says why when %s', async (_when, happens, why) => {
    const id = await waiting(anna, scene.url);
    await happens(anna.id);
    await scene.stock(1);
    await api.work();
    expect(await seen(ada, id)).toMatchObject({ status: 'FAILED', failure: expect.stringMatching(why) });
    await restoreTokenProfile(api.system, { profileId: scene.url.replace('TokenProfile_', '') }).catch(
      () => undefined,
    );
  });
});

describe('the distributor', () => {
  it('gives a token of their choice, even to a request that waits for one that lives longer', async () => {
    const [short] = await scene.stock(1, 5);
    const id = await waiting();
    const answer = await distribute(id, { tokenId: `Token_${short!.id}`, comment: 'Until Friday.' });
    expect(answer).toMatchObject({ tokenRequest: { token: { serialNumber: short!.serialNumber } } });
    expect((await seen(anna, id)).decisions.at(-1)).toMatchObject({
      verb: 'DISTRIBUTE',
      comment: 'Until Friday.',
    });
  });

  it('learns that none is free, and has decided nothing', async () => {
    await scene.policy({ distributionStep: true });
    const id = await asked();
    await approve(ada, id);
    expect(await distribute(id)).toMatchObject({ __typename: 'InvalidState', code: 'token.none_free' });
    expect(await seen(dora, id)).toMatchObject({ waitsFor: 'DISTRIBUTOR', mayDecide: ['DISTRIBUTE'] });
    expect((await seen(anna, id)).decisions).toHaveLength(1);
    await scene.stock(1);
    expect(await distribute(id)).toMatchObject({ tokenRequest: { token: { status: 'PENDING' } } });
  });

  it('cannot give what somebody has, what is stopped, or what does not exist', async () => {
    const [owned, stopped] = await scene.stock(2, 5);
    const id = await waiting();
    await act(admin, 'assignTokens', { userId: `User_${bert.id}`, tokenIds: [`Token_${owned!.id}`] });
    await act(admin, 'disableTokens', { tokenIds: [`Token_${stopped!.id}`] });
    for (const [tokenId, code] of [
      [`Token_${owned!.id}`, 'token.already_assigned'],
      [`Token_${stopped!.id}`, 'token.disabled'],
      ['Token_00000000-0000-7000-8000-000000000000', 'token.not_found'],
    ]) {
      expect(await distribute(id, { tokenId })).toMatchObject({ code });
    }
    expect(await seen(anna, id)).toMatchObject({ status: 'WAITING_FOR_TOKEN', token: null });
  });
});

it('an approval that hits the limit is taken back as a whole: nothing was decided, no token is gone', async () => {
  await updateSettings(api.system, { maxTokensPerUser: 1 });
  const [own] = await scene.stock(2);
  const id = await asked();
  await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [`Token_${own!.id}`] });
  expect(await approve(ada, id)).toMatchObject({ __typename: 'LimitReached', limit: 1 });
  expect(await seen(ada, id)).toMatchObject({
    status: 'PENDING',
    decisions: [],
    mayDecide: ['APPROVE', 'REJECT', 'DEFER'],
  });
  expect(await actionsOf(id)).toHaveLength(1);
  await act(admin, 'unassignTokens', { tokenIds: [`Token_${own!.id}`] });
  expect(await approve(ada, id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
});

describe('an approval that gives no token yet is held back by the same limits', () => {
  it.each([
    ['no token is free', {}],
    ['a distributor gives it', { distributionStep: true }],
    ['another approver follows', { approvalSteps: 2 }],
  ])('when %s', async (_when, policy) => {
    await scene.policy(policy);
    await updateSettings(api.system, { maxTokensPerUser: 1 });
    const id = await asked();
    const [own] = await scene.stock(1);
    await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [`Token_${own!.id}`] });
    expect(await approve(ada, id)).toMatchObject({ __typename: 'LimitReached', limit: 1 });
    expect(await seen(ada, id)).toMatchObject({ status: 'PENDING', decisions: [] });
  });

  it('and no link is promised to somebody who lost the address that it would go to', async () => {
    const id = await asked(anna, scene.url);
    const later = await waiting(bert, scene.url);
    for (const { id: userId } of [anna, bert]) await updateUser(api.system, { userId, email: null });
    expect(await approve(ada, id)).toMatchObject({ __typename: 'InvalidState', code: 'user.no_email' });
    expect(await seen(ada, id)).toMatchObject({ status: 'PENDING', decisions: [] });
    await scene.stock(1);
    await api.work();
    expect(await seen(ada, later)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('no e-mail address'),
    });
  });
});
