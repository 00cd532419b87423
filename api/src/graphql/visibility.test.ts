import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { profiles, START, tokensFor } from '../../test/scene.ts';
import { distributeToken } from '../features/distribution/distribute-token.ts';
import { createLog } from '../lib/log.ts';
import { createServer } from '../server.ts';

let api: TestApi;
let alice: Person;
let bob: Person;
let auditor: Person;
/** Global ids of what is Alice's. */
const hers: Record<string, string> = {};
let serialNumber: string;
beforeAll(async () => {
  api = await startTestApi();
  [alice, bob] = [await api.person('alice'), await api.person('bob')];
  auditor = await api.person('auditor', ['AUDITOR']);
  const { qr } = await profiles(api);
  const [token] = await tokensFor(api, alice.id);
  const { distribution } = await distributeToken(api.system, { tokenId: token!.id, profileId: qr.id });
  const { data } = await alice.graphql(START, { tokenId: `Token_${token!.id}` });
  serialNumber = token!.serialNumber;
  Object.assign(hers, {
    User: `User_${alice.id}`,
    Token: `Token_${token!.id}`,
    Distribution: `Distribution_${distribution.id}`,
    Activation: data.startActivation.activation.id,
    AuditEvent: 'AuditEvent_1',
  });
});
afterAll(() => api.close());

const node = async (person: Person, id: string) =>
  (await person.graphql('query ($id: ID!) { node(id: $id) { id __typename } }', { id })).data.node;

describe('by node(id:)', () => {
  it.each(['User', 'Token', 'Distribution', 'Activation'])(
    'a %s is seen by its owner and those who may, and by nobody else',
    async (typename) => {
      const found = { id: hers[typename], __typename: typename };
      expect(await node(alice, hers[typename]!)).toEqual(found);
      expect(await node(auditor, hers[typename]!)).toEqual(found);
      expect(await node(bob, hers[typename]!)).toBeNull();
    },
  );

  it('an audit event is seen by those who read the log only', async () => {
    expect(await node(auditor, hers['AuditEvent']!)).toMatchObject({ __typename: 'AuditEvent' });
    expect(await node(alice, hers['AuditEvent']!)).toBeNull();
  });

  it('nonsense is nothing, and no error', async () => {
    for (const id of ['', 'x', 'User_', 'User_x', 'AuditEvent_-1', 'constructor_1', `Node_${alice.id}`]) {
      expect(await node(alice, id)).toBeNull();
    }
  });
});

describe('by their own queries', () => {
  it('a user, a token and an activation of somebody else do not exist', async () => {
    const document = `query ($serialNumber: String!, $activation: ID!) { user(userName: "alice") { id }
      token(serialNumber: $serialNumber) { id } activation(id: $activation) { id } }`;
    const variables = { serialNumber, activation: hers['Activation'] };
    expect((await bob.graphql(document, variables)).data).toEqual({
      user: null,
      token: null,
      activation: null,
    });
    expect((await alice.graphql(document, variables)).data).toEqual({
      user: { id: hers['User'] },
      token: { id: hers['Token'] },
      activation: { id: hers['Activation'] },
    });
  });

  it('nobody without the permission reads a history, not even their own', async () => {
    const own = await alice.graphql('{ viewer { history(first: 1) { nodes { action } } } }');
    expect(own.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const ofToken = await alice.graphql(
      'query ($s: String!) { token(serialNumber: $s) { history { nodes { action } } } }',
      { s: serialNumber },
    );
    expect(ofToken.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('what is not seen is not found by a mutation either', async () => {
    const { data } = await bob.graphql(START, { tokenId: hers['Token'] });
    expect(data.startActivation).toMatchObject({ __typename: 'NotFound', code: 'token.not_found' });
    const cancelled = await bob.graphql(
      'mutation ($id: ID!) { cancelActivation(input: { activationId: $id }) { ... on UserError { code } } }',
      { id: hers['Activation'] },
    );
    expect(cancelled.data.cancelActivation.code).toBe('activation.not_found');
  });
});

describe('a document', () => {
  it('asks for one verifyPasscode', async () => {
    const one = 'verifyPasscode(input: { target: { userName: "bob" }, passcode: "12345678" }) { __typename }';
    const { errors } = await bob.graphql(`mutation { a: ${one} b: ${one} }`);
    expect(errors).toMatchObject([{ message: expect.stringMatching(/^Ask for one of verifyPasscode, /) }]);
    const byFragments = `mutation { ...A ...B } fragment A on Mutation { a: ${one} } fragment B on Mutation { b: ${one} }`;
    expect((await bob.graphql(byFragments)).errors).toMatchObject([{ message: /one verifyPasscode/ }]);
    expect((await bob.graphql(`mutation { ${one} }`)).data.verifyPasscode.__typename).toBe(
      'VerifyPasscodeSuccess',
    );
  });

  it('nests sixteen deep at most, through fragments, too', async () => {
    const nested = (times: number) =>
      `{ viewer { ${'tokens { assignedTo { '.repeat(times)} id ${'} }'.repeat(times)} } }`;
    expect((await alice.graphql(nested(3))).errors).toBeUndefined();
    expect((await alice.graphql(nested(7))).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COSTLY' } },
    ]);
    expect((await alice.graphql(nested(8))).errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    const half = `${'tokens { assignedTo { '.repeat(4)} ID ${'} }'.repeat(4)}`;
    const fragments = `{ viewer { ...A } } fragment A on User { ${half.replace('ID', '...B')} }
      fragment B on User { ${half.replace('ID', 'id')} }`;
    expect((await alice.graphql(fragments)).errors?.[0]?.message).toContain('nest');
  });
});

describe('an error that nobody expected', () => {
  it('is masked, with a reference that the log knows', async () => {
    const lines: object[] = [];
    const log = Object.assign(createLog('silent'), { error: (line: object) => lines.push(line) });
    const vault = {
      ...api.deps.vault,
      deriveOctets: () => {
        throw new Error('the master key is 42');
      },
    };
    const broken = await createServer({ ...api.deps, vault, log });
    await new Promise<void>((resolve) => broken.http.listen(0, '127.0.0.1', resolve));
    const { port } = broken.http.address() as { port: number };
    const root = await api.person('root', ['SUPER_ADMIN']);
    const answer = await graphql(
      `http://127.0.0.1:${port}`,
      root.cookie,
      '{ nextSerialNumber(algorithm: SECURID) }',
    );
    await broken.close();
    const [error] = answer.errors as unknown as [{ message: string; extensions: Record<string, string> }];
    expect(error.extensions).toEqual({
      code: 'INTERNAL',
      correlationId: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(error.message).toContain(error.extensions['correlationId']);
    expect(JSON.stringify(answer)).not.toMatch(/master key|\bat |\.ts/);
    expect(lines).toMatchObject([{ correlationId: error.extensions['correlationId'] }]);
  });
});
