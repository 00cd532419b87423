import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { profiles, START, VERIFY } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { revokeDistribution } from '../distribution/revoke-distribution.ts';
import { assignTokens } from './assign-tokens.ts';
import { disableTokens } from './enable-tokens.ts';
import { generateTokens } from './generate-tokens.ts';
import { tokens } from './table.ts';
import { type TokenStatus, tokenStatuses } from './token-status.ts';

let api: TestApi;
let auditor: Person;
let grace: Person;
let profile: Awaited<ReturnType<typeof profiles>>;
/** Serial numbers by what was done to the token. */
const serial: Record<string, string> = {};

/** Tokens in every state that there is; those that no action makes yet are made in the table. */
beforeAll(async () => {
  api = await startTestApi();
  auditor = await api.person('auditor', ['AUDITOR']);
  profile = await profiles(api);
  const people = [await api.person('grace.hopper'), await api.person('ada'), await api.person('edsger')];
  grace = people[0]!;
  const { day } = { day: api.clock.now().toISOString().slice(0, 10) };
  const make = (count: number, expiresOn: string, firstSerialNumber: string) =>
    generateTokens(api.system, { count, algorithm: 'SECURID', expiresOn, firstSerialNumber });
  const made = await make(11, '2098-06-30', '100000000000');
  const [expired] = await make(1, day, '200000000000');
  const named = {
    unassigned: made[0]!,
    assigned: made[1]!,
    byQr: made[2]!,
    scanned: made[3]!,
    active: made[4]!,
    byUrl: made[5]!,
    urlExpired: made[6]!,
    revoked: made[7]!,
    disabled: made[8]!,
    lost: made[9]!,
    replaced: made[10]!,
    expired: expired!,
  };
  for (const [name, token] of Object.entries(named)) serial[name] = token.serialNumber;
  const own = (person: Person, ...given: { id: string }[]) =>
    assignTokens(api.system, { userId: person.id, tokenIds: given.map(({ id }) => id) });
  await own(people[0]!, named.assigned, named.byQr, named.scanned);
  await own(people[1]!, named.active, named.byUrl, named.urlExpired);
  await own(people[2]!, named.revoked, named.expired, named.disabled);
  const give = (token: { id: string }, profileId = profile.qr.id) =>
    distributeToken(api.system, { tokenId: token.id, profileId });
  const scanned = async (token: { id: string }, person: Person) => {
    await give(token);
    const { data } = await person.graphql(START, { tokenId: `Token_${token.id}` });
    return scan(api.url, data.startActivation.link);
  };
  await give(named.byQr);
  await scanned(named.scanned, people[0]!);
  const phone = await scanned(named.active, people[1]!);
  await people[1]!.graphql(VERIFY, {
    serialNumber: named.active.serialNumber,
    passcode: codeOf(phone, api.clock.now()),
  });
  await give(named.urlExpired, profile.url.id);
  api.clock.advance(24 * 3600);
  await give(named.byUrl, profile.url.id);
  await revokeDistribution(api.system, { distributionId: (await give(named.revoked)).distribution.id });
  await disableTokens(api.system, { tokenIds: [named.disabled.id] });
  const mark = (id: string, set: object) => api.deps.db.update(tokens).set(set).where(eq(tokens.id, id));
  await mark(named.lost.id, { lostAt: api.clock.now(), nickname: 'Work phone' });
  await mark(named.replaced.id, { replacedAt: api.clock.now() });
  auditor = await api.person('auditor2', ['AUDITOR']);
});
afterAll(() => api.close());

type Listed = { serialNumber: string; status: TokenStatus };
async function list(filter: object = {}, page: object = {}) {
  const { data, errors } = await auditor.graphql(
    `query ($filter: TokenFilter, $first: Int, $after: String, $last: Int, $before: String) {
      tokens(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        nodes { serialNumber status } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    { filter, ...page },
  );
  if (errors) throw new Error(errors[0]!.message);
  return data.tokens as {
    nodes: Listed[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}
const found = async (filter: object) => (await list(filter)).nodes.map(({ serialNumber }) => serialNumber);
const serials = (...names: string[]) => names.map((name) => serial[name]!).toSorted();

const EXPECTED: Record<TokenStatus, string[]> = {
  UNASSIGNED: ['unassigned'],
  ASSIGNED: ['assigned', 'urlExpired', 'revoked'],
  PENDING: ['byQr', 'scanned', 'byUrl'],
  ACTIVE: ['active'],
  DISABLED: ['disabled'],
  LOST: ['lost'],
  EXPIRED: ['expired'],
  REPLACED: ['replaced'],
};

describe('by status', () => {
  it.each(tokenStatuses)('%s finds just the tokens that say so of themselves', async (status) => {
    const { nodes, totalCount } = await list({ status: [status] });
    expect(nodes.map((token) => token.serialNumber)).toEqual(serials(...EXPECTED[status]));
    expect(new Set(nodes.map((token) => token.status))).toEqual(new Set([status]));
    expect(totalCount).toBe(EXPECTED[status].length);
  });

  it('several are either, none is nothing', async () => {
    expect(await found({ status: ['LOST', 'DISABLED'] })).toEqual(serials('disabled', 'lost'));
    expect(await found({ status: [] })).toEqual([]);
  });
});

describe('by search', () => {
  it.each([
    ['grouped', '1000 0000 0004'],
    ['typed in one', '100000000004'],
    ['in part', '0004'],
  ])('a serial number %s', async (_how, search) => {
    expect(await found({ search })).toEqual([serial['active']]);
  });

  it('an owner’s names and a nickname, without case', async () => {
    const hers = serials('assigned', 'byQr', 'scanned');
    expect(await found({ search: 'GRACE' })).toEqual(hers);
    expect(await found({ search: 'hopper test' })).toEqual(hers);
    expect(await found({ search: ' work PHONE ' })).toEqual([serial['lost']]);
  });

  it('wildcards are letters', async () => {
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ search: '1_0' })).toEqual([]);
    expect(await found({ search: '\\' })).toEqual([]);
  });
});

describe('by other facts', () => {
  it('last day, owner and profile, together with the rest', async () => {
    expect(await found({ expiresBefore: '2098-06-30' })).toEqual([serial['expired']]);
    expect(await found({ assignedToId: `User_${grace.id}` })).toEqual(serials('assigned', 'byQr', 'scanned'));
    expect(await found({ assignedToId: `User_${grace.id}`, status: ['ASSIGNED'] })).toEqual(
      serials('assigned'),
    );
    expect(await found({ profileId: `TokenProfile_${profile.url.id}` })).toEqual(
      serials('byUrl', 'urlExpired'),
    );
  });

  it('an id of something else is refused, not ignored', async () => {
    await expect(list({ assignedToId: 'Token_x' })).rejects.toThrow('There is no User');
  });
});

describe('paging', () => {
  const all = () => Object.values(serial).toSorted();

  it('forwards and backwards meets every token once', async () => {
    const forwards: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const { nodes, pageInfo } = await list({}, { first: 5, after });
      forwards.push(...nodes.map((token) => token.serialNumber));
      expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(forwards).toEqual(all());
    const backwards: string[] = [];
    for (let before: string | undefined, more = true; more; ) {
      const { nodes, pageInfo } = await list({}, { last: 5, before });
      backwards.unshift(...nodes.map((token) => token.serialNumber));
      expect(pageInfo.hasNextPage).toBe(before !== undefined);
      [before, more] = [pageInfo.startCursor, pageInfo.hasPreviousPage];
    }
    expect(backwards).toEqual(all());
  });

  it('has 1 to 200 tokens a page, 50 unless told', async () => {
    await expect(list({}, { first: 0 })).rejects.toThrow('1 to 200');
    await expect(list({}, { first: 201 })).rejects.toThrow('1 to 200');
    expect((await list({}, { first: 200 })).nodes).toHaveLength(12);
  });

  it.each(['x', 'nonsense', 'MTIz='])('no page begins at «%s», which no list answered', async (cursor) => {
    await expect(list({}, { after: cursor })).rejects.toThrow('not of this list');
  });
});
