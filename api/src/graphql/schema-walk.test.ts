import { readFileSync } from 'node:fs';
import {
  getNamedType,
  GraphQLEnumType,
  GraphQLInputObjectType,
  type GraphQLInputType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { permissions, type Role, roles } from '../auth/permissions.ts';
import { schema } from '../schema.ts';

/**
 * Who may call what: the only answer to «may this role …» beside the table in `auth/permissions.ts`, written down a
 * second time so that a slip there shows. Everything that is signed in may use self-service.
 */
const SELF_SERVICE = [
  'startActivation',
  'cancelActivation',
  'sendActivationLink',
  'openActivationLink',
  'verifyPasscode',
  'requestToken',
  'cancelTokenRequest',
  'reportToken',
  'takeTokenFile',
  'renameToken',
  // Whoever holds no permission makes no key: there is none to choose.
  'createApiKey',
  'revokeApiKey',
  'endSession',
  'endOtherSessions',
  // Only whoever made a file may claim it.
  'claimFile',
];
const APPROVE = [
  'approveTokenRequest',
  'rejectTokenRequest',
  'deferTokenRequest',
  'editTokenRequest',
  'decideTokenRequests',
];
const SETUP = [
  'checkAddresses',
  'updateSettings',
  'updateSelfServiceSettings',
  'updateWorkflowPolicy',
  'updateBranding',
  'updateMailTemplate',
  'resetMailTemplate',
  'sendTestMail',
  'resendMail',
];
const DISTRIBUTE = ['distributeToken', 'revokeDistribution', 'distributeTokenRequest'];
const ENABLE = ['enableTokens', 'disableTokens', 'unlockToken'];
const MANAGE = [
  'generateTokens',
  'assignTokens',
  'unassignTokens',
  'importTokens',
  'discardUpload',
  'cancelJob',
  'retryJob',
];
const PROFILES = [
  'createTokenProfile',
  'updateTokenProfile',
  'retireTokenProfile',
  'restoreTokenProfile',
  'deleteTokenProfile',
  'importDeviceDefinition',
  'deleteDeviceDefinition',
];
const ALLOWED: Record<Role | 'NONE', string[]> = {
  NONE: SELF_SERVICE,
  SUPER_ADMIN: [
    ...SELF_SERVICE,
    ...DISTRIBUTE,
    ...ENABLE,
    ...MANAGE,
    ...PROFILES,
    'createUser',
    'updateUser',
    'setUserPassword',
    'exportTokens',
    ...APPROVE,
    ...SETUP,
  ],
  TOKEN_ADMIN: [...SELF_SERVICE, ...DISTRIBUTE, ...ENABLE, ...MANAGE, ...PROFILES],
  HELP_DESK: [...SELF_SERVICE, ...ENABLE, 'updateUser'],
  REQUEST_APPROVER: [...SELF_SERVICE, ...APPROVE],
  TOKEN_DISTRIBUTOR: [...SELF_SERVICE, ...DISTRIBUTE],
  AUDITOR: SELF_SERVICE,
};
const SETTINGS = [
  'addressChecks',
  'apiKeys',
  'settings',
  'mails',
  'mailSettings',
  'mailTemplates',
  'previewMail',
];
const LOOK = ['job', 'jobs', 'tokens', 'users', 'workflowPolicy'];
const READABLE: Record<Role | 'NONE', string[]> = {
  NONE: [],
  SUPER_ADMIN: [
    'auditActions',
    'auditEvents',
    'nextSerialNumber',
    'previewRequestDecisions',
    'uploads',
    ...SETTINGS,
    ...LOOK,
  ],
  TOKEN_ADMIN: ['nextSerialNumber', 'uploads', ...LOOK],
  HELP_DESK: LOOK,
  REQUEST_APPROVER: ['previewRequestDecisions', ...LOOK],
  TOKEN_DISTRIBUTOR: LOOK,
  AUDITOR: ['auditActions', 'auditEvents', ...SETTINGS, ...LOOK],
};
const PROFILE_QUERIES = ['deviceDefinitions', 'phoneHindrance', 'tokenProfiles'];
/** One object by its id or name: null where the caller may not see it. */
const ONE = ['activation', 'deviceDefinition', 'node', 'token', 'tokenProfile', 'tokenRequest', 'user'];
/** Own requests, and what waits for the caller. */
const OWN = ['attention', 'selfServiceSettings', 'tokenRequests'];
const FOR_EVERYBODY = [...ONE, ...OWN, 'branding', 'installation', 'session', 'viewer'];
const PUBLIC = ['Mutation.openActivationLink', 'Query.branding', 'Query.session', 'Query.viewer'];

const rootTypes = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
const rootFields = rootTypes.flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({ type: type.name, field })),
);

let api: TestApi;
const people = new Map<Role | 'NONE', Person>();
beforeAll(async () => {
  api = await startTestApi();
  people.set('NONE', await api.person('nobody'));
  for (const role of roles) people.set(role, await api.person(role.toLowerCase(), [role]));
});
afterAll(() => api.close());

/** The smallest value that GraphQL takes for an input type; ids are of nothing. */
function valueOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType);
  if (isListType(type)) return [valueOf(type.ofType)];
  if (type instanceof GraphQLEnumType) return type.getValues()[0]!.name;
  if (type instanceof GraphQLInputObjectType) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(given.map((field) => [field.name, valueOf(field.type)]));
  }
  return { Int: 0, Date: '2001-01-01', Boolean: true }[type.name] ?? '';
}

/** The shortest document that calls a root field. */
function callOf({ type, field }: (typeof rootFields)[number]) {
  const needed = field.args.filter((arg) => isNonNullType(arg.type));
  const declared = needed.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = needed.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const isLeaf = !('getFields' in getNamedType(field.type)) && !('getTypes' in getNamedType(field.type));
  const document = `${type.toLowerCase()} ${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${isLeaf ? '' : '{ __typename }'} }`;
  return { document, variables: Object.fromEntries(needed.map((arg) => [arg.name, valueOf(arg.type)])) };
}

async function codeOf(root: (typeof rootFields)[number], person: Person | undefined) {
  const { document, variables } = callOf(root);
  const { errors } = person
    ? await person.graphql(document, variables)
    : await graphql(api.url, undefined, document, variables);
  return errors?.[0]?.extensions.code;
}

describe('every field of Query, Mutation and Subscription', () => {
  it('has a permission that exists', () => {
    const known = new Set<unknown>(['PUBLIC', 'SIGNED_IN', 'IN_PERSON', ...permissions]);
    for (const { type, field } of rootFields) {
      expect(known.has(field.extensions['permission']), `${type}.${field.name}`).toBe(true);
    }
  });

  it('is public only where this test says so', () => {
    const open = rootFields.filter(({ field }) => field.extensions['permission'] === 'PUBLIC');
    expect(open.map(({ type, field }) => `${type}.${field.name}`).toSorted()).toEqual(PUBLIC);
  });

  it('answers UNAUTHENTICATED to whoever is not signed in, but for the public ones', async () => {
    for (const root of rootFields) {
      if (root.type === 'Subscription') continue;
      const isPublic = PUBLIC.includes(`${root.type}.${root.field.name}`);
      expect(await codeOf(root, undefined), root.field.name).toBe(isPublic ? undefined : 'UNAUTHENTICATED');
    }
  });
});

/** The fields of a root type that this person is not FORBIDDEN. */
async function allowedTo(person: Person, typename: 'Query' | 'Mutation') {
  const allowed: string[] = [];
  for (const root of rootFields.filter(({ type }) => type === typename)) {
    const code = await codeOf(root, person);
    expect(String(code), root.field.name).not.toMatch(/UNAUTHENTICATED|INTERNAL|GRAPHQL/);
    if (code !== 'FORBIDDEN') allowed.push(root.field.name);
  }
  return allowed.toSorted();
}

describe.each([...roles, 'NONE' as const])('a person with the role %s', (role) => {
  it('may call these mutations and no others', async () => {
    expect(await allowedTo(people.get(role)!, 'Mutation')).toEqual(ALLOWED[role].toSorted());
  });

  it('may ask these queries and no others', async () => {
    const ofProfiles = role === 'NONE' ? [] : PROFILE_QUERIES;
    expect(await allowedTo(people.get(role)!, 'Query')).toEqual(
      [...FOR_EVERYBODY, ...ofProfiles, ...READABLE[role]].toSorted(),
    );
  });
});

it('docs/permissions.md shows the same', () => {
  const page = readFileSync(new URL('../../../docs/permissions.md', import.meta.url), 'utf8');
  const table = (title: string, type: 'Query' | 'Mutation', allowed: (role: Role | 'NONE') => string[]) => {
    const names = rootFields.filter((root) => root.type === type).map(({ field }) => field.name);
    const columns = ['NONE', ...roles] as const;
    const rows = names
      .toSorted()
      .map(
        (name) =>
          `| \`${name}\` |${columns.map((role) => (allowed(role).includes(name) ? ' ✓ |' : ' |')).join('')}`,
      );
    const heads = columns.map((role) => (role === 'NONE' ? 'no role' : role)).join(' | ');
    return [`| ${title} | ${heads} |`, `|---|${columns.map(() => '---|').join('')}`, ...rows].join('\n');
  };
  expect(page).toContain(table('mutation', 'Mutation', (role) => ALLOWED[role]));
  const asked = (role: Role | 'NONE') => [
    ...FOR_EVERYBODY,
    ...(role === 'NONE' ? [] : PROFILE_QUERIES),
    ...READABLE[role],
  ];
  expect(page).toContain(table('query', 'Query', asked));
});

it('docs/api.md names every field of the roots beside what it needs', () => {
  const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  const labels: Record<string, string> = {
    PUBLIC: 'none',
    SIGNED_IN: 'signed in',
    IN_PERSON: 'signed in [in person](#in-person), no API key',
  };
  const missing = rootFields.filter(({ field }) => {
    const permission = field.extensions['permission'] as string;
    const label = `| ${labels[permission] ?? `\`${permission}\``} |`;
    const row = page.split('\n').find((line) => line.startsWith(label));
    return !row?.includes(`\`${field.name}\``);
  });
  expect(missing.map(({ field }) => `${field.name}: ${String(field.extensions['permission'])}`)).toEqual([]);
});
