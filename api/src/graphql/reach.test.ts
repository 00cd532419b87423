import { getNamedType, type GraphQLOutputType, isListType, isNonNullType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf, withKey } from '../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { ask, requestScene } from '../../test/requests-scene.ts';
import { START, tokensFor } from '../../test/scene.ts';
import { permissions, roles } from '../auth/permissions.ts';
import { distributeToken } from '../features/distribution/distribute-token.ts';
import { schema } from '../schema.ts';

/** Steps from a root field to the objects that are looked at. */
const DEPTH = 3;
/** The same rows once more; and parts of the log about one person or token, which have a permission of their own. */
const OTHER_FIELDS = ['edges', 'history'];
/** Questions of their own, which take an id or stand for one act. */
const ASKED_OTHERWISE = ['node', 'previewMail', 'previewRequestDecisions'];

/** Shown with what names them: a user by name only (see below), profile and device type whole. */
const NAMED_WITH = ['User', 'TokenProfile', 'DeviceDefinition'];

let api: TestApi;
let admin: Person;
let alice: Person;
const askers = new Map<
  string,
  (document: string) => Promise<{ data: unknown; errors?: { extensions: { code?: string } }[] }>
>();

beforeAll(async () => {
  api = await startTestApi();
  const scene = await requestScene(api);
  admin = await scene.person('root', ['SUPER_ADMIN']);
  alice = await scene.person('alice');
  const [token] = await tokensFor(api, alice.id);
  await distributeToken(api.system, { tokenId: token!.id, profileId: scene.qr.replace('TokenProfile_', '') });
  await alice.graphql(START, { tokenId: `Token_${token!.id}` });
  await ask(alice, scene.qr);
  for (const role of roles) {
    const person = await scene.person(role.toLowerCase(), [role]);
    askers.set(role, (document) => person.graphql(document));
  }
  askers.set('nobody', (await scene.person('stranger')).graphql);
  askers.set('the owner', (document) => alice.graphql(document));
  for (const permission of permissions) {
    const { key } = await keyOf(admin, [permission]);
    askers.set(`a key with ${permission}`, (document) => withKey(api.url, key, document));
  }
});
afterAll(() => api.close());

const isLeaf = (type: GraphQLOutputType): boolean => !isObjectType(getNamedType(type));
const isList = (type: GraphQLOutputType): boolean =>
  isListType(isNonNullType(type) ? type.ofType : type) || getNamedType(type).name.endsWith('Connection');

/** Everything that can be selected from a type without arguments, so many steps on; of lists one row. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).filter(
    ({ name, args }) => args.every((arg) => !isNonNullType(arg.type)) && !OTHER_FIELDS.includes(name),
  );
  const inner = fields.flatMap(({ name, type: of, args }) => {
    if (isLeaf(of)) return name === 'id' ? ['__typename id'] : [];
    if (depth === 0) return [];
    const step = named.name.endsWith('Connection') ? depth : depth - 1;
    const chosen = selection(of, step);
    return chosen ? [`${name}${args.some((arg) => arg.name === 'first') ? '(first: 5)' : ''} ${chosen}`] : [];
  });
  return inner.length > 0 ? `{ ${inner.join(' ')} }` : '';
}

function* idsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('id' in value && typeof value.id === 'string') yield value.id;
  for (const inner of Object.values(value)) yield* idsIn(inner);
}

it('what somebody reaches by any way, node(id:) shows to them, too', async () => {
  const questions = Object.values(schema.getQueryType()!.getFields()).filter(
    ({ name, args, type }) =>
      !ASKED_OTHERWISE.includes(name) &&
      args.every((arg) => !isNonNullType(arg.type)) &&
      selection(type, DEPTH) !== '',
  );
  const wrong = new Set<string>();
  const seen = new Set<string>();
  for (const [who, asks] of askers) {
    for (const { name, type, args } of questions) {
      const first = isList(type) && args.some((arg) => arg.name === 'first') ? '(first: 5)' : '';
      const { data, errors } = await asks(`{ ${name}${first} ${selection(type, DEPTH)} }`);
      for (const { extensions } of errors ?? []) {
        if (extensions.code !== 'FORBIDDEN') wrong.add(`${who}: ${name} ${extensions.code}`);
      }
      for (const id of new Set(idsIn(data))) {
        if (NAMED_WITH.includes(id.split('_')[0]!)) continue;
        seen.add(id.split('_')[0]!);
        const { data: found } = await asks(`{ node(id: "${id}") { id } }`);
        if (!(found as { node: unknown }).node) wrong.add(`${who}: ${name} … ${id.split('_')[0]}`);
      }
    }
  }
  expect([...wrong]).toEqual([]);
  // What was never reached was never proved.
  expect([...seen].toSorted()).toEqual([
    'Activation',
    'ApiKey',
    'AuditEvent',
    'Distribution',
    'Mail',
    'Token',
    'TokenRequest',
    'UserSession',
  ]);
}, 120_000);

const NULL_BEYOND_NAME = ['email', 'lastSignInAt', 'mailCertificate'];
const REFUSED_BEYOND_NAME = ['enabled', 'roles', 'permissions', 'mustChangePassword', 'createdAt'];

it('of a user who stands beside something else only the names are shown without USERS_READ', async () => {
  const asks = askers.get('a key with TOKENS_READ')!;
  const shown = `userName ${NULL_BEYOND_NAME.join(' ')}`;
  const { data } = await asks(`{ tokens(first: 1) { nodes { assignedTo { ${shown} } } } }`);
  const assignedTo = { userName: 'alice', email: null, lastSignInAt: null, mailCertificate: null };
  expect(data).toEqual({ tokens: { nodes: [{ assignedTo }] } });
  for (const field of REFUSED_BEYOND_NAME) {
    const { errors } = await asks(`{ tokens(first: 1) { nodes { assignedTo { ${field} } } } }`);
    expect(errors?.[0]?.extensions.code, field).toBe('FORBIDDEN');
  }
  const user = schema.getType('User');
  const known = isObjectType(user) ? Object.values(user.getFields()) : [];
  const own = known.filter(({ extensions }) => extensions['permission']).map(({ name }) => name);
  expect(known.map(({ name }) => name).toSorted()).toEqual(
    [
      'id',
      'userName',
      'givenName',
      'familyName',
      ...NULL_BEYOND_NAME,
      ...REFUSED_BEYOND_NAME,
      ...own,
    ].toSorted(),
  );
});
