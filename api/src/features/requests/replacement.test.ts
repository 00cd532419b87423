import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, REQUEST, requestScene } from '../../../test/requests-scene.ts';
import { activate, auditOf, prove, seen, tokensOf, use, stopOnMonday } from '../../../test/requests-view.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { updateSettings } from '../settings/update-settings.ts';
import { tokens } from '../tokens/table.ts';

let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
let anna: Person;
let ada: Person;
let admin: Person;
let count = 0;

beforeAll(async () => {
  api = await startTestApi();
  stopOnMonday(api);
  scene = await requestScene(api);
  ada = await scene.person('ada', ['REQUEST_APPROVER']);
  admin = await scene.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());
beforeEach(async () => {
  await updateSettings(api.system, { maxTokensPerUser: 1 });
  await updateSelfServiceSettings(api.system, { expiringDays: 30 });
  await scene.policy({ approvalSteps: 0, distributionStep: false, generateTokens: true });
  anna = await scene.person(`anna${(count += 1)}`);
});

/** A token of Anna that is in use, on her phone. */
async function inUse(person = anna) {
  const { token } = (await ask(person, scene.qr)).tokenRequest;
  return { id: token.id as string, phone: await use(api, person, token.id) };
}
/** One given by an administrator, valid for so many days. */
async function givenFor(days: number): Promise<string> {
  const [token] = await scene.stock(1, days);
  const tokenId = `Token_${token!.id}`;
  await act(admin, 'assignTokens', { userId: `User_${anna.id}`, tokenIds: [tokenId] });
  return tokenId;
}
const replace = (replacesTokenId: string, more: object = {}, person = anna) =>
  ask(person, scene.qr, { replacesTokenId, ...more });
const statusesOf = async (person = anna) =>
  Object.fromEntries((await tokensOf(person)).map(({ id, status }) => [id, status]));

describe('a token and its replacement', () => {
  it('count as one, and the former goes on until the new one is proved', async () => {
    const former = await inUse();
    const { tokenRequest } = await replace(former.id, { replacementReason: 'BROKEN' });
    expect(tokenRequest).toMatchObject({
      kind: 'REPLACEMENT',
      status: 'APPROVED',
      token: { status: 'PENDING' },
    });
    api.clock.advance(60);
    expect(await prove(api, anna, former.phone), 'before the scan').toBe('ACCEPTED');
    const phone = await activate(api, anna, tokenRequest.token.id);
    api.clock.advance(60);
    expect(await prove(api, anna, former.phone), 'scanned, not yet proved').toBe('ACCEPTED');
    expect(await statusesOf()).toEqual({ [former.id]: 'ACTIVE', [tokenRequest.token.id]: 'PENDING' });
    expect(await seen(anna, tokenRequest.id)).toMatchObject({ status: 'APPROVED' });

    expect(await prove(api, anna, phone)).toBe('ACCEPTED');
    expect(await statusesOf()).toEqual({ [former.id]: 'REPLACED', [tokenRequest.token.id]: 'ACTIVE' });
    api.clock.advance(60);
    expect(await prove(api, anna, former.phone), 'the former is out').toBe('REJECTED');
    expect(await prove(api, anna, phone)).toBe('ACCEPTED');
    expect(await seen(anna, tokenRequest.id)).toMatchObject({
      status: 'COMPLETED',
      waitsFor: null,
      replaces: { status: 'REPLACED' },
    });
    const log = await auditOf(api, tokenRequest.id);
    expect(log.map(({ action }) => action)).toEqual([
      'request.submitted',
      'request.distributed',
      'request.completed',
    ]);
  });

  it('count as two when the former is gone: the new one stands for itself', async () => {
    const former = await inUse();
    const { tokenRequest } = await replace(former.id);
    await act(admin, 'unassignTokens', { tokenIds: [former.id] });
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'LimitReached', limit: 1 });
    await use(api, anna, tokenRequest.token.id);
    expect(await statusesOf()).toEqual({ [tokenRequest.token.id]: 'ACTIVE' });
    const { data } = await admin.graphql('query ($id: ID!) { node(id: $id) { ... on Token { status } } }', {
      id: former.id,
    });
    expect(data.node.status).toBe('UNASSIGNED');
  });

  it('two replacements of one token are not both within the limit', async () => {
    const former = await inUse();
    const lost = (await replace(former.id)).tokenRequest.token;
    await act(anna, 'reportToken', { tokenId: lost.id, problem: 'LOST' });
    expect(await replace(former.id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
    expect(await act(admin, 'enableTokens', { tokenIds: [lost.id] })).toMatchObject({
      __typename: 'LimitReached',
    });
  });

  it('a replacement that is taken away before it is proved fails, and the former goes on', async () => {
    const former = await inUse();
    const { tokenRequest } = await replace(former.id);
    await activate(api, anna, tokenRequest.token.id);
    await act(admin, 'unassignTokens', { tokenIds: [tokenRequest.token.id] });
    expect(await seen(anna, tokenRequest.id)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('taken away'),
      token: null,
    });
    expect(await statusesOf()).toEqual({ [former.id]: 'ACTIVE' });
    expect(await replace(former.id), 'and can be replaced anew').toMatchObject({
      tokenRequest: { status: 'APPROVED' },
    });
  });

  it('a completed request stays completed when its token is taken away later', async () => {
    const { tokenRequest } = await ask(anna, scene.qr);
    await use(api, anna, tokenRequest.token.id);
    await act(admin, 'unassignTokens', { tokenIds: [tokenRequest.token.id] });
    expect(await seen(anna, tokenRequest.id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('a token reported lost while its replacement waits is REPLACED with the proof all the same', async () => {
    const former = await inUse();
    const { tokenRequest } = await replace(former.id);
    await act(anna, 'reportToken', { tokenId: former.id, problem: 'LOST' });
    expect(await statusesOf()).toMatchObject({ [former.id]: 'LOST' });
    await use(api, anna, tokenRequest.token.id);
    expect(await statusesOf()).toEqual({ [former.id]: 'REPLACED', [tokenRequest.token.id]: 'ACTIVE' });
    expect(await act(admin, 'enableTokens', { tokenIds: [former.id] })).toMatchObject({
      code: 'token.replaced',
    });
  });
});

describe('asking for a replacement', () => {
  it('is for one’s own tokens, once, and not for one that was replaced', async () => {
    const former = await inUse();
    const bert = await scene.person(`bert${count}`);
    expect(await replace(former.id, {}, bert)).toMatchObject({ __typename: 'NotFound' });
    const { tokenRequest } = await replace(former.id);
    expect(await replace(former.id)).toMatchObject({ __typename: 'Conflict', code: 'token.being_replaced' });
    expect(await replace(tokenRequest.token.id)).toMatchObject({ code: 'token.is_replacement' });
    await use(api, anna, tokenRequest.token.id);
    expect(await replace(former.id)).toMatchObject({ code: 'token.replaced' });
    expect(await replace(tokenRequest.token.id)).toMatchObject({ tokenRequest: { kind: 'REPLACEMENT' } });
  });

  it('twice at the same moment makes one request', async () => {
    await scene.policy({ approvalSteps: 1 });
    const former = await givenFor(365);
    const answers = await Promise.all([replace(former), replace(former), replace(former)]);
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
      'Conflict',
      'Conflict',
      'RequestTokenSuccess',
    ]);
  });

  it('as expiring is possible in the days before the end only', async () => {
    const early = await givenFor(31);
    expect(await replace(early, { replacementReason: 'EXPIRING' })).toMatchObject({
      __typename: 'InvalidState',
      code: 'token.not_expiring',
    });
    await updateSelfServiceSettings(api.system, { expiringDays: 31 });
    expect(await replace(early, { replacementReason: 'EXPIRING' })).toMatchObject({
      __typename: 'RequestTokenSuccess',
    });
  });

  it.each([
    ['EXPIRING in the days before its end', 30, undefined],
    ['BROKEN else', 365, undefined],
    ['LOST when it was reported lost', 365, 'LOST'],
  ])('says itself that the token is %s', async (what, days, problem) => {
    const former = await givenFor(days);
    if (problem) {
      await updateSelfServiceSettings(api.system, { requestsEnabled: false });
      await act(anna, 'reportToken', { tokenId: former, problem });
      await updateSelfServiceSettings(api.system, { requestsEnabled: true });
    }
    const { tokenRequest } = await replace(former);
    expect((await seen(anna, tokenRequest.id)).replacementReason).toBe(what.split(' ')[0]);
  });

  it('leaves room for one: with the limit at two, an additional one and a replacement go side by side', async () => {
    await updateSettings(api.system, { maxTokensPerUser: 2 });
    await scene.policy({ approvalSteps: 1 });
    const former = await givenFor(365);
    const additional = (await ask(anna, scene.qr)).tokenRequest;
    const replacement = (await replace(former)).tokenRequest;
    expect([additional.kind, replacement.kind]).toEqual(['ADDITIONAL', 'REPLACEMENT']);
    await approve(ada, additional.id);
    expect(await approve(ada, replacement.id)).toMatchObject({ tokenRequest: { status: 'APPROVED' } });
    expect(await ask(anna, scene.qr)).toMatchObject({ __typename: 'LimitReached', limit: 2 });
  });
});

describe('reporting a token', () => {
  const report = (tokenId: string, more: object = {}, person = anna) =>
    act(
      person,
      'reportToken',
      { tokenId, problem: 'BROKEN', ...more },
      'token { status } tokenRequest { id kind status reason replacementReason profile { id } } notRequested',
    );

  it('stops it at once, its codes and its open QR code, and asks for one of the same kind', async () => {
    const former = await inUse();
    await act(admin, 'distributeToken', {
      tokenId: former.id,
      profileId: scene.qr,
      formerSeed: 'KEEP_UNTIL_CONFIRMED',
    });
    const { activation } = await act(anna, 'startActivation', { tokenId: former.id }, 'activation { id }');
    await scene.policy({ approvalSteps: 1 });
    const reported = await report(former.id, { problem: 'BROKEN', comment: 'Fell into the lake.' });
    expect(reported).toMatchObject({
      token: { status: 'DISABLED' },
      tokenRequest: {
        kind: 'REPLACEMENT',
        status: 'PENDING',
        reason: 'Broken: Fell into the lake.',
        replacementReason: 'BROKEN',
        profile: { id: scene.qr },
      },
      notRequested: null,
    });
    api.clock.advance(60);
    expect(await prove(api, anna, former.phone)).toBe('REJECTED');
    const { data } = await anna.graphql('query ($id: ID!) { activation(id: $id) { state } }', {
      id: activation.id,
    });
    expect(data.activation.state).toBe('CANCELLED');
    await approve(ada, reported.tokenRequest.id);
    const token = (await seen(anna, reported.tokenRequest.id)).token;
    await use(api, anna, token.id);
    expect(await statusesOf()).toEqual({ [former.id]: 'REPLACED', [token.id]: 'ACTIVE' });
  });

  it('is for its owner only, not for what was replaced, and never twice a request', async () => {
    const former = await inUse();
    expect(await report(former.id, {}, ada)).toMatchObject({ __typename: 'NotFound' });
    await scene.policy({ approvalSteps: 1 });
    const first = await report(former.id);
    const again = await report(former.id, { problem: 'LOST' });
    expect(again).toMatchObject({ token: { status: 'LOST' }, tokenRequest: null });
    expect(again.notRequested).toContain('asked for one already');
    await approve(ada, first.tokenRequest.id);
    await use(api, anna, (await seen(anna, first.tokenRequest.id)).token.id);
    expect(await report(former.id)).toMatchObject({ __typename: 'InvalidState', code: 'token.replaced' });
  });

  it.each([
    [
      'requests are switched off',
      () => updateSelfServiceSettings(api.system, { requestsEnabled: false }),
      /cannot be asked for/,
    ],
    [
      'nothing can be asked for',
      () => updateSelfServiceSettings(api.system, { requestableProfileIds: [] }),
      /administrator/,
    ],
  ])('stops it even when %s, and says why no other one is on its way', async (_when, happens, why) => {
    const former = await inUse();
    await happens();
    const reported = await report(former.id, { problem: 'LOST' });
    await updateSelfServiceSettings(api.system, {
      requestsEnabled: true,
      requestableProfileIds: [scene.qr, scene.url].map((id) => id.replace('TokenProfile_', '')),
    });
    expect(reported).toMatchObject({ token: { status: 'LOST' }, tokenRequest: null });
    expect(reported.notRequested).toMatch(why);
    api.clock.advance(60);
    expect(await prove(api, anna, former.phone)).toBe('REJECTED');
    expect(await replace(former.id), 'it can be asked for later').toMatchObject({
      __typename: 'RequestTokenSuccess',
    });
  });

  it('is refused for one that another system manages, which only that one can stop', async () => {
    const tokenId = await givenFor(300);
    await api.deps.db
      .update(tokens)
      .set({ managedElsewhere: true })
      .where(eq(tokens.id, tokenId.slice('Token_'.length)));
    expect(await act(anna, 'reportToken', { tokenId, problem: 'LOST' }, 'token { status }')).toMatchObject({
      code: 'token.managed_elsewhere',
    });
  });

  it('that was never activated fails the request that brought it', async () => {
    const { tokenRequest } = await ask(anna, scene.qr);
    await report(tokenRequest.token.id, { problem: 'BROKEN' });
    expect(await seen(anna, tokenRequest.id)).toMatchObject({ status: 'FAILED' });
    expect(await act(anna, 'cancelTokenRequest', { requestId: tokenRequest.id }, REQUEST)).toMatchObject({
      code: 'request.not_open',
    });
  });
});
