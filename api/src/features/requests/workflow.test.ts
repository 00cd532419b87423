import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { auditOf, listed, seen } from '../../../test/requests-view.ts';
import { updateUser } from '../users/update-user.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let approvers: Person[];
let admin: Person;
let distributor: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  api.clock.freeze();
  scene = await requestScene(api);
  approvers = [];
  for (const name of ['ada', 'ben', 'cleo', 'dan'])
    approvers.push(await scene.person(name, ['REQUEST_APPROVER']));
  admin = await scene.person('root', ['SUPER_ADMIN']);
  distributor = await scene.person('dora', ['TOKEN_DISTRIBUTOR']);
});
afterAll(() => api.close());
beforeEach(async () => {
  anna = await scene.person(`anna${(count += 1)}`);
  await scene.policy({ approvalSteps: 1, distributionStep: false, generateTokens: true });
});

const asked = async (person = anna, more: object = {}): Promise<string> =>
  (await ask(person, scene.qr, more)).tokenRequest.id;
const distribute = (person: Person, requestId: string, more: object = {}) =>
  act(person, 'distributeTokenRequest', { requestId, ...more }, REQUEST);
const reject = (person: Person, requestId: string, more: object = {}) =>
  act(person, 'rejectTokenRequest', { requestId, ...more }, REQUEST);
const defer = (person: Person, requestId: string) =>
  act(person, 'deferTokenRequest', { requestId, comment: 'Later.' }, REQUEST);
const edit = (person: Person, requestId: string, more: object) =>
  act(person, 'editTokenRequest', { requestId, ...more }, 'tokenRequest { id profile { id } deviceId }');

describe('four approvals and a distribution', () => {
  it('are given by five people, one after the other, and each is in the audit log', async () => {
    await scene.policy({ approvalSteps: 4, distributionStep: true });
    const id = await asked(anna, { nickname: 'Work phone' });
    for (const [given, approver] of approvers.entries()) {
      expect(await seen(anna, id)).toMatchObject({ status: 'PENDING', approvalsGiven: given, token: null });
      expect(await listed(approver, { forMe: true })).toContain(id);
      await approve(approver, id, { step: given + 1 });
      api.clock.advance(1);
      expect(await listed(approver, { forMe: true })).not.toContain(id);
    }
    expect(await seen(anna, id)).toMatchObject({ status: 'APPROVED', waitsFor: 'DISTRIBUTOR', token: null });
    expect(await approve(admin, id), 'a fifth approval').toMatchObject({ code: 'request.decided' });
    await distribute(distributor, id);
    expect(await seen(anna, id)).toMatchObject({
      waitsFor: 'ACTIVATION',
      token: { status: 'PENDING', nickname: 'Work phone', profile: { id: scene.qr } },
      decisions: ['ada', 'ben', 'cleo', 'dan', 'dora'].map((userName, at) => ({
        step: at + 1,
        by: { userName },
      })),
    });
    const log = await auditOf(api, id);
    expect(log.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      `request.submitted ${anna.userName}`,
      ...['ada', 'ben', 'cleo', 'dan'].map((name) => `request.approved ${name}`),
      'request.distributed dora',
    ]);
  });

  it('are not needed where the policy has no step: the system gives the token at once', async () => {
    await scene.policy({ approvalSteps: 0 });
    const id = await asked();
    expect(await seen(anna, id)).toMatchObject({
      status: 'APPROVED',
      waitsFor: 'ACTIVATION',
      token: { status: 'PENDING' },
      decisions: [],
    });
    expect((await auditOf(api, id)).map(({ action, actor }) => [action, actor])).toEqual([
      ['request.submitted', anna.userName],
      ['request.distributed', null],
    ]);
  });

  it('stay as they were for a request that was made before the policy changed', async () => {
    const id = await asked();
    await scene.policy({ approvalSteps: 3, distributionStep: true });
    expect(await approve(approvers[0]!, id)).toMatchObject({
      tokenRequest: { status: 'APPROVED', token: { status: 'PENDING' } },
    });
  });

  it('let one person approve and distribute, but an approver cannot distribute', async () => {
    await scene.policy({ distributionStep: true });
    const id = await asked();
    expect(await distribute(distributor, id), 'before it is approved').toMatchObject({
      code: 'request.not_yet',
    });
    await approve(admin, id);
    expect(await distribute(approvers[0]!, id)).toEqual({ refused: 'FORBIDDEN' });
    expect(await distribute(admin, id)).toMatchObject({ tokenRequest: { token: { status: 'PENDING' } } });
  });
});

describe('two who decide', () => {
  it('at once, five of them on two instances: one is heard, the others learn who that was', async () => {
    const { url } = await api.secondInstance();
    const elsewhere = (person: Person): Person => ({
      ...person,
      graphql: (document, variables) => graphql(url, person.cookie, document, variables),
    });
    const id = await asked();
    const people = [...approvers, admin].map((person, at) => (at % 2 ? elsewhere(person) : person));
    const answers = await Promise.all(
      people.map((person, at) => (at % 3 === 2 ? reject(person, id) : approve(person, id))),
    );
    const winner = answers.findIndex(({ __typename }) => __typename.endsWith('Success'));
    const others = answers.filter((_, at) => at !== winner);
    expect(others).toHaveLength(4);
    for (const answer of others) {
      expect(answer).toMatchObject({ __typename: 'Conflict', code: 'request.decided' });
      expect(answer.message).toContain(`${people[winner]!.userName} Test was first`);
    }
    expect((await seen(admin, id)).decisions).toHaveLength(1);
  });

  it('do not approve a step that they have not seen', async () => {
    await scene.policy({ approvalSteps: 2 });
    const id = await asked();
    await approve(approvers[0]!, id, { step: 1 });
    expect(await approve(approvers[1]!, id, { step: 1 })).toMatchObject({
      __typename: 'Conflict',
      code: 'request.decided',
      message: expect.stringContaining('ada Test was first'),
    });
    expect(await seen(anna, id)).toMatchObject({ status: 'PENDING', approvalsGiven: 1 });
    expect(await approve(approvers[1]!, id, { step: 2 })).toMatchObject({
      tokenRequest: { status: 'APPROVED' },
    });
  });

  it('nor in a second tab of their own, which says that it is behind', async () => {
    await scene.policy({ approvalSteps: 2 });
    const id = await asked();
    await approve(approvers[0]!, id, { step: 1 });
    expect(await approve(approvers[0]!, id, { step: 1 })).toMatchObject({ __typename: 'Conflict' });
  });

  it('cancelling while somebody approves: one of both counts', async () => {
    const id = await asked();
    const [cancelled, approved] = await Promise.all([
      act(anna, 'cancelTokenRequest', { requestId: id }),
      approve(approvers[0]!, id),
    ]);
    const isCancelled = cancelled.__typename === 'CancelTokenRequestSuccess';
    expect(isCancelled).not.toBe(approved.__typename === 'ApproveTokenRequestSuccess');
    expect(await seen(anna, id)).toMatchObject({ status: isCancelled ? 'CANCELLED' : 'APPROVED' });
  });
});

describe('who may not decide', () => {
  it('nobody their own, not even a Super Admin, by no way', async () => {
    await scene.policy({ distributionStep: true });
    const id = await asked(admin);
    for (const verb of [
      approve,
      reject,
      defer,
      (who: Person, one: string) => edit(who, one, { nickname: 'x' }),
    ]) {
      expect(await verb(admin, id)).toMatchObject({ __typename: 'InvalidState', code: 'request.own' });
    }
    const { outcomes } = await act(
      admin,
      'decideTokenRequests',
      { requestIds: [id], verb: 'APPROVE' },
      'outcomes { code }',
    );
    expect(outcomes).toEqual([{ code: 'request.own' }]);
    expect(await seen(admin, id)).toMatchObject({
      mayDecide: [],
      whyNot: expect.stringContaining('own request'),
    });
    const root = await scene.person('root2', ['SUPER_ADMIN']);
    await approve(root, id);
    expect(await distribute(admin, id)).toMatchObject({ code: 'request.own' });
    expect(await distribute(distributor, id)).toMatchObject({ code: 'user.outranks_you' });
    expect(await distribute(root, id)).toMatchObject({ tokenRequest: { token: { status: 'PENDING' } } });
    // The other tests know one Super Admin only.
    await updateUser(api.system, { userId: root.id, enabled: false });
  });

  it('a person with equal rights may, until the requester gains one that they lack', async () => {
    await scene.policy({ approvalSteps: 2 });
    const colleague = await scene.person('emil', ['REQUEST_APPROVER']);
    const id = await asked(colleague);
    expect(await approve(approvers[0]!, id)).toMatchObject({ __typename: 'ApproveTokenRequestSuccess' });
    await updateUser(api.system, { userId: colleague.id, roles: ['REQUEST_APPROVER', 'AUDITOR'] });
    expect(await seen(approvers[1]!, id)).toMatchObject({ mayDecide: [] });
    expect(await approve(approvers[1]!, id)).toMatchObject({ code: 'user.outranks_you' });
    await updateUser(api.system, { userId: colleague.id, enabled: false });
  });

  it('an approver who is one no longer, though the page is open still', async () => {
    const former = await scene.person('fritz', ['REQUEST_APPROVER']);
    const id = await asked();
    await updateUser(api.system, { userId: former.id, roles: [] });
    expect(await approve(former, id)).toHaveProperty('refused');
    expect(await seen(anna, id)).toMatchObject({ status: 'PENDING', decisions: [] });
  });
});

describe('deferring', () => {
  it('leaves a request to be approved, by whoever deferred it too, at every step', async () => {
    await scene.policy({ approvalSteps: 2 });
    const id = await asked();
    expect(await defer(approvers[0]!, id)).toMatchObject({ tokenRequest: { status: 'DEFERRED' } });
    expect(await seen(approvers[1]!, id)).toMatchObject({ mayDecide: ['APPROVE', 'REJECT'] });
    expect(await defer(approvers[1]!, id)).toMatchObject({
      code: 'request.decided',
      message: expect.stringContaining('ada Test'),
    });
    expect(await approve(approvers[0]!, id)).toMatchObject({ tokenRequest: { status: 'PENDING' } });
    expect(await defer(approvers[1]!, id)).toMatchObject({ tokenRequest: { status: 'DEFERRED' } });
    expect(await approve(approvers[1]!, id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
    const actions = (await auditOf(api, id)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'request.deferred')).toHaveLength(2);
  });
});

describe('rejecting', () => {
  it('at a later step ends the request; its place is free', async () => {
    await scene.policy({ approvalSteps: 2 });
    const id = await asked();
    await approve(approvers[0]!, id);
    await reject(approvers[0]!, id).then((answer) =>
      expect(answer, 'who approved').toMatchObject({ code: 'request.approved_by_you' }),
    );
    expect(await reject(approvers[1]!, id)).toMatchObject({
      tokenRequest: { status: 'REJECTED', token: null },
    });
    expect((await seen(anna, id)).endedAt).toBe(api.clock.now().toISOString());
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'RequestTokenSuccess' });
  });

  it('tells the requester the comment and who it was, but neither note nor address', async () => {
    const id = await asked();
    await reject(approvers[1]!, id, { comment: 'Use the one you have.', note: 'Leaves in May.' });
    expect(await seen(anna, id)).toMatchObject({
      status: 'REJECTED',
      hints: [],
      decisions: [
        {
          verb: 'REJECT',
          comment: 'Use the one you have.',
          note: null,
          by: { userName: 'ben', email: null },
        },
      ],
    });
  });

  it('shows an approver the note on everybody’s request but their own', async () => {
    const [colleague] = approvers;
    const id = await asked(colleague);
    await reject(approvers[1]!, id, { comment: 'Sorry.', note: 'Leaves in May.' });
    expect((await seen(approvers[2]!, id)).decisions).toMatchObject([{ note: 'Leaves in May.' }]);
    expect((await seen(colleague!, id)).decisions).toMatchObject([{ comment: 'Sorry.', note: null }]);
  });

  it.each(['comment', 'note'])('takes no %s of more than 2000 characters', async (field) => {
    const id = await asked();
    expect(await reject(approvers[0]!, id, { [field]: 'x'.repeat(2001) })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: field }],
    });
    expect(await reject(approvers[0]!, id, { [field]: 'x'.repeat(2000) })).toMatchObject({
      tokenRequest: { status: 'REJECTED' },
    });
  });
});
