import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../auth/permissions.ts';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { approve, ask, requestScene } from '../../../test/requests-scene.ts';
import { listed, seen, stopOnMonday } from '../../../test/requests-view.ts';

const DAY = 24 * 3600;
let api: TestApi;
let scene: Awaited<ReturnType<typeof requestScene>>;
/** Everybody by name, each with a request of their own. */
let people: Record<string, Person>;
/** The request of each by name, oldest first; «eve» has an expired one. */
let requests: Record<string, string>;

const who: Record<string, Role[]> = {
  anna: [],
  bert: [],
  carl: [],
  dana: [],
  emil: [],
  fay: [],
  ada: ['REQUEST_APPROVER'],
  ben: ['REQUEST_APPROVER'],
  dora: ['TOKEN_DISTRIBUTOR'],
  both: ['REQUEST_APPROVER', 'TOKEN_DISTRIBUTOR'],
  help: ['HELP_DESK'],
  tina: ['TOKEN_ADMIN'],
  rita: ['AUDITOR'],
  root: ['SUPER_ADMIN'],
};

const person = (name: string) => people[name]!;
const request = (name: string) => requests[name]!;
async function asks(name: string, more: object = {}, profile = scene.qr): Promise<void> {
  api.clock.advance(1);
  const answer = await ask(person(name), profile, more);
  requests[name] = answer.tokenRequest.id;
}
const attention = async (name: string) =>
  (
    await person(name).graphql(
      '{ attention { requestsForMe requestsNobodyCanDecide requestsWaitingForToken freeTokens } }',
    )
  ).data.attention;

beforeAll(async () => {
  api = await startTestApi();
  stopOnMonday(api);
  scene = await requestScene(api);
  people = {};
  requests = {};
  await scene.policy({ requestDays: 1 });
  people['eve'] = await scene.person('eve');
  await asks('eve');
  await scene.policy({ requestDays: 14 });
  api.clock.advance(DAY);
  for (const [name, roles] of Object.entries(who)) people[name] = await scene.person(name, roles);
  for (const name of ['ada', 'ben', 'dora', 'help', 'tina', 'root', 'both', 'rita']) await asks(name);
  await asks('anna', { reason: 'A 100% remote job.' });
  await asks('fay', {}, scene.url);
  await asks('emil');
  await act(person('ada'), 'deferTokenRequest', { requestId: request('emil') });
  await scene.policy({ approvalSteps: 2 });
  await asks('bert');
  await approve(person('ada'), request('bert'));
  await scene.policy({ approvalSteps: 1, distributionStep: true });
  await asks('carl');
  await approve(person('both'), request('carl'));
  await scene.policy({ distributionStep: false });
  await asks('dana');
  await approve(person('ben'), request('dana'));
});
afterAll(() => api.close());

describe('what waits for me', () => {
  it('is what I may decide, for everybody: the filter, the buttons and the number agree', async () => {
    for (const name of Object.keys(who)) {
      const all = await listed(person(name));
      const mine: string[] = [];
      for (const id of all) if ((await seen(person(name), id)).mayDecide.length > 0) mine.push(id);
      expect(await listed(person(name), { forMe: true }), name).toEqual(mine);
      expect((await attention(name)).requestsForMe, name).toBe(mine.length);
    }
  });

  it('is for each what their role, their own request and their former decisions leave', async () => {
    const names = async (name: string) =>
      (await listed(person(name), { forMe: true })).map((id) =>
        Object.keys(requests).find((one) => requests[one] === id),
      );
    expect(await names('ada')).toEqual(['ben', 'anna', 'fay', 'emil']);
    expect(await names('ben')).toEqual(['ada', 'anna', 'fay', 'emil', 'bert']);
    expect(await names('dora')).toEqual(['carl', 'dana']);
    expect(await names('both')).toEqual([
      'ada',
      'ben',
      'dora',
      'anna',
      'fay',
      'emil',
      'bert',
      'carl',
      'dana',
    ]);
    expect(await names('tina')).toEqual(['carl', 'dana']);
    expect(await names('help')).toEqual([]);
    expect(await names('rita')).toEqual([]);
    expect(await names('anna')).toEqual([]);
    expect(await names('root')).toHaveLength(Object.keys(requests).length - 2);
  });
});

describe('who sees what', () => {
  it('without the right to read requests, people see their own and nothing else, by no way', async () => {
    expect(await listed(person('anna'))).toEqual([request('anna')]);
    expect(await listed(person('anna'), { search: 'bert' })).toEqual([]);
    expect(await seen(person('anna'), request('bert'))).toBeNull();
    const { data } = await person('anna').graphql(
      `query ($id: ID!) { node(id: $id) { id } attention { requestsForMe requestsNobodyCanDecide
        requestsWaitingForToken failedMails addressTrouble freeTokens failedJobs } tokenRequests { totalCount } }`,
      { id: request('bert') },
    );
    expect(data).toEqual({
      node: null,
      attention: {
        requestsForMe: 0,
        requestsNobodyCanDecide: 0,
        requestsWaitingForToken: 0,
        failedMails: 0,
        addressTrouble: 0,
        freeTokens: 0,
        failedJobs: 0,
      },
      tokenRequests: { totalCount: 1 },
    });
    const own = await person('anna').graphql('query ($id: ID!) { node(id: $id) { id } }', {
      id: request('anna'),
    });
    expect(own.data.node).toEqual({ id: request('anna') });
  });

  it('an auditor sees everything and decides nothing', async () => {
    expect(await listed(person('rita'))).toHaveLength(Object.keys(requests).length);
    expect(await seen(person('rita'), request('anna'))).toMatchObject({ mayDecide: [], status: 'PENDING' });
    expect(await approve(person('rita'), request('anna'))).toEqual({ refused: 'FORBIDDEN' });
  });

  it('the requester of a request sees no hints, whatever their role', async () => {
    expect((await seen(person('anna'), request('anna'))).hints).toEqual([]);
    expect((await seen(person('ben'), request('anna'))).hints).not.toEqual([]);
    expect((await seen(person('ben'), request('ben'))).hints).toEqual([]);
  });
});

describe('filters', () => {
  it.each([
    [{ status: ['EXPIRED'] }, ['eve']],
    [{ status: ['DEFERRED'] }, ['emil']],
    [{ status: ['WAITING_FOR_TOKEN', 'APPROVED'] }, ['carl', 'dana']],
    [{ waitsFor: ['DISTRIBUTOR'] }, ['carl']],
    [{ waitsFor: ['TOKEN'] }, ['dana']],
    [{ waitsFor: ['ACTIVATION'] }, []],
    [{ waitsFor: ['APPROVER'], search: 'EMI' }, ['emil']],
    [{ search: 'anna t' }, ['anna']],
    [{ search: '100%' }, ['anna']],
    [{ search: '%' }, ['anna']],
    [{ search: '_' }, []],
    [{ search: "x'; DROP TABLE token_requests" }, []],
    [{ mine: true }, ['root']],
    [{ kind: ['ADDITIONAL', 'REPLACEMENT'] }, []],
    [{ kind: ['NEW'], status: ['PENDING'], search: 'bert' }, ['bert']],
    [{ status: [] }, []],
    [{ waitsFor: [] }, []],
  ])('%j', async (filter, names) => {
    expect(await listed(person('root'), filter)).toEqual(names.map(request));
  });

  it('by profile', async () => {
    expect(await listed(person('root'), { profileId: scene.url })).toEqual([request('fay')]);
  });
});

describe('pages', () => {
  const page = async (args: string, name = 'root') => {
    const { data, errors } = await person(name).graphql(
      `{ tokenRequests(${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { id } } } }`,
    );
    return errors ? { refused: errors[0]!.extensions.code } : data.tokenRequests;
  };
  const idsOf = (one: { edges: { node: { id: string } }[] }) => one.edges.map(({ node }) => node.id);

  it('follow each other forwards and backwards, oldest first, and leave nothing out', async () => {
    const all = Object.values(requests);
    const forwards: string[] = [];
    for (let after = ''; ; ) {
      const one = await page(`first: 4${after && `, after: "${after}"`}`);
      expect(one).toMatchObject({ totalCount: all.length, pageInfo: { hasPreviousPage: after !== '' } });
      forwards.push(...idsOf(one));
      if (!one.pageInfo.hasNextPage) break;
      after = one.pageInfo.endCursor;
    }
    expect(forwards).toEqual(all);
    const last = await page('last: 3');
    expect(idsOf(last)).toEqual(all.slice(-3));
    expect(idsOf(await page(`last: 3, before: "${last.pageInfo.startCursor}"`))).toEqual(all.slice(-6, -3));
  });

  it.each(['first: 0', 'first: 201', 'first: 2, after: "nonsense"', 'last: -1'])(
    '%s is refused',
    async (args) => {
      expect(await page(args)).toEqual({ refused: 'BAD_USER_INPUT' });
    },
  );
});

describe('hints', () => {
  const hints = async (name: string, by = 'root'): Promise<string[]> =>
    (await seen(person(by), request(name))).hints.map(({ code }: { code: string }) => code);

  it('tell the first request, that no token is free, and that nobody can decide', async () => {
    expect(await hints('anna')).toEqual(['first_request', 'no_token_free']);
    expect(await hints('root', 'ada')).toContain('nobody_can_decide');
    expect((await attention('root')).requestsNobodyCanDecide).toBe(1);
    expect(await hints('eve'), 'nothing is left to decide').toEqual([]);
  });

  it('tell what somebody has, whether it works, that it is too much, and when they asked', async () => {
    const gail = await scene.person('gail');
    people['gail'] = gail;
    const given = await scene.stock(3);
    const ids = given.map(({ id }) => `Token_${id}`);
    await act(person('root'), 'assignTokens', { userId: `User_${gail.id}`, tokenIds: ids.slice(0, 2) });
    await asks('gail');
    expect(await seen(person('root'), request('gail'))).toMatchObject({
      kind: 'ADDITIONAL',
      hints: [{ code: 'has_tokens', params: [{ name: 'count', value: '2' }] }],
    });
    await act(person('root'), 'assignTokens', { userId: `User_${gail.id}`, tokenIds: ids.slice(2) });
    expect(await hints('gail')).toEqual(['has_tokens', 'over_limit', 'no_token_free']);
    await act(gail, 'cancelTokenRequest', { requestId: request('gail') });

    await scene.policy({ officeHoursFrom: 12 });
    await asks('gail', { replacesTokenId: ids[0] });
    expect(await hints('gail')).toEqual([
      'has_tokens',
      'replaces_stopped',
      'outside_office_hours',
      'no_token_free',
    ]);
    await scene.policy({ officeHoursFrom: 7, officeTimeZone: 'Asia/Tokyo' });
    expect(await hints('gail'), 'ten in the morning here is seven in the evening there').toContain(
      'outside_office_hours',
    );
    await scene.policy({ officeTimeZone: 'Europe/Berlin', generateTokens: true });
    expect(await hints('gail')).toEqual(['has_tokens', 'replaces_stopped']);
    await scene.policy({ officeTimeZone: 'UTC', generateTokens: false });
  });

  it('and Home tell how many tokens are free: those that live long enough', async () => {
    expect(await attention('root')).toMatchObject({ freeTokens: 0, requestsWaitingForToken: 1 });
    await scene.stock(2, 29);
    const [free] = await scene.stock(1);
    expect(await attention('root')).toMatchObject({ freeTokens: 1 });
    expect(await attention('ada')).toMatchObject({ requestsWaitingForToken: 1, requestsNobodyCanDecide: 1 });
    expect(await hints('anna')).toEqual(['first_request']);
    await act(person('root'), 'disableTokens', { tokenIds: [`Token_${free!.id}`] });
  });
});
