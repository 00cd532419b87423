import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { auditOf, emptyStock, seen } from '../../../test/requests-view.ts';
import { type Watch, watch } from '../../../test/socket.ts';
import { updateSettings } from '../settings/update-settings.ts';
import { updateUser } from '../users/update-user.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let ada: Person;
let ben: Person;
let admin: Person;
let anna: Person;
let bert: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  scene = await requestScene(api);
  ada = await scene.person('ada', ['REQUEST_APPROVER']);
  ben = await scene.person('ben', ['REQUEST_APPROVER']);
  admin = await scene.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());
beforeEach(async () => {
  // Nobody waits any more from the test before, and nothing is free.
  await updateSettings(api.system, { maxTokensPerUser: 3 });
  await scene.policy({ generateTokens: true });
  await api.work();
  await emptyStock(admin);
  await scene.policy({ approvalSteps: 1, distributionStep: false, generateTokens: false });
  anna = await scene.person(`anna${(count += 1)}`);
  bert = await scene.person(`bert${count}`);
});

const asked = async (person: Person): Promise<string> => (await ask(person, scene.qr)).tokenRequest.id;
const decide = (person: Person, requestIds: string[], more: object = {}) =>
  act(
    person,
    'decideTokenRequests',
    { requestIds, verb: 'APPROVE', ...more },
    'outcomes { code message tokenRequest { id status } }',
  );
async function preview(person: Person, requestIds: string[], verb = 'APPROVE') {
  const { data, errors } = await person.graphql(
    `query ($requestIds: [ID!]!, $verb: RequestVerb!) { previewRequestDecisions(requestIds: $requestIds, verb: $verb) {
      willDo tokensNeeded freeTokens generateTokens outcomes { code message tokenRequest { id } } } }`,
    { requestIds, verb },
  );
  return errors ? { refused: errors[0]!.extensions.code } : data.previewRequestDecisions;
}
type Outcome = { code: string | null; message: string | null; tokenRequest: { id: string } };
const codes = (outcomes: Outcome[]) =>
  Object.fromEntries(outcomes.map(({ code, tokenRequest }) => [tokenRequest.id, code]));

describe('deciding many', () => {
  it('decides nothing that is at another step than the decider saw', async () => {
    const id = await asked(ada);
    const { outcomes } = await decide(ben, [id], { steps: [2] });
    expect(codes(outcomes)).toEqual({ [id]: 'request.not_open' });
    expect((await decide(ben, [id], { steps: [] })).__typename).toBe('InvalidInput');
    await act(ben, 'rejectTokenRequest', { requestId: id });
  });

  it('does what the preview says, to each by itself, and the preview changes nothing', async () => {
    await scene.stock(1);
    const own = await asked(ada);
    const rejected = await asked(anna);
    await act(ben, 'rejectTokenRequest', { requestId: rejected });
    const again = await asked(anna);
    const first = await asked(bert);
    const rights = await asked(admin);
    const ids = [own, rejected, again, first, rights];

    const before = await preview(ada, ids);
    expect(before).toMatchObject({ willDo: 2, tokensNeeded: 2, freeTokens: 1, generateTokens: false });
    for (const id of [own, again, first, rights]) {
      expect(await seen(ben, id)).toMatchObject({ status: 'PENDING', decisions: [] });
    }
    const { outcomes } = await decide(ada, ids, { comment: 'Welcome.', note: 'Batch of Monday.' });
    expect(codes(outcomes)).toMatchObject({
      [own]: 'request.own',
      [again]: null,
      [first]: null,
      [rights]: 'user.outranks_you',
    });
    for (const { code, message } of outcomes) expect(Boolean(message)).toBe(Boolean(code));
    const isRefused = (all: Outcome[]) =>
      all.filter(({ code }) => code).map(({ tokenRequest }) => tokenRequest.id);
    expect(isRefused(outcomes).toSorted()).toEqual(isRefused(before.outcomes).toSorted());
    const statuses = [await seen(anna, again), await seen(bert, first)].map(({ status }) => status);
    expect(statuses.toSorted(), 'one token for two').toEqual(['APPROVED', 'WAITING_FOR_TOKEN']);
    expect((await seen(ben, first)).decisions).toMatchObject([
      { comment: 'Welcome.', note: 'Batch of Monday.' },
    ]);
    expect((await auditOf(api, first)).map(({ action }) => action)).toContain('request.approved');
    await act(ada, 'cancelTokenRequest', { requestId: own });
    await act(admin, 'cancelTokenRequest', { requestId: rights });
  });

  it('says before the last click that somebody has the most tokens allowed', async () => {
    const id = await asked(anna);
    await updateSettings(api.system, { maxTokensPerUser: 1 });
    const [own] = await scene.stock(2);
    await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [`Token_${own!.id}`] });
    expect(await preview(ada, [id])).toMatchObject({
      willDo: 0,
      tokensNeeded: 0,
      outcomes: [{ code: 'user.token_limit' }],
    });
    expect((await decide(ada, [id])).outcomes).toMatchObject([{ code: 'user.token_limit' }]);
    expect(await seen(ada, id)).toMatchObject({ status: 'PENDING', decisions: [] });
  });

  it('counts no tokens for steps that give none', async () => {
    await scene.policy({ approvalSteps: 2 });
    const two = await asked(anna);
    await scene.policy({ approvalSteps: 1, distributionStep: true });
    const distributed = await asked(bert);
    expect(await preview(ada, [two, distributed])).toMatchObject({ willDo: 2, tokensNeeded: 0 });
    await approve(ada, two);
    expect(await preview(ben, [two, distributed])).toMatchObject({ willDo: 2, tokensNeeded: 1 });
    expect(await preview(ben, [two, distributed], 'REJECT')).toMatchObject({ willDo: 2, tokensNeeded: 0 });
  });

  it.each(['REJECT', 'DEFER'])(
    '%s them all with one comment; a second time nothing is done',
    async (verb) => {
      const ids = [await asked(anna), await asked(bert)];
      expect((await decide(ada, ids, { verb, comment: 'Budget.' })).outcomes).toMatchObject([
        { code: null },
        { code: null },
      ]);
      for (const id of ids)
        expect((await seen(ben, id)).decisions).toMatchObject([{ verb, comment: 'Budget.' }]);
      expect(await preview(ben, ids, verb)).toMatchObject({ willDo: 0 });
      const { outcomes } = await decide(ben, ids, { verb });
      expect(Object.values(codes(outcomes))).toEqual(['request.decided', 'request.decided']);
      for (const id of ids) expect((await seen(ada, id)).decisions).toHaveLength(1);
    },
  );

  it('by two at the same moment decides each once', async () => {
    await scene.stock(2);
    const ids = [await asked(anna), await asked(bert)];
    const answers = await Promise.all([decide(ada, ids), decide(ben, ids.toReversed())]);
    const done = answers.flatMap(({ outcomes }) => outcomes as Outcome[]).filter(({ code }) => !code);
    expect(done).toHaveLength(2);
    for (const id of ids) expect((await seen(ada, id)).decisions).toHaveLength(1);
  });

  it('names each once, 1 to 200 of them, and distributes none', async () => {
    const id = await asked(anna);
    expect((await decide(ada, [id, id], { verb: 'DEFER' })).outcomes).toHaveLength(1);
    const many = Array.from(
      { length: 201 },
      (_, at) => `TokenRequest_00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    );
    for (const ids of [[], many]) {
      expect(await decide(ada, ids)).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: 'requestIds' }],
      });
    }
    expect(await decide(admin, [id], { verb: 'DISTRIBUTE' })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'verb' }],
    });
    expect(await decide(ada, [id], { comment: 'x'.repeat(2001) })).toMatchObject({
      __typename: 'InvalidInput',
    });
    expect(await decide(anna, [id])).toEqual({ refused: 'FORBIDDEN' });
    expect(await preview(anna, [id])).toEqual({ refused: 'FORBIDDEN' });
  });
});

describe('news over the socket', () => {
  const NEWS = 'subscription { tokenRequestsChanged { id status mayDecide decisions { note } } }';
  /** Reads on until there is news of this request. */
  async function newsOf(socket: Watch, id: string) {
    for (;;) {
      const { tokenRequestsChanged } = await socket.next();
      if (tokenRequestsChanged.id === id) return tokenRequestsChanged;
    }
  }
  async function nextStatus(socket: Watch, id: string, status: string) {
    for (;;) {
      const news = await newsOf(socket, id);
      if (news.status === status) return news;
    }
  }

  it('an approver sees every request from the open ones on, as it is made, approved, and served', async () => {
    const open = await asked(anna);
    const socket = watch(api.url, ada.cookie, NEWS);
    expect(await newsOf(socket, open)).toMatchObject({
      status: 'PENDING',
      mayDecide: ['APPROVE', 'REJECT', 'DEFER'],
    });
    const made = await asked(bert);
    expect(await newsOf(socket, made)).toMatchObject({ status: 'PENDING' });
    await approve(ben, made);
    await nextStatus(socket, made, 'WAITING_FOR_TOKEN');
    await scene.stock(1);
    await api.work();
    await nextStatus(socket, made, 'APPROVED');
    await act(anna, 'cancelTokenRequest', { requestId: open }, REQUEST);
    expect(await nextStatus(socket, open, 'CANCELLED')).toMatchObject({ mayDecide: [] });
    await socket.stop();
  });

  it('the requester sees their own, made on another instance too, and no note', async () => {
    const { url } = await api.secondInstance();
    const id = await asked(anna);
    const socket = watch(url, anna.cookie, NEWS);
    expect(await socket.next()).toMatchObject({ tokenRequestsChanged: { id, status: 'PENDING' } });
    await asked(bert);
    await act(ada, 'rejectTokenRequest', { requestId: id, note: 'Left the team.' });
    expect(await socket.next(), 'nothing of the other request').toMatchObject({
      tokenRequestsChanged: { id, status: 'REJECTED', decisions: [{ note: null }] },
    });
    await socket.stop();
  });

  it('who is an approver no longer sees their own from then on', async () => {
    const former = await scene.person(`former${count}`, ['REQUEST_APPROVER']);
    const open = await asked(anna);
    const socket = watch(api.url, former.cookie, NEWS);
    await newsOf(socket, open);
    await updateUser(api.system, { userId: former.id, roles: [] });
    await asked(bert);
    const own = await asked(former);
    const seenAfter: string[] = [];
    for (let id = ''; id !== own; ) {
      const next = await socket.next();
      if (!next) break;
      id = next.tokenRequestsChanged.id;
      seenAfter.push(id);
    }
    expect(seenAfter.filter((id) => id !== own)).toEqual([]);
    await socket.stop();
  });

  it('is for those who are signed in', async () => {
    await expect(watch(api.url, '', NEWS).next()).rejects.toThrow();
  });
});
