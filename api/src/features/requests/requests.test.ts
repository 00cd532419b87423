import { isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { watch } from '../../../test/socket.ts';
import { tokens } from '../tokens/table.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { updateSettings } from '../settings/update-settings.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let approver: Person;
let second: Person;
let admin: Person;

beforeAll(async () => {
  api = await startTestApi();
  api.clock.freeze();
  scene = await requestScene(api);
});
afterAll(() => api.close());
let count = 0;
beforeEach(async () => {
  anna = await scene.person(`anna${(count += 1)}`);
  await scene.policy({ approvalSteps: 1, distributionStep: false, generateTokens: false, requestDays: 14 });
  await updateSettings(api.system, { maxTokensPerUser: 3 });
  approver = await scene.person(`approver${count}`, ['REQUEST_APPROVER']);
  second = await scene.person(`second${count}`, ['REQUEST_APPROVER']);
  admin = await scene.person(`root${count}`, ['SUPER_ADMIN']);
  // Nothing free is left over from another test.
  await api.deps.db.update(tokens).set({ enabled: false }).where(isNull(tokens.ownerId));
});

const asked = async (person = anna, more: object = {}): Promise<string> =>
  (await ask(person, scene.qr, more)).tokenRequest.id;
const seen = async (person: Person, id: string) =>
  (
    await person.graphql(
      `query ($id: ID!) { tokenRequest(id: $id) { status waitsFor failure whyNot mayDecide
        token { id status } hints { code } decisions { verb step comment note by { userName email } } } }`,
      { id },
    )
  ).data.tokenRequest;
/** Activates a token of this person and proves it. */
async function use(person: Person, tokenId: string) {
  const { link } = await act(person, 'startActivation', { tokenId }, 'link');
  const taken = await scan(api.url, link);
  const target = { serialNumber: taken.serialNumber };
  const passcode = codeOf(taken, api.deps.clock.now());
  return act(person, 'verifyPasscode', { target, passcode }, 'outcome');
}

describe('asking', () => {
  it('makes a request that waits for an approver; the server tells new from additional', async () => {
    await scene.stock(1);
    expect(await ask(anna, scene.qr)).toMatchObject({ tokenRequest: { status: 'PENDING', kind: 'NEW' } });
    const { data } = await approver.graphql(
      '{ tokenRequests(filter: { forMe: true }) { nodes { id requester { userName } } } }',
    );
    const mine = data.tokenRequests.nodes.find(
      (node: { requester: { userName: string } }) => node.requester.userName === anna.userName,
    );
    await approve(approver, mine.id);
    expect(await ask(anna, scene.qr)).toMatchObject({ tokenRequest: { kind: 'ADDITIONAL' } });
  });

  it.each([
    ['no reason', { reason: ' ' }, 'reason'],
    ['a long nickname', { nickname: 'x'.repeat(51) }, 'nickname'],
    ['a device that cannot be chosen', { deviceBinding: 'DEVICE', deviceId: 'abcd1234' }, 'deviceBinding'],
  ])('is refused with %s', async (_what, more, path) => {
    expect(await ask(anna, scene.qr, more)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path }],
    });
  });

  it('twice for the same kind is a conflict, until the first is cancelled', async () => {
    const id = await asked();
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'Conflict', code: 'request.open_already' });
    expect(await act(second, 'cancelTokenRequest', { requestId: id })).toMatchObject({
      code: 'request.not_found',
    });
    expect(await act(anna, 'cancelTokenRequest', { requestId: id }, REQUEST)).toMatchObject({
      tokenRequest: { status: 'CANCELLED' },
    });
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'RequestTokenSuccess' });
  });

  it('is limited when asking, and again when approving', async () => {
    await updateSettings(api.system, { maxTokensPerUser: 1 });
    const [own, free] = await scene.stock(2);
    const id = await asked();
    await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [`Token_${own!.id}`] });
    expect(await approve(approver, id)).toMatchObject({ __typename: 'LimitReached', limit: 1 });
    expect(await seen(anna, id)).toMatchObject({ status: 'PENDING' });
    await act(anna, 'cancelTokenRequest', { requestId: id });
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'LimitReached', code: 'user.token_limit' });
    expect(free!.ownerId).toBeNull();
  });

  it('is for offered profiles only, and can be switched off', async () => {
    const { data } = await admin.graphql('{ deviceDefinitions(first: 1) { nodes { id } } }');
    expect(data.deviceDefinitions.nodes).toHaveLength(1);
    const other = await act(
      admin,
      'createTokenProfile',
      {
        name: `Not offered ${count}`,
        deviceDefinitionId: data.deviceDefinitions.nodes[0].id,
        deliveryMethod: 'CT_KIP_URL',
      },
      'tokenProfile { id }',
    );
    expect(await ask(anna, other.tokenProfile.id)).toMatchObject({ code: 'token_profile.not_offered' });
    await updateSelfServiceSettings(api.system, { requestsEnabled: false });
    expect(await ask(anna, scene.qr)).toMatchObject({ code: 'requests.switched_off' });
    await updateSelfServiceSettings(api.system, { requestsEnabled: true });
  });
});

describe('deciding', () => {
  it('with no step gives the token at once', async () => {
    await scene.policy({ approvalSteps: 0 });
    await scene.stock(1);
    expect(await ask(anna, scene.qr)).toMatchObject({
      tokenRequest: { status: 'APPROVED', token: { status: 'PENDING' } },
    });
  });

  it('takes as many different approvers as there are steps, and then the distributor', async () => {
    await scene.policy({ approvalSteps: 2, distributionStep: true });
    await scene.stock(1);
    const distributor = await scene.person(`dist${count}`, ['TOKEN_DISTRIBUTOR']);
    const id = await asked();
    expect(await approve(approver, id)).toMatchObject({ tokenRequest: { status: 'PENDING' } });
    expect(await approve(approver, id)).toMatchObject({
      __typename: 'InvalidState',
      code: 'request.approved_by_you',
    });
    expect(await act(distributor, 'distributeTokenRequest', { requestId: id })).toMatchObject({
      code: 'request.not_yet',
    });
    expect(await approve(second, id)).toMatchObject({ tokenRequest: { status: 'APPROVED', token: null } });
    expect(await act(distributor, 'distributeTokenRequest', { requestId: id }, REQUEST)).toMatchObject({
      tokenRequest: { status: 'APPROVED', token: { status: 'PENDING' } },
    });
  });

  it('is not for one’s own request, nor for a person who may do more', async () => {
    expect(await approve(approver, await asked(approver))).toMatchObject({ code: 'request.own' });
    const helper = await scene.person(`help${count}`, ['HELP_DESK']);
    const id = await asked(helper);
    expect(await approve(second, id)).toMatchObject({ code: 'user.outranks_you' });
    expect(await seen(second, id)).toMatchObject({ mayDecide: [] });
  });

  it('at once by two counts once, and tells the other who was first', async () => {
    await scene.stock(2);
    const id = await asked();
    const answers = await Promise.all([approve(approver, id, { step: 1 }), approve(second, id, { step: 1 })]);
    const names = answers.map((answer) => answer.__typename).toSorted();
    expect(names).toEqual(['ApproveTokenRequestSuccess', 'Conflict']);
    const told = answers.find((answer) => answer.__typename === 'Conflict');
    expect(told).toMatchObject({
      code: 'request.decided',
      message: expect.stringMatching(/(approver|second)\d+ Test was first/),
    });
  });

  it('rejects with a comment that the requester reads, and a note that they do not', async () => {
    const id = await asked();
    await act(approver, 'deferTokenRequest', { requestId: id, comment: 'Next week.' });
    api.clock.advance(1);
    await act(approver, 'rejectTokenRequest', {
      requestId: id,
      comment: 'Not needed.',
      note: 'Left the team.',
    });
    expect(await seen(anna, id)).toMatchObject({
      status: 'REJECTED',
      hints: [],
      decisions: [
        { verb: 'DEFER', comment: 'Next week.' },
        {
          verb: 'REJECT',
          comment: 'Not needed.',
          note: null,
          by: { userName: approver.userName, email: null },
        },
      ],
    });
    expect((await seen(second, id)).decisions[1]).toMatchObject({ note: 'Left the team.' });
    expect(await approve(second, id)).toMatchObject({ __typename: 'Conflict' });
  });

  it('can change profile and device before', async () => {
    const id = await asked();
    const edit = { requestId: id, deviceBinding: 'DEVICE', deviceId: 'AB-CD-12-34' };
    expect(await act(anna, 'editTokenRequest', edit)).toEqual({ refused: 'FORBIDDEN' });
    expect(
      await act(approver, 'editTokenRequest', edit, 'tokenRequest { deviceBinding deviceId }'),
    ).toMatchObject({
      tokenRequest: { deviceBinding: 'DEVICE', deviceId: 'abcd1234' },
    });
  });

  it('of many at once is previewed, and each is done by itself', async () => {
    await scene.stock(1);
    const ids = [await asked(), await asked(await scene.person(`bert${count}`)), await asked(second)];
    const { data } = await second.graphql(
      `query ($ids: [ID!]!) { previewRequestDecisions(requestIds: $ids, verb: APPROVE) {
        willDo tokensNeeded freeTokens outcomes { code } } }`,
      { ids },
    );
    expect(data.previewRequestDecisions).toMatchObject({ willDo: 2, tokensNeeded: 2, freeTokens: 1 });
    const { outcomes } = await act(
      second,
      'decideTokenRequests',
      { requestIds: ids, verb: 'APPROVE' },
      'outcomes { code tokenRequest { status } }',
    );
    const statuses = outcomes.map(
      (one: { code: string; tokenRequest: { status: string } }) => one.code ?? one.tokenRequest.status,
    );
    expect(statuses.toSorted()).toEqual(['APPROVED', 'WAITING_FOR_TOKEN', 'request.own']);
  });
});

it('says when nobody can decide: the only Super Admin asks', async () => {
  const alone = await startTestApi();
  const own = await requestScene(alone);
  const root = await own.person('root', ['SUPER_ADMIN']);
  const looking = await own.person('looking', ['REQUEST_APPROVER']);
  const { tokenRequest } = await ask(root, own.qr);
  const { hints, whyNot } = await seen(looking, tokenRequest.id);
  expect(hints).toContainEqual({ code: 'nobody_can_decide' });
  expect(whyNot).toContain('may do things that you may not');
  const { data } = await root.graphql('{ attention { requestsNobodyCanDecide requestsForMe } }');
  expect(data.attention).toEqual({ requestsNobodyCanDecide: 1, requestsForMe: 0 });
  await alone.close();
});

describe('time and stock', () => {
  it('an undecided request expires, and its place is free', async () => {
    const id = await asked();
    const watcher = await scene.person(`late${count}`, ['REQUEST_APPROVER']);
    expect(await seen(watcher, id), 'an approver added later sees it').toMatchObject({
      mayDecide: ['APPROVE', 'REJECT', 'DEFER'],
    });
    await scene.policy({ requestDays: 1 });
    const other = await scene.person(`short${count}`);
    const short = await asked(other);
    api.clock.advance(24 * 3600);
    const again = await scene.person(`fresh${count}`, ['REQUEST_APPROVER']);
    expect(await seen(again, short)).toMatchObject({ status: 'EXPIRED', waitsFor: null, mayDecide: [] });
    expect(await approve(again, short)).toMatchObject({ code: 'request.not_open' });
    expect(await seen(again, id)).toMatchObject({ status: 'PENDING' });
  });

  it('without a free token it waits, and goes on by itself', async () => {
    const person = await scene.person(`wait${count}`);
    const decider = await scene.person(`dec${count}`, ['REQUEST_APPROVER']);
    const boss = await scene.person(`boss${count}`, ['SUPER_ADMIN']);
    const id = await asked(person);
    expect((await seen(decider, id)).hints).toContainEqual({ code: 'no_token_free' });
    expect(await approve(decider, id)).toMatchObject({ tokenRequest: { status: 'WAITING_FOR_TOKEN' } });
    await scene.stock(1, 10);
    await api.work();
    expect(await seen(person, id), 'ten days of life are too few').toMatchObject({
      status: 'WAITING_FOR_TOKEN',
    });
    const { data } = await boss.graphql('{ attention { requestsWaitingForToken } }');
    expect(data.attention.requestsWaitingForToken).toBeGreaterThan(0);
    await scene.stock(3);
    await api.work();
    expect(await seen(person, id)).toMatchObject({
      status: 'APPROVED',
      waitsFor: 'ACTIVATION',
      token: { status: 'PENDING' },
    });
    expect(await use(person, (await seen(person, id)).token.id)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await seen(person, id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('a token that is taken away before it is in use fails its request', async () => {
    const person = await scene.person(`lose${count}`);
    const boss = await scene.person(`chief${count}`, ['SUPER_ADMIN']);
    await scene.policy({ approvalSteps: 0, generateTokens: true });
    const id = await asked(person);
    await act(boss, 'unassignTokens', { tokenIds: [(await seen(person, id)).token.id] });
    expect(await seen(person, id)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('taken away'),
    });
  });
});

describe('a replacement', () => {
  it('counts as one with its token, which goes on until the new one is confirmed', async () => {
    const person = await scene.person(`swap${count}`);
    await scene.policy({ approvalSteps: 0, generateTokens: true });
    await updateSettings(api.system, { maxTokensPerUser: 1 });
    const former = (await ask(person, scene.qr)).tokenRequest.token;
    await use(person, former.id);
    expect(await ask(person, scene.qr)).toMatchObject({ __typename: 'LimitReached' });
    expect(
      await ask(person, scene.qr, { replacesTokenId: former.id, replacementReason: 'EXPIRING' }),
    ).toMatchObject({
      code: 'token.not_expiring',
    });
    const { tokenRequest } = await ask(person, scene.qr, { replacesTokenId: former.id });
    expect(tokenRequest).toMatchObject({ kind: 'REPLACEMENT', status: 'APPROVED' });
    const owned = async () =>
      (await person.graphql('{ viewer { tokens { id status } } }')).data.viewer.tokens as {
        id: string;
        status: string;
      }[];
    expect(await owned()).toContainEqual({ id: former.id, status: 'ACTIVE' });
    expect(await ask(person, scene.qr, { replacesTokenId: tokenRequest.token.id })).toMatchObject({
      code: 'token.is_replacement',
    });
    await use(person, tokenRequest.token.id);
    expect(await owned()).toContainEqual({ id: former.id, status: 'REPLACED' });
    expect(await owned()).toContainEqual({ id: tokenRequest.token.id, status: 'ACTIVE' });
  });

  it('is asked for when a token is reported lost, which stops it even where none can be had', async () => {
    const person = await scene.person(`lost${count}`);
    await scene.policy({ approvalSteps: 0, generateTokens: true });
    const { token } = (await ask(person, scene.qr)).tokenRequest;
    await use(person, token.id);
    const report = { tokenId: token.id, problem: 'LOST', comment: 'Left on a train.' };
    expect(await act(approver, 'reportToken', report)).toMatchObject({ code: 'token.not_found' });
    const done = await act(
      person,
      'reportToken',
      report,
      'token { status } tokenRequest { kind reason } notRequested',
    );
    expect(done).toMatchObject({
      token: { status: 'LOST' },
      tokenRequest: { kind: 'REPLACEMENT', reason: 'Lost: Left on a train.' },
      notRequested: null,
    });
    await updateSelfServiceSettings(api.system, { requestsEnabled: false });
    const { token: another } = await act(
      person,
      'reportToken',
      { tokenId: token.id, problem: 'BROKEN' },
      'token { status } notRequested',
    );
    expect(another).toMatchObject({ status: 'LOST' });
    await updateSelfServiceSettings(api.system, { requestsEnabled: true });
  });
});

it('news reach whoever may see them, first the open ones, and nobody else', async () => {
  const person = await scene.person(`news${count}`);
  const other = await scene.person(`else${count}`);
  const decider = await scene.person(`look${count}`, ['REQUEST_APPROVER']);
  const id = await asked(person);
  const query = 'subscription { tokenRequestsChanged { id status } }';
  const mine = watch(api.url, person.cookie, query);
  expect(await mine.next()).toEqual({ tokenRequestsChanged: { id, status: 'PENDING' } });
  const foreign = watch(api.url, other.cookie, query);
  const theirs = await asked(other);
  expect(await foreign.next()).toEqual({ tokenRequestsChanged: { id: theirs, status: 'PENDING' } });
  await act(decider, 'rejectTokenRequest', { requestId: id });
  expect(await mine.next()).toEqual({ tokenRequestsChanged: { id, status: 'REJECTED' } });
  await Promise.all([mine.stop(), foreign.stop()]);
  expect(
    (await other.graphql('query ($id: ID!) { tokenRequest(id: $id) { id } }', { id })).data.tokenRequest,
  ).toBeNull();
});
