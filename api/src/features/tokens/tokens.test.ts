import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, scan } from '../../../test/phone.ts';
import { profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { updateUser } from '../users/update-user.ts';
import { assignTokens } from './assign-tokens.ts';

let api: TestApi;
let admin: Person;
let other: { url: string };
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  other = await api.secondInstance();
  admin = await api.person('admin', ['TOKEN_ADMIN']);
});
afterAll(() => api.close());

const TOKENS = 'tokens { id serialNumber status assignedTo { userName } }';
const generate = (input: object, person = admin) =>
  act(
    person,
    'generateTokens',
    { count: 1, algorithm: 'SECURID', expiresOn: '2099-12-31', ...input },
    TOKENS,
  );
const fresh = async (count = 1): Promise<string[]> =>
  (await generate({ count })).tokens.map(({ id }: { id: string }) => id);
const assign = (person: Person, user: Person, tokenIds: string[]) =>
  act(person, 'assignTokens', { userId: `User_${user.id}`, tokenIds }, TOKENS);
const change = (name: string, tokenIds: string[], person = admin) => act(person, name, { tokenIds }, TOKENS);
const somebody = () => api.person(`owner${++names}`);
const serialOf = async (id: string) =>
  (await admin.graphql('query ($id: ID!) { node(id: $id) { ... on Token { serialNumber } } }', { id })).data
    .node.serialNumber as string;

describe('generating', () => {
  it('gives consecutive serial numbers of this installation’s own range', async () => {
    const { data } = await admin.graphql('{ nextSerialNumber(algorithm: SECURID) }');
    const made = await generate({ count: 3 });
    const serials = made.tokens.map((token: { serialNumber: string }) => Number(token.serialNumber));
    expect(serials).toEqual([0, 1, 2].map((more) => Number(data.nextSerialNumber) + more));
    expect(String(serials[0])).toMatch(/^[1-9]\d{11}$/);
    expect(made.tokens[0]).toMatchObject({ status: 'UNASSIGNED', assignedTo: null });
  });

  it('takes a wanted range, and names what is in its way', async () => {
    const made = await generate({ count: 2, firstSerialNumber: '0000 0000 7001' });
    expect(made.tokens.map((token: { serialNumber: string }) => token.serialNumber)).toEqual([
      '000000007001',
      '000000007002',
    ]);
    expect(await generate({ count: 5, firstSerialNumber: '000000006998' })).toMatchObject({
      __typename: 'Conflict',
      code: 'serial_number.taken',
      message: expect.stringContaining('000000007001'),
      params: [{ name: 'serialNumber', value: '000000007001' }],
    });
  });

  it('at once from two instances collides nowhere', async () => {
    const made = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const input = { count: 20, algorithm: 'SECURID', expiresOn: '2099-12-31' };
        const { data } = await graphql(
          [api.url, other.url][at % 2]!,
          admin.cookie,
          'mutation ($input: GenerateTokensInput!) { generateTokens(input: $input) { ... on GenerateTokensSuccess { tokens { serialNumber } } } }',
          { input },
        );
        return data.generateTokens.tokens.map((token: { serialNumber: string }) => token.serialNumber);
      }),
    );
    expect(new Set(made.flat()).size).toBe(120);
  });

  it.each([
    ['none', { count: 0 }, 'tokens.count'],
    ['too many', { count: 1001 }, 'tokens.count'],
    ['a day gone by', { expiresOn: '2020-01-01' }, 'expires_on.past'],
    ['a day too far', { expiresOn: '2100-01-01' }, 'expires_on.far'],
    ['no serial number', { firstSerialNumber: '12345' }, 'serial_number.invalid'],
    ['too few numbers left', { count: 2, firstSerialNumber: '999999999999' }, 'serial_number.past_end'],
  ])('refuses %s', async (_what, input, code) => {
    expect(await generate(input)).toMatchObject({ __typename: 'InvalidInput', fields: [{ code }] });
  });

  it('makes tokens of either algorithm from one range of numbers', async () => {
    const [securid] = (await generate({ algorithm: 'SECURID', count: 1 })).tokens;
    const [totp] = (await generate({ algorithm: 'TOTP', count: 1 })).tokens;
    expect(Number(totp.serialNumber)).toBe(Number(securid.serialNumber) + 1);
  });
});

describe('assigning', () => {
  it('gives several tokens an owner, or none of them', async () => {
    const user = await somebody();
    const ids = await fresh(2);
    expect(await assign(admin, user, ids)).toMatchObject({
      tokens: [{ status: 'ASSIGNED', assignedTo: { userName: user.userName } }, { status: 'ASSIGNED' }],
    });
    const [free] = await fresh();
    expect(await assign(admin, await somebody(), [free!, ids[0]!])).toMatchObject({
      __typename: 'Conflict',
      code: 'token.already_assigned',
      params: [{ name: 'serialNumber', value: await serialOf(ids[0]!) }],
    });
    const { data } = await admin.graphql('query ($id: ID!) { node(id: $id) { ... on Token { status } } }', {
      id: free,
    });
    expect(data.node.status).toBe('UNASSIGNED');
  });

  it('refuses disabled tokens and users, expired tokens, and none at all', async () => {
    const user = await somebody();
    const [id] = await fresh();
    await change('disableTokens', [id!]);
    expect(await assign(admin, user, [id!])).toMatchObject({ code: 'token.disabled' });
    await updateUser(api.system, { userId: user.id, enabled: false });
    expect(await assign(admin, user, await fresh())).toMatchObject({ code: 'user.disabled' });
    expect(await assign(admin, user, [])).toMatchObject({ fields: [{ code: 'tokens.count' }] });
    const today = api.clock.now().toISOString().slice(0, 10);
    const short = (await generate({ expiresOn: today })).tokens[0].id;
    api.clock.advance(24 * 3600);
    const later = await api.person(`admin${++names}`, ['TOKEN_ADMIN']);
    expect(await assign(later, later, [short])).toMatchObject({ code: 'user.is_yourself' });
    expect(await assign(later, await somebody(), [short])).toMatchObject({ code: 'token.expired' });
    admin = later;
  });

  it('of a token to two people at once succeeds for one', async () => {
    const [id] = await fresh();
    const [one, two] = [await somebody(), await somebody()];
    const answers = await Promise.all([assign(admin, one, [id!]), assign(admin, two, [id!])]);
    expect(answers.filter(({ tokens }) => tokens)).toHaveLength(1);
    expect(answers.find(({ tokens }) => !tokens)!.__typename).toMatch(/Conflict|InvalidState/);
  });
});

describe('three tokens for a user', () => {
  it('are the limit, for assigning and for enabling; disabled ones do not count', async () => {
    const user = await somebody();
    const ids = await fresh(4);
    await assign(admin, user, ids.slice(0, 3));
    expect(await assign(admin, user, ids.slice(3))).toMatchObject({
      __typename: 'LimitReached',
      code: 'user.token_limit',
      limit: 3,
    });
    await change('disableTokens', ids.slice(0, 1));
    expect(await assign(admin, user, ids.slice(3))).toMatchObject({ __typename: 'AssignTokensSuccess' });
    expect(await change('enableTokens', ids.slice(0, 1))).toMatchObject({ __typename: 'LimitReached' });
  });

  it('are not exceeded by administrators who click at once on two instances', async () => {
    const user = await somebody();
    const ids = await fresh(8);
    const query = `mutation ($userId: ID!, $ids: [ID!]!) { assignTokens(input: { userId: $userId, tokenIds: $ids }) { __typename } }`;
    const answers = await Promise.all(
      ids.map(async (id, at) => {
        const variables = { userId: `User_${user.id}`, ids: [id] };
        const { data } = await graphql([api.url, other.url][at % 2]!, admin.cookie, query, variables);
        return data.assignTokens.__typename as string;
      }),
    );
    expect(answers.filter((name) => name === 'AssignTokensSuccess')).toHaveLength(3);
    expect(answers.filter((name) => name === 'LimitReached')).toHaveLength(5);
  });

  it('are not exceeded by enabling and assigning at once', async () => {
    const user = await somebody();
    const ids = await fresh(4);
    await assign(admin, user, ids.slice(0, 3));
    await change('disableTokens', ids.slice(0, 1));
    const answers = await Promise.all([
      change('enableTokens', ids.slice(0, 1)),
      assign(admin, user, ids.slice(3)),
    ]);
    expect(
      answers.map(({ __typename }) => __typename).filter((name) => name === 'LimitReached'),
    ).toHaveLength(1);
  });
});

describe('people of higher rank, and oneself', () => {
  it('do not get, lose or keep tokens through those who may do less', async () => {
    const root = await api.person(`root${++names}`, ['SUPER_ADMIN']);
    const [id] = await fresh();
    expect(await assign(admin, root, [id!])).toMatchObject({ code: 'user.outranks_you' });
    await assignTokens(api.system, { userId: root.id, tokenIds: [id!.slice('Token_'.length)] });
    for (const name of ['unassignTokens', 'disableTokens']) {
      expect(await change(name, [id!])).toMatchObject({ code: 'user.outranks_you' });
      expect((await change(name, [id!], root)).code).toBe('user.is_yourself');
    }
  });
});

describe('unassigning', () => {
  it('makes the former owner’s phone worthless, for the next owner, too', async () => {
    const { qr } = await profiles(api);
    const [first, next] = [await somebody(), await somebody()];
    const [token] = await tokensFor(api, first.id);
    await distributeToken(api.system, { tokenId: token!.id, profileId: qr.id });
    const tokenId = `Token_${token!.id}`;
    const { data } = await first.graphql(START, { tokenId });
    const phone = await scan(api.url, data.startActivation.link);
    const verify = async (person: Person) => {
      const passcode = codeOf(phone, api.clock.now());
      const answer = await person.graphql(VERIFY, { serialNumber: token!.serialNumber, passcode });
      return answer.data.verifyPasscode.outcome;
    };
    expect(await verify(first)).toBe('ACCEPTED');
    expect(await change('unassignTokens', [tokenId])).toMatchObject({
      tokens: [{ status: 'UNASSIGNED', assignedTo: null }],
    });
    api.clock.advance(120);
    expect(await verify(first)).toBe('REJECTED');
    await assign(admin, next, [tokenId]);
    expect(await verify(next)).toBe('REJECTED');
    expect(await change('unassignTokens', [(await fresh())[0]!])).toMatchObject({
      code: 'token.not_assigned',
    });
  });
});
