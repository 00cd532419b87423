import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { asProgram, keyOf } from '../../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { liveToken, profiles, START, tokensFor } from '../../../test/scene.ts';
import { permissions } from '../../auth/permissions.ts';
import { schema } from '../../schema.ts';
import { distributeToken } from '../distribution/distribute-token.ts';

let api: TestApi;
let root: Person;
/** A key that holds everything; one that holds next to nothing. */
let mighty: Person;
let weak: Person;
let profileId: string;
beforeAll(async () => {
  api = await startTestApi();
  root = await api.person('root', ['SUPER_ADMIN']);
  mighty = asProgram(api.url, root, await keyOf(root, [...permissions]));
  profileId = (await profiles(api)).qr.id;
  weak = asProgram(api.url, root, await keyOf(root, ['PROFILES_READ']));
});
afterAll(() => api.close());

/** Written down a second time, so that a field that changes its kind shows here. */
const IN_PERSON = [
  'cancelTokenRequest',
  'createApiKey',
  'endOtherSessions',
  'endSession',
  'renameToken',
  'reportToken',
  'requestToken',
  'revokeApiKey',
  'sendActivationLink',
  'startActivation',
  'takeTokenFile',
];

describe('what people do for themselves', () => {
  it('is marked so, field by field', () => {
    const fields = Object.values(schema.getMutationType()!.getFields());
    const marked = fields.filter(({ extensions }) => extensions['permission'] === 'IN_PERSON');
    expect(marked.map(({ name }) => name).toSorted()).toEqual(IN_PERSON);
  });

  it.each([
    ['createApiKey', { name: 'Another', permissions: ['USERS_READ'] }],
    ['revokeApiKey', { apiKeyId: 'ApiKey_x' }],
    ['endSession', { sessionId: 'UserSession_x' }],
    ['endOtherSessions', {}],
    ['startActivation', { tokenId: 'Token_x' }],
    ['sendActivationLink', { tokenId: 'Token_x' }],
    ['requestToken', { profileId: 'TokenProfile_x', reason: 'r' }],
    ['cancelTokenRequest', { requestId: 'TokenRequest_x' }],
    ['renameToken', { tokenId: 'Token_x', nickname: 'n' }],
    ['reportToken', { tokenId: 'Token_x', problem: 'LOST' }],
  ])('%s is refused to a key, whatever it holds', async (name, input) => {
    expect(await act(mighty, name, input)).toEqual({ refused: 'FORBIDDEN' });
    expect(await act(root, name, input)).not.toHaveProperty('refused');
  });
});

describe('verifyPasscode', () => {
  const input = { target: { userName: 'root' }, passcode: '12345678' };

  it('is for keys with PASSCODES_VERIFY, and anybody’s then', async () => {
    expect(await act(weak, 'verifyPasscode', input)).toEqual({ refused: 'FORBIDDEN' });
    expect(await act(mighty, 'verifyPasscode', input, 'outcome')).toMatchObject({ outcome: 'REJECTED' });
    const { owner, serialNumber, shown } = await liveToken(api, 'anna');
    const target = { serialNumber };
    const byPerson = await act(root, 'verifyPasscode', { target, passcode: shown() }, 'outcome');
    expect(byPerson).toMatchObject({ outcome: 'REJECTED' });
    const byKey = await act(mighty, 'verifyPasscode', { target, passcode: shown() }, 'outcome');
    expect(byKey).toMatchObject({ outcome: 'ACCEPTED' });
    const again = await act(owner, 'verifyPasscode', { target, passcode: shown() }, 'outcome');
    expect(again).toMatchObject({ outcome: 'REPLAYED' });
  });

  it('by the owner’s key confirms no seed that waits for its owner', async () => {
    const { owner, serialNumber, shown } = await liveToken(api, 'berta', {
      provisional: true,
      roles: ['TOKEN_ADMIN'],
    });
    const program = asProgram(api.url, owner, await keyOf(owner, ['PASSCODES_VERIFY']));
    const given = { target: { serialNumber }, passcode: shown() };
    expect(await act(program, 'verifyPasscode', given, 'outcome')).toMatchObject({ outcome: 'REJECTED' });
    expect(await act(owner, 'verifyPasscode', given, 'outcome')).toMatchObject({ outcome: 'ACCEPTED' });
  });
});

describe('what is a person’s own', () => {
  it('is hidden from their key, unless it may look at everybody’s', async () => {
    const alice = await api.person('alice', ['AUDITOR']);
    const [token] = await tokensFor(api, alice.id);
    await distributeToken(api.system, { tokenId: token!.id, profileId });
    const started = (await alice.graphql(START, { tokenId: `Token_${token!.id}` })).data.startActivation;
    const { id } = started.activation;
    const LOOK = `query ($id: ID!, $serial: String!) { activation(id: $id) { state } token(serialNumber: $serial) { status }
      viewer { userName tokens { serialNumber } apiKeys { name } sessions { id } } tokenRequests(filter: { mine: true }) { nodes { id } } }`;
    const variables = { id, serial: token!.serialNumber };
    expect((await alice.graphql(LOOK, variables)).data).toMatchObject({
      activation: { state: 'OPEN' },
      token: { status: 'PENDING' },
      viewer: { tokens: [{ serialNumber: token!.serialNumber }], sessions: [{}] },
    });
    const blind = asProgram(api.url, alice, await keyOf(alice, ['PROFILES_READ']));
    expect((await blind.graphql(LOOK, variables)).data).toEqual({
      activation: null,
      token: null,
      viewer: { userName: 'alice', tokens: [], apiKeys: null, sessions: null },
      tokenRequests: { nodes: [] },
    });
    const seeing = asProgram(api.url, alice, await keyOf(alice, ['TOKENS_READ']));
    expect((await seeing.graphql(LOOK, variables)).data).toMatchObject({
      activation: { state: 'OPEN' },
      token: { status: 'PENDING' },
      viewer: { sessions: null },
    });
    expect(await act(blind, 'cancelActivation', { activationId: id })).toMatchObject({
      code: 'activation.not_found',
    });
  });

  it('an activation of one’s own is not cancelled by one’s key, that of others with TOKENS_DISTRIBUTE is', async () => {
    const bob = await api.person('bob');
    const openFor = async (person: Person) => {
      const [token] = await tokensFor(api, person.id);
      await distributeToken(api.system, { tokenId: token!.id, profileId });
      const { data } = await person.graphql(START, { tokenId: `Token_${token!.id}` });
      return { activationId: data.startActivation.activation.id };
    };
    expect(await act(mighty, 'cancelActivation', await openFor(root))).toMatchObject({
      code: 'user.is_yourself',
    });
    expect(await act(weak, 'cancelActivation', await openFor(bob))).toMatchObject({
      code: 'activation.not_found',
    });
    const open = await openFor(await api.person('carl'));
    expect(await act(mighty, 'cancelActivation', open)).toMatchObject({
      __typename: 'CancelActivationSuccess',
    });
  });
});
