import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../test/act.ts';
import { postAuth } from '../../test/auth.ts';
import { asProgram, keyOf, withKey } from '../../test/keys.ts';
import { ORIGIN, PASSWORD, type Person, startTestApi, type TestApi } from '../../test/kit.ts';
import { ask, requestScene } from '../../test/requests-scene.ts';
import { upgradeStatus, watchWith } from '../../test/socket.ts';
import { apiKeys } from '../auth/table.ts';
import { auditEvents } from '../features/audit/table.ts';
import { updateUser } from '../features/users/update-user.ts';
import { users } from '../features/users/table.ts';

let api: TestApi;
let root: Person;
beforeAll(async () => {
  api = await startTestApi();
  root = await api.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

const ME = '{ viewer { userName } session { permissions apiKeyName expiresAt } }';
const WRONG = `symb_${'A'.repeat(43)}`;
const roleOf = (person: Person, roles: Parameters<typeof updateUser>[1]['roles']) =>
  updateUser(api.system, { userId: person.id, roles });
const refusals = () =>
  api.deps.db.select().from(auditEvents).where(eq(auditEvents.action, 'api_key.refused'));

describe('a request with an API key', () => {
  it('acts for its owner with what the key allows, without Origin and cookie', async () => {
    const { key } = await keyOf(root, ['USERS_READ', 'TOKENS_READ'], { name: 'Nightly report' });
    expect(key).toMatch(/^symb_[A-Za-z0-9_-]{43}$/);
    const { status, data } = await withKey(api.url, key, ME);
    expect(status).toBe(200);
    expect(data).toEqual({
      viewer: { userName: 'root' },
      session: {
        permissions: ['USERS_READ', 'TOKENS_READ'],
        apiKeyName: 'Nightly report',
        expiresAt: expect.any(String),
      },
    });
    expect((await withKey(api.url, key, '{ users { totalCount } }')).data.users.totalCount).toBeGreaterThan(
      0,
    );
    const { errors } = await withKey(api.url, key, '{ auditActions }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('loses what its owner loses, and gets it back with the role', async () => {
    const bob = await api.person('bob', ['AUDITOR']);
    const { key } = await keyOf(bob, ['AUDIT_READ', 'USERS_READ']);
    const may = async () => (await withKey(api.url, key, ME)).data.session.permissions;
    expect(await may()).toEqual(['USERS_READ', 'AUDIT_READ']);
    await roleOf(bob, ['HELP_DESK']);
    expect(await may()).toEqual(['USERS_READ']);
    await roleOf(bob, ['SUPER_ADMIN']);
    // More rights of the owner are none of the key.
    expect(await may()).toEqual(['USERS_READ', 'AUDIT_READ']);
    await roleOf(bob, []);
    expect(await may()).toEqual([]);
    expect((await withKey(api.url, key, '{ users { totalCount } }')).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });

  it('is the key alone: a cookie beside it counts for nothing', async () => {
    const carol = await api.person('carol', ['AUDITOR']);
    const { key } = await keyOf(carol, ['USERS_READ']);
    const both = { Cookie: root.cookie, Origin: ORIGIN };
    expect((await withKey(api.url, key, ME, {}, both)).data.viewer.userName).toBe('carol');
    const wrong = await withKey(api.url, WRONG, ME, {}, both);
    expect(wrong.status).toBe(401);
    expect(wrong.data).toBeUndefined();
    const mute = await withKey(api.url, '', ME, {}, both);
    expect(mute.status).toBe(401);
    // Other schemes are not ours: a proxy in front may ask for its own.
    const basic = await withKey(api.url, '', ME, {}, { ...both, Authorization: 'Basic cm9vdDpyb290' });
    expect(basic.data.viewer.userName).toBe('root');
  });

  it('may come from anywhere, unlike one with a cookie', async () => {
    const { key } = await keyOf(root, ['USERS_READ']);
    const foreign = { Origin: 'https://evil.example' };
    const answer = await withKey(api.url, key, ME, {}, foreign);
    expect(answer.data.viewer.userName).toBe('root');
    // And yet no page of another's can send it or read the answer: no header tells a browser to let it.
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${api.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        ...foreign,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.status).toBe(405);
    const cookie = await withKey(api.url, '', ME, {}, { ...foreign, Cookie: root.cookie, Authorization: '' });
    expect(cookie.status).toBe(403);
  });

  it('is not taken through the web tier', async () => {
    const { key } = await keyOf(root, ['USERS_READ']);
    const tier = { 'X-Symbolon-Web-Tier': '1', 'X-Forwarded-For': '203.0.113.7' };
    // Also where TRUSTED_PROXIES does not name the tier: what it says only takes powers away.
    for (const TRUSTED_PROXIES of ['127.0.0.1', '']) {
      const { url } = await api.secondInstance({ TRUSTED_PROXIES });
      const through = await withKey(url, key, ME, {}, tier);
      expect(through).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      expect((await withKey(url, key, ME)).status).toBe(200);
      expect(await upgradeStatus(url, { ...tier, Authorization: `Bearer ${key}` })).toBe(403);
    }
  });

  it('is not made through the web tier, where an administrator is a user and sees nobody else’s requests', async () => {
    const inside = await api.secondInstance({ TRUSTED_PROXIES: '127.0.0.1' });
    const tier = { 'X-Symbolon-Web-Tier': '1', 'X-Forwarded-For': '203.0.113.7' };
    const headers = { ...tier, Cookie: root.cookie, Origin: ORIGIN };
    const made = await fetch(`${inside.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        query: `mutation { createApiKey(input: { name: "x", permissions: [USERS_READ] }) {
          __typename ... on InvalidInput { fields { code } } } }`,
      }),
    });
    expect(await made.json()).toMatchObject({
      data: {
        createApiKey: { __typename: 'InvalidInput', fields: [{ code: 'permissions.not_yours' }] },
      },
    });
    const scene = await requestScene(api);
    const asker = await scene.person('asker');
    await ask(asker, scene.qr);
    const news = 'subscription { tokenRequestsChanged { requester { userName } } }';
    const atTheTier = watchWith(inside.url, { headers }, news);
    const own = await scene.person('other');
    await ask(own, scene.qr);
    expect(
      await Promise.race([atTheTier.next(), new Promise((end) => setTimeout(end, 1500, 'nothing'))]),
    ).toBe('nothing');
    await atTheTier.stop();
  });

  it('opens no door of sign-in: not with a cookie beside it either', async () => {
    const dave = await api.person('dave', ['AUDITOR']);
    const { key } = await keyOf(dave, ['USERS_READ']);
    const headers = { Authorization: `Bearer ${key}`, Cookie: dave.cookie };
    const passwords = { currentPassword: PASSWORD, newPassword: 'another-long-password' };
    expect((await postAuth(api.url, 'change-password', passwords, headers)).status).toBe(401);
    await postAuth(api.url, 'sign-out', {}, headers);
    expect((await dave.graphql('{ viewer { userName } }')).data.viewer.userName).toBe('dave');
  });

  it('is noted with its address, at most once a minute', async () => {
    const { key, id } = await keyOf(root, ['USERS_READ']);
    const used = async () => {
      const [row] = await api.deps.db
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.id, id.replace('ApiKey_', '')));
      return row!;
    };
    expect(await used()).toMatchObject({ lastUsedAt: null, lastUsedAddress: null });
    await Promise.all(Array.from({ length: 5 }, () => withKey(api.url, key, ME)));
    const first = await used();
    expect(first.lastUsedAddress).toBe('127.0.0.1');
    api.clock.advance(30);
    await withKey(api.url, key, ME);
    expect((await used()).lastUsedAt).toEqual(first.lastUsedAt);
    api.clock.advance(31);
    await withKey(api.url, key, ME);
    expect((await used()).lastUsedAt!.getTime()).toBeGreaterThan(first.lastUsedAt!.getTime());
  });
});

describe('what a key does', () => {
  it('stands in the audit log with its name', async () => {
    const made = await keyOf(root, ['USERS_READ', 'USERS_ENABLE', 'USERS_MANAGE'], { name: 'HR import' });
    const program = asProgram(api.url, root, made);
    const input = { userName: 'gil', givenName: 'Gil', familyName: 'Test', mustChangePassword: false };
    expect((await act(program, 'createUser', input)).__typename).toBe('CreateUserSuccess');
    const { data } = await root.graphql(
      '{ auditEvents(first: 1, filter: { action: "user.created", targetUserName: "gil" }) { nodes { actorName apiKeyName } } }',
    );
    expect(data.auditEvents.nodes).toEqual([{ actorName: 'root', apiKeyName: 'HR import' }]);
  });

  it('counts with its own rights against people of rank, and changes nothing of its owner', async () => {
    const made = await keyOf(root, ['USERS_READ', 'USERS_ENABLE', 'USERS_MANAGE']);
    const program = asProgram(api.url, root, made);
    const hugo = await api.person('hugo', ['TOKEN_ADMIN']);
    expect(await act(program, 'updateUser', { userId: `User_${hugo.id}`, enabled: false })).toMatchObject({
      code: 'user.outranks_you',
    });
    expect(
      await act(program, 'updateUser', { userId: `User_${root.id}`, email: 'thief@example.com' }),
    ).toMatchObject({ code: 'user.is_yourself' });
    expect(await act(program, 'setUserPassword', { userId: `User_${root.id}` })).toMatchObject({
      code: 'user.is_yourself',
    });
    const granting = asProgram(
      api.url,
      root,
      await keyOf(root, ['USERS_MANAGE', 'USERS_READ', 'ROLES_GRANT']),
    );
    const input = { userName: 'kim', givenName: 'Kim', familyName: 'Test', roles: ['SUPER_ADMIN'] };
    expect(await act(granting, 'createUser', input)).toMatchObject({
      fields: [{ path: 'roles', code: 'roles.not_yours_to_grant' }],
    });
    const ida = await api.person('ida');
    expect(
      (await act(program, 'updateUser', { userId: `User_${ida.id}`, givenName: 'Ida' })).__typename,
    ).toBe('UpdateUserSuccess');
  });
});

describe('a key that is none', () => {
  it('is refused with 401 in the form of GraphQL, whatever is wrong with it', async () => {
    const erin = await api.person('erin', ['AUDITOR']);
    const [revoked, expired, orphan] = [
      await keyOf(erin, ['USERS_READ']),
      await keyOf(erin, ['USERS_READ'], {
        expiresAt: new Date(api.deps.clock.now().getTime() + 86_460_000),
      }),
      await keyOf(erin, ['USERS_READ']),
    ];
    await act(erin, 'revokeApiKey', { apiKeyId: revoked.id });
    expect((await withKey(api.url, expired.key, ME)).status).toBe(200);
    api.clock.advance(86_461);
    const answers = [
      await withKey(api.url, WRONG, ME),
      await withKey(api.url, `${WRONG}x`, ME),
      await withKey(api.url, revoked.key, ME),
      await withKey(api.url, expired.key, ME),
    ];
    await updateUser(api.system, { userId: erin.id, enabled: false });
    answers.push(await withKey(api.url, orphan.key, ME));
    await updateUser(api.system, { userId: erin.id, enabled: true });
    expect((await withKey(api.url, orphan.key, ME)).status).toBe(200);
    await api.deps.db.update(users).set({ mustChangePassword: true }).where(eq(users.id, erin.id));
    answers.push(await withKey(api.url, orphan.key, ME));
    for (const { status, errors, data, headers } of answers) {
      expect({ status, errors, data }).toEqual({
        status: 401,
        data: undefined,
        errors: [
          {
            message: 'This API key is not valid: unknown, revoked or expired, or its owner may not sign in.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
      expect(headers.get('www-authenticate')).toBe('Bearer realm="Symbolon", error="invalid_token"');
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  it('is audited once a minute for its address, with the reason and without what was sent', async () => {
    api.clock.advance(3600);
    const fay = await api.person('fay', ['AUDITOR']);
    const { key, id } = await keyOf(fay, ['USERS_READ'], { name: 'Old' });
    await act(fay, 'revokeApiKey', { apiKeyId: id });
    const before = await refusals();
    await Promise.all(Array.from({ length: 6 }, () => withKey(api.url, key, ME)));
    api.clock.advance(61);
    await withKey(api.url, WRONG, ME);
    const rows = (await refusals()).slice(before.length);
    expect(rows).toMatchObject([
      {
        outcome: 'REFUSED',
        actorId: null,
        apiKeyName: 'Old',
        targetUserName: 'fay',
        address: '127.0.0.1',
        details: { reason: 'key revoked' },
      },
      { apiKeyId: null, targetUserId: null, details: { reason: 'unknown key' } },
    ]);
    expect(JSON.stringify(rows)).not.toContain(WRONG);
  });

  it('slows its address down, and never a right key from there', async () => {
    api.clock.advance(7200);
    const { key } = await keyOf(await api.person('jon', ['AUDITOR']), ['USERS_READ']);
    const wrong = () => withKey(api.url, WRONG, ME);
    const free = await Promise.all(Array.from({ length: 30 }, wrong));
    expect(free.map(({ status }) => status)).toEqual(Array(30).fill(401));
    const slowed = await wrong();
    expect(slowed.status).toBe(429);
    expect(slowed.headers.get('retry-after')).toBe('1');
    expect(slowed.errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect((await withKey(api.url, key, ME)).status).toBe(200);
    api.clock.advance(2);
    expect((await wrong()).status).toBe(401);
    expect((await wrong()).headers.get('retry-after')).toBe('2');
    api.clock.advance(3600);
    expect((await wrong()).status).toBe(401);
  });
});
