import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { asProgram, keyOf, withKey } from '../../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { permissions } from '../../auth/permissions.ts';
import { apiKeys } from '../../auth/table.ts';
import { plusSeconds } from '../../lib/clock.ts';
import { auditEvents } from '../audit/table.ts';
import { mails } from '../notifications/table.ts';
import { updateUser } from '../users/update-user.ts';

const DAY = 24 * 3600;
let api: TestApi;
let root: Person;
let ada: Person;
beforeAll(async () => {
  api = await startTestApi();
  root = await api.person('root', ['SUPER_ADMIN']);
  ada = await api.person('ada', ['TOKEN_ADMIN']);
  await updateUser(api.system, { userId: ada.id, email: 'ada@example.com' });
});
afterAll(() => api.close());

const inDays = (days: number) => plusSeconds(api.deps.clock.now(), days * DAY);
const mailsTo = (person: Person) =>
  api.deps.db.select().from(mails).where(eq(mails.userId, person.id)).orderBy(mails.id);
const auditOf = (action: string, person: Person) =>
  api.deps.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, action), eq(auditEvents.targetUserId, person.id)))
    .orderBy(auditEvents.id);
const MINE = '{ viewer { apiKeys { id name prefix state permissions effectivePermissions expiresAt } } }';

describe('createApiKey', () => {
  it('answers the key once, keeps its hash, and tells the owner', async () => {
    const { key, id } = await keyOf(ada, ['TOKENS_READ', 'USERS_READ'], { name: '  Nightly report ' });
    const [row] = await api.deps.db.select().from(apiKeys).where(eq(apiKeys.ownerId, ada.id));
    expect(row).toMatchObject({ name: 'Nightly report', prefix: key.slice(0, 12), revokedAt: null });
    expect(
      JSON.stringify({ ...row, keyHash: Buffer.from(row!.keyHash).toString('base64url') }),
    ).not.toContain(key.slice(12));
    expect(Math.round((row!.expiresAt.getTime() - row!.createdAt.getTime()) / 1000)).toBe(90 * DAY);
    const { data } = await ada.graphql(MINE);
    expect(data.viewer.apiKeys).toEqual([
      {
        id,
        name: 'Nightly report',
        prefix: key.slice(0, 12),
        state: 'ACTIVE',
        permissions: ['USERS_READ', 'TOKENS_READ'],
        effectivePermissions: ['USERS_READ', 'TOKENS_READ'],
        expiresAt: row!.expiresAt.toISOString(),
      },
    ]);
    expect(await auditOf('api_key.created', ada)).toMatchObject([
      {
        actorName: 'ada',
        apiKeyName: null,
        details: { key: 'Nightly report', prefix: key.slice(0, 12), permissions: 'USERS_READ TOKENS_READ' },
      },
    ]);
    const [mail] = await mailsTo(ada);
    expect(mail).toMatchObject({
      event: 'API_KEY_CREATED',
      address: 'ada@example.com',
      values: { keyName: 'Nightly report' },
    });
    const all = JSON.stringify([await mailsTo(ada), await api.deps.db.select().from(auditEvents)]);
    expect(all).not.toContain(key.slice(12));
  });

  it.each([
    [{ name: '  ' }, 'name', 'api_key_name.invalid'],
    [{ name: 'x'.repeat(65) }, 'name', 'api_key_name.invalid'],
    [{ name: 'two\nlines' }, 'name', 'api_key_name.invalid'],
    [{ permissions: [] }, 'permissions', 'permissions.none'],
    [{ permissions: ['SETTINGS_MANAGE'] }, 'permissions', 'permissions.not_yours'],
    [{ permissions: ['USERS_READ', 'AUDIT_READ'] }, 'permissions', 'permissions.not_yours'],
    [{ expiresAt: () => plusSeconds(inDays(1), -60) }, 'expiresAt', 'expires_at.range'],
    [{ expiresAt: () => plusSeconds(inDays(366), 60) }, 'expiresAt', 'expires_at.range'],
    [{ expiresAt: () => inDays(-1) }, 'expiresAt', 'expires_at.range'],
  ])('refuses %o', async (given: Record<string, unknown>, path, code) => {
    const known = Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'function' ? value() : value,
    ]);
    const input = { name: 'CI', permissions: ['USERS_READ'], ...Object.fromEntries(known) };
    expect(await act(ada, 'createApiKey', input)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path, code }],
    });
  });

  it('takes a day and a year, and a permission named twice as once', async () => {
    for (const expiresAt of [plusSeconds(inDays(1), 60), plusSeconds(inDays(366), -60)]) {
      expect(await keyOf(ada, ['USERS_READ', 'USERS_READ'], { expiresAt })).toHaveProperty('key');
    }
  });

  it('is for people with a permission only', async () => {
    const plain = await api.person('plain');
    const all = { name: 'CI', permissions: ['USERS_READ'] };
    expect(await act(plain, 'createApiKey', all)).toMatchObject({
      fields: [{ code: 'permissions.not_yours' }],
    });
  });

  it('makes twenty for a person and no more, also when they are asked for at once', async () => {
    const many = await api.person('many', ['AUDITOR']);
    const made = await Promise.all(
      Array.from({ length: 25 }, () =>
        act(many, 'createApiKey', { name: 'CI', permissions: ['USERS_READ'] }),
      ),
    );
    const kinds = made.map(({ __typename }) => __typename).toSorted();
    expect(kinds).toEqual([...Array(20).fill('CreateApiKeySuccess'), ...Array(5).fill('LimitReached')]);
    expect(made.find(({ code }) => code)).toMatchObject({ code: 'api_key.limit', limit: 20 });
    const { data } = await many.graphql(MINE);
    await act(many, 'revokeApiKey', { apiKeyId: data.viewer.apiKeys[0].id });
    expect(await keyOf(many, ['USERS_READ'])).toHaveProperty('key');
  });

  it('judges permissions as they are when the key is made', async () => {
    const fading = await api.person('fading', ['AUDITOR']);
    await updateUser(api.system, { userId: fading.id, roles: ['HELP_DESK'] });
    const input = { name: 'CI', permissions: ['AUDIT_READ'] };
    expect(await act(fading, 'createApiKey', input)).toMatchObject({
      fields: [{ code: 'permissions.not_yours' }],
    });
  });
});

describe('revokeApiKey', () => {
  it('ends a key at once, and once: of two who revoke, one is in the log', async () => {
    const bea = await api.person('bea', ['AUDITOR']);
    const { key, id } = await keyOf(bea, ['USERS_READ']);
    expect((await withKey(api.url, key, '{ viewer { userName } }')).status).toBe(200);
    const both = await Promise.all([
      act(bea, 'revokeApiKey', { apiKeyId: id }, 'apiKey { state revokedAt }'),
      act(root, 'revokeApiKey', { apiKeyId: id }, 'apiKey { state revokedAt }'),
    ]);
    expect(both.map(({ apiKey }) => apiKey.state)).toEqual(['REVOKED', 'REVOKED']);
    expect(both[0].apiKey.revokedAt).toBe(both[1].apiKey.revokedAt);
    expect((await withKey(api.url, key, '{ viewer { userName } }')).status).toBe(401);
    expect(await auditOf('api_key.revoked', bea)).toHaveLength(1);
  });

  it('by somebody else needs SETTINGS_MANAGE, and the owner is told', async () => {
    const { id } = await keyOf(ada, ['USERS_READ'], { name: 'Leaked' });
    const auditor = await api.person('auditor', ['AUDITOR']);
    for (const other of [auditor, await api.person('other')]) {
      expect(await act(other, 'revokeApiKey', { apiKeyId: id })).toMatchObject({ code: 'api_key.not_found' });
    }
    expect((await act(root, 'revokeApiKey', { apiKeyId: id })).__typename).toBe('RevokeApiKeySuccess');
    expect((await mailsTo(ada)).at(-1)).toMatchObject({
      event: 'API_KEY_REVOKED',
      values: { keyName: 'Leaked', actorName: 'root Test' },
    });
    expect((await auditOf('api_key.revoked', ada)).at(-1)).toMatchObject({
      actorName: 'root',
      details: { key: 'Leaked' },
    });
    for (const apiKeyId of ['ApiKey_x', `User_${ada.id}`, `ApiKey_${ada.id}`]) {
      expect((await act(root, 'revokeApiKey', { apiKeyId })).__typename).toBe('NotFound');
    }
  });
});

describe('lists of keys', () => {
  it('show what is over for thirty days, and what an owner has lost', async () => {
    const cleo = await api.person('cleo', ['AUDITOR']);
    const gone = await keyOf(cleo, ['USERS_READ'], { name: 'Gone' });
    await keyOf(cleo, ['USERS_READ', 'AUDIT_READ'], { name: 'Stays' });
    await act(cleo, 'revokeApiKey', { apiKeyId: gone.id });
    await updateUser(api.system, { userId: cleo.id, roles: ['HELP_DESK'] });
    const shown = async () => (await cleo.graphql(MINE)).data.viewer.apiKeys;
    expect(await shown()).toMatchObject([
      {
        name: 'Stays',
        state: 'ACTIVE',
        permissions: ['USERS_READ', 'AUDIT_READ'],
        effectivePermissions: ['USERS_READ'],
      },
      { name: 'Gone', state: 'REVOKED' },
    ]);
    await api.deps.db
      .update(apiKeys)
      .set({ revokedAt: inDays(-31) })
      .where(eq(apiKeys.name, 'Gone'));
    expect(await shown()).toMatchObject([{ name: 'Stays' }]);
  });

  it('of everybody are for SETTINGS_READ, by pages, state and search', async () => {
    const auditor = await api.person('reader', ['AUDITOR']);
    const dora = await api.person('dora', ['AUDITOR']);
    for (const name of ['Alpha', 'Beta 100%', 'Gamma']) await keyOf(dora, ['USERS_READ'], { name });
    const LIST = `query ($filter: ApiKeyFilter, $after: String) { apiKeys(first: 2, after: $after, filter: $filter) {
      totalCount pageInfo { hasNextPage endCursor } nodes { name ownerUserName owner { userName } lastUsedAt } } }`;
    const first = (await auditor.graphql(LIST, { filter: { search: 'dora' } })).data.apiKeys;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ name: 'Gamma', ownerUserName: 'dora', owner: { userName: 'dora' } }, { name: 'Beta 100%' }],
    });
    const after = first.pageInfo.endCursor;
    const second = (await auditor.graphql(LIST, { filter: { search: 'dora' }, after })).data.apiKeys;
    expect(second.nodes).toMatchObject([{ name: 'Alpha' }]);
    expect((await auditor.graphql(LIST, { filter: { search: '100%' } })).data.apiKeys.totalCount).toBe(1);
    expect(
      (await auditor.graphql(LIST, { filter: { state: 'EXPIRED', search: 'dora' } })).data.apiKeys.totalCount,
    ).toBe(0);
    expect(
      (await dora.graphql(`{ user(userName: "ada") { apiKeys { name } } }`)).data.user.apiKeys,
    ).toHaveLength(4);
    const desk = await api.person('desk', ['HELP_DESK']);
    expect((await desk.graphql(LIST)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const seen = await desk.graphql('{ user(userName: "ada") { apiKeys { name } sessions { id } } }');
    expect(seen.data.user).toEqual({ apiKeys: null, sessions: null });
  });

  it('a key is an object by its id, for its owner and SETTINGS_READ', async () => {
    const { id, key } = await keyOf(ada, ['USERS_READ'], { name: 'By id' });
    const NODE = 'query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }';
    const seenBy = async (person: Person) => (await person.graphql(NODE, { id })).data.node;
    expect(await seenBy(ada)).toEqual({ name: 'By id' });
    expect(await seenBy(root)).toEqual({ name: 'By id' });
    expect(await seenBy(await api.person('stranger', ['HELP_DESK']))).toBeNull();
    expect(await seenBy(asProgram(api.url, ada, { id, key }))).toBeNull();
  });
});

describe('a disabled owner', () => {
  it('takes every permission out of reach, and gives it back when enabled', async () => {
    const eve = await api.person('eve', ['SUPER_ADMIN']);
    const { key } = await keyOf(eve, [...permissions]);
    const status = async () => (await withKey(api.url, key, '{ users { totalCount } }')).status;
    expect(await status()).toBe(200);
    await updateUser(api.system, { userId: eve.id, enabled: false });
    expect(await status()).toBe(401);
    await updateUser(api.system, { userId: eve.id, enabled: true });
    expect(await status()).toBe(200);
  });
});
