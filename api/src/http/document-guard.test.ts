import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { graphql, ORIGIN, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { requireCost } from '../graphql/document-cost.ts';
import { schema } from '../schema.ts';
import { maskError } from './graphql.ts';
import { documentHash } from './known-documents.ts';

let api: TestApi;
let admin: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin1', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

const nobody = (document: string, variables: object = {}) => graphql(api.url, undefined, document, variables);
const codeOf = ({ errors }: Awaited<ReturnType<typeof nobody>>) => errors?.[0]?.extensions.code;

describe('the schema', () => {
  it.each([
    getIntrospectionQuery(),
    '{ __type(name: "User") { name } }',
    'query { ...f } fragment f on Query { ...g } fragment g on Query { s: __schema { types { name } } }',
    '{ ... on Query { __schema { types { name } } } }',
  ])('is shown to whoever is signed in, and to nobody else: %#', async (document) => {
    expect(codeOf(await nobody(document))).toBe('UNAUTHENTICATED');
    expect((await admin.graphql(document)).errors).toBeUndefined();
  });

  it('is not guessed at by misspelling', async () => {
    const misspelt = '{ viewerr { id } }';
    expect((await nobody(misspelt)).errors?.[0]?.message).toBe(
      'Cannot query field "viewerr" on type "Query".',
    );
    expect((await admin.graphql(misspelt)).errors?.[0]?.message).toContain('Did you mean "viewer"');
    expect((await nobody('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

describe('one act that could be multiplied', () => {
  const verify = (alias: string) =>
    `${alias}: verifyPasscode(input: { target: { serialNumber: "1" }, passcode: "1" }) { __typename }`;
  const start = 'startActivation(input: { tokenId: "x" }) { __typename }';
  const distribute = 'distributeToken(input: { tokenId: "x", profileId: "y" }) { __typename }';
  const serve = 'distributeTokenRequest(input: { requestId: "x" }) { __typename }';
  it.each([
    `mutation { ${verify('a')} ${verify('b')} }`,
    `mutation { ...f ...f } fragment f on Mutation { ${verify('a')} }`,
    `mutation { ...f ...g } fragment f on Mutation { ${verify('a')} } fragment g on Mutation { ${verify('b')} }`,
    `mutation { ${verify('a')} ${start} }`,
    `mutation { a: ${start} b: ${start} }`,
    `mutation { a: ${distribute} b: ${distribute} }`,
    `mutation { a: ${serve} b: ${serve} }`,
    `mutation { ${distribute} ${serve} }`,
    `mutation A { ${verify('a')} } mutation B { ${verify('b')} }`,
    `mutation ($no: Boolean = false) { ${verify('a')} ... @include(if: $no) { ${verify('b')} } }`,
  ])('stands once in a document: %#', async (document) => {
    const answer = await admin.graphql(document);
    expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(answer.errors?.[0]?.message).toContain('in a document, once');
  });

  it('alone is asked', async () => {
    const { data } = await admin.graphql(`mutation { ...f } fragment f on Mutation { ${verify('a')} }`);
    expect(data.a.__typename).toBe('VerifyPasscodeSuccess');
  });
});

describe('what a document costs', () => {
  const cost = (document: string, variables = {}) => {
    try {
      return requireCost(schema, parse(document), undefined, variables);
    } catch (error) {
      return (error as { extensions: { code: string; cost: number } }).extensions;
    }
  };

  it('grows with the rows that are asked for, also by variables', () => {
    const document = 'query ($n: Int) { users(first: $n) { nodes { userName roles } } }';
    expect(cost(document, { n: 2 })).toBeLessThan(cost(document, { n: 200 }) as number);
    expect(cost('{ users { nodes { userName } } }')).toBe(
      cost('{ users(first: 50) { nodes { userName } } }'),
    );
  });

  it('counts passwords that are hashed, so that few fit into a document', () => {
    const create = (at: number) =>
      `u${at}: createUser(input: { userName: "u${at}", givenName: "U", familyName: "U" }) { __typename }`;
    const many = (count: number) =>
      `mutation { ${Array.from({ length: count }, (_, at) => create(at)).join(' ')} }`;
    expect(cost(many(10))).toBeGreaterThan(10_000);
    expect(cost(many(40))).toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  });

  it('has a limit, which names both numbers', async () => {
    const document = `query ($n: Int) { users(first: $n) { nodes { tokens { history(first: $n) { nodes { action } } } } } }`;
    expect(cost(document, { n: 200 })).toMatchObject({ code: 'QUERY_TOO_COSTLY' });
    const { errors } = await admin.graphql(document, { n: 200 });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^This document costs \d+; 30000 is the most/),
      extensions: { code: 'QUERY_TOO_COSTLY' },
    });
  });

  it('lets a long page through, and no list gives more than 200 rows', async () => {
    const { errors } = await admin.graphql(
      '{ tokens(first: 200) { nodes { serialNumber status assignedTo { userName givenName familyName } profile { name } } } }',
    );
    expect(errors).toBeUndefined();
    const lists = Object.values(schema.getQueryType()!.getFields()).filter(({ args }) =>
      args.some(({ name }) => name === 'first'),
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const { name } of lists) {
      const { errors: refused } = await admin.graphql(`{ ${name}(first: 201) { nodes { __typename } } }`);
      expect([name, refused?.[0]?.extensions.code]).toEqual([name, 'BAD_USER_INPUT']);
      const both = await admin.graphql(`{ ${name}(first: 1, last: 1) { nodes { __typename } } }`);
      expect([name, codeOf(both)]).toEqual([name, 'BAD_USER_INPUT']);
    }
  });
});

describe('many documents', () => {
  it('of one caller wait; others do not', async () => {
    const busy = await api.person('busy');
    const post = () =>
      fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: ORIGIN, Cookie: busy.cookie },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
    for (let at = 0; at < 12; at += 1) await Promise.all(Array.from({ length: 100 }, post));
    const refused = await post();
    expect(refused.status).toBe(429);
    const { errors } = (await refused.json()) as { errors: { extensions: object }[] };
    expect(errors[0]!.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: Number(refused.headers.get('retry-after')),
    });
    expect((await admin.graphql('{ __typename }')).errors).toBeUndefined();
  });
});

describe('documents of others', () => {
  it('are refused of a browser session where that is switched off, and the name of one is its meaning', async () => {
    const change = (takes: boolean) =>
      admin.graphql(
        'mutation ($takes: Boolean!) { updateSettings(input: { takesForeignDocuments: $takes }) { __typename } }',
        { takes },
      );
    expect((await change(false)).errors).toBeUndefined();
    expect(codeOf(await admin.graphql('{ viewer { userName } }'))).toBe('FORBIDDEN');
    expect(codeOf(await change(true))).toBe('FORBIDDEN');
    expect((await nobody('{ viewer { userName } }')).data).toEqual({ viewer: null });
    const one = 'query A { viewer { id userName __typename } }';
    const same = '# same\nquery A {\n  viewer {\n    id, userName\n  }\n}';
    expect(documentHash(parse(one))).toBe(documentHash(parse(same)));
    expect(documentHash(parse(one))).not.toBe(documentHash(parse('query A { viewer { id } }')));
  });
});

describe('a statement that takes too long', () => {
  it('is stopped by the database after 15 seconds, and told kindly', async () => {
    const [row] = await api.deps.db.execute<{ statement_timeout: string }>('SHOW statement_timeout');
    expect(row!.statement_timeout).toBe('15s');
    const cause = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
    const told = maskError(api.deps, { message: 'x' }, new Error('Failed query', { cause }));
    expect(told.extensions).toMatchObject({ code: 'TIMEOUT', correlationId: expect.any(String) });
    expect(told.message).toMatch(/^This took too long/);
  });
});

describe('what the caller got wrong', () => {
  const OPEN =
    'mutation ($input: OpenActivationLinkInput!) { openActivationLink(input: $input) { __typename } }';
  it.each([
    ['a field that is not there', OPEN, { input: { ticket: 'SECRET-1', nope: 1 } }],
    ['a missing field', OPEN, { input: { number: '123456' } }],
    ['a number for a text', OPEN, { input: { ticket: 'SECRET-1', number: 561051 } }],
    ['no variable', OPEN, {}],
  ])('%s is told in words, and not logged', async (_, document, variables) => {
    const logged = vi.spyOn(api.deps.log, 'error');
    expect(codeOf(await nobody(document, variables))).toBe('BAD_USER_INPUT');
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });

  it('so is a subscription by POST, and a document by hash', async () => {
    const logged = vi.spyOn(api.deps.log, 'error');
    const subscription = await admin.graphql('subscription { tokenRequestsChanged { id } }');
    expect(codeOf(subscription)).toBe('BAD_REQUEST');
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
    });
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
    });
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });
});

describe('a body that is no document', () => {
  it.each([
    ['broken JSON', '{"query": ', 400],
    ['a list of documents', '[{"query":"{ __typename }"}]', 400],
    ['a very long text', JSON.stringify({ query: `{ ${'a '.repeat(600_000)} }` }), 413],
  ])('%s is answered with errors', async (_, body, status) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN, Cookie: admin.cookie },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'of the type %s is refused',
    async (type) => {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': type, Origin: ORIGIN, Cookie: admin.cookie },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(response.status).toBe(400);
    },
  );
});
