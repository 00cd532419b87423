import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../test/act.ts';
import { postAuth } from '../../test/auth.ts';
import { graphql, PASSWORD, type Person, signIn, startTestApi, type TestApi } from '../../test/kit.ts';
import { upgradeStatus, watch } from '../../test/socket.ts';
import { ORIGIN } from '../../test/kit.ts';
import { updateUser } from '../features/users/update-user.ts';
import { sessions } from './table.ts';

let api: TestApi;
let root: Person;
beforeAll(async () => {
  api = await startTestApi();
  root = await api.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

const NEW = 'another-password-7';
const whoIs = async (cookie: string) =>
  (await graphql(api.url, cookie, '{ viewer { userName } }')).data.viewer?.userName ?? null;
const change = (cookie: string, body: object) =>
  postAuth(api.url, 'change-password', body, { Cookie: cookie });

describe('signing in', () => {
  it('sets a cookie that scripts cannot read, and no secret in the answer', async () => {
    await api.person('alice');
    const answer = await postAuth(api.url, 'sign-in/username', { username: 'ALICE', password: PASSWORD });
    expect(answer).toMatchObject({ status: 200, body: { signedIn: true } });
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^symbolon_session=[\w-]{43};.*HttpOnly/);
    expect(cookie).toContain('SameSite=Lax');
    expect(await whoIs(answer.cookie!)).toBe('alice');
  });

  it('keeps of the session only a hash', async () => {
    const token = root.cookie.split('=')[1]!;
    const rows = await api.deps.db.select().from(sessions);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('refuses a wrong password, an unknown name and a disabled person with the same words', async () => {
    const gone = await api.person('gone');
    await updateUser(api.system, { userId: gone.id, enabled: false });
    const tries = [
      { username: 'root', password: 'wrong-password' },
      { username: 'nobody-here', password: PASSWORD },
      { username: 'gone', password: PASSWORD },
    ];
    for (const given of tries) {
      expect(await postAuth(api.url, 'sign-in/username', given)).toMatchObject({
        status: 401,
        body: { code: 'sign_in.refused', message: 'User name and password do not fit together.' },
        cookie: undefined,
      });
    }
    const { data } = await root.graphql(
      '{ auditEvents(first: 3, filter: { action: "session.refused" }) { nodes { outcome targetUserName details { value } } } }',
    );
    expect(data.auditEvents.nodes).toEqual([
      { outcome: 'REFUSED', targetUserName: 'gone', details: [{ value: 'user disabled' }] },
      { outcome: 'REFUSED', targetUserName: null, details: [{ value: 'unknown user name' }] },
      { outcome: 'REFUSED', targetUserName: 'root', details: [{ value: 'wrong password' }] },
    ]);
  });

  it('is refused in words when the body is not what it takes', async () => {
    expect(await postAuth(api.url, 'sign-in/username', { username: 'root' })).toMatchObject({
      status: 400,
      body: { code: 'input.invalid' },
    });
  });

  it('ends after eight hours without a request, and after a day', async () => {
    const user = await api.person('sleepy');
    api.clock.advance(7 * 3600);
    expect(await whoIs(user.cookie)).toBe('sleepy');
    api.clock.advance(7 * 3600);
    expect(await whoIs(user.cookie)).toBe('sleepy');
    const later = await signIn(api.url, 'sleepy', PASSWORD);
    api.clock.advance(8 * 3600);
    expect(await whoIs(later)).toBeNull();
    expect(await whoIs(user.cookie)).toBeNull();
    root.cookie = await signIn(api.url, 'root', PASSWORD);
    root.graphql = (document, variables) => graphql(api.url, root.cookie, document, variables);
  });
});

describe('signing out', () => {
  it('ends this session and no other, and is in the log', async () => {
    const user = await api.person('leaver');
    const elsewhere = await signIn(api.url, 'leaver', PASSWORD);
    const answer = await postAuth(api.url, 'sign-out', {}, { Cookie: user.cookie });
    expect(answer).toMatchObject({ status: 200, body: { signedOut: true } });
    expect(answer.headers.get('set-cookie')).toContain('symbolon_session=; ');
    expect(await whoIs(user.cookie)).toBeNull();
    expect(await whoIs(elsewhere)).toBe('leaver');
    const { data } = await root.graphql(
      '{ auditEvents(first: 1, filter: { action: "session.ended" }) { nodes { actorName } } }',
    );
    expect(data.auditEvents.nodes).toEqual([{ actorName: 'leaver' }]);
  });
});

describe('a disabled person', () => {
  it('is out at the next request, and their sockets close', async () => {
    const user = await api.person('disabled-soon');
    const socket = watch(api.url, user.cookie, 'subscription { activationChanged(id: "x") { id } }');
    await expect(socket.next()).rejects.toThrow();
    expect(await act(root, 'updateUser', { userId: `User_${user.id}`, enabled: false })).toMatchObject({
      __typename: 'UpdateUserSuccess',
    });
    expect(await whoIs(user.cookie)).toBeNull();
    expect((await user.graphql('{ installation { version } }')).errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('stays out of the old session once enabled again', async () => {
    const user = await api.person('back-again');
    await updateUser(api.system, { userId: user.id, enabled: false });
    await updateUser(api.system, { userId: user.id, enabled: true });
    expect(await whoIs(user.cookie)).toBeNull();
    expect(await whoIs(await signIn(api.url, 'back-again', PASSWORD))).toBe('back-again');
  });
});

describe('a password that somebody else set', () => {
  const setPassword = (userId: string, password?: string) =>
    act(root, 'setUserPassword', { userId: `User_${userId}`, password }, 'generatedPassword');

  it('ends the sessions, and has to be changed before anything else', async () => {
    const user = await api.person('forced');
    const { generatedPassword } = await setPassword(user.id);
    expect(await whoIs(user.cookie)).toBeNull();
    const cookie = await signIn(api.url, 'forced', generatedPassword);
    for (const document of ['{ installation { version } }', '{ viewer { tokens { serialNumber } } }']) {
      const { errors } = await graphql(api.url, cookie, document);
      expect(errors?.[0]?.extensions.code).toBe('PASSWORD_CHANGE_REQUIRED');
    }
    expect(await upgradeStatus(api.url, { Cookie: cookie, Origin: ORIGIN })).toBe(401);
    const { data } = await graphql(api.url, cookie, '{ session { mustChangePassword user { userName } } }');
    expect(data.session).toEqual({ mustChangePassword: true, user: { userName: 'forced' } });

    const same = { currentPassword: generatedPassword, newPassword: generatedPassword };
    expect(await change(cookie, same)).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'newPassword', code: 'password.unchanged' }] },
    });
    expect(await change(cookie, { currentPassword: generatedPassword, newPassword: NEW })).toMatchObject({
      status: 200,
    });
    expect((await graphql(api.url, cookie, '{ installation { version } }')).errors).toBeUndefined();
  });

  it('is not set for oneself, nor for people of higher rank, nor by others than who manage users', async () => {
    expect(await setPassword(root.id)).toMatchObject({ code: 'user.is_yourself' });
    const helpDesk = await api.person('desk', ['HELP_DESK']);
    expect(await act(helpDesk, 'setUserPassword', { userId: `User_${root.id}` })).toEqual({
      refused: 'FORBIDDEN',
    });
  });

  it('is checked for strength', async () => {
    const user = await api.person('weakling');
    expect(await setPassword(user.id, 'k7-Lamp')).toMatchObject({
      fields: [{ path: 'password', code: 'password.too_short' }],
    });
  });
});

describe('changing one’s own password', () => {
  it('ends the other sessions and keeps this one', async () => {
    const user = await api.person('changer');
    const elsewhere = await signIn(api.url, 'changer', PASSWORD);
    expect(
      await change(user.cookie, { currentPassword: 'not-the-password', newPassword: NEW }),
    ).toMatchObject({ status: 400, body: { fields: [{ path: 'currentPassword', code: 'password.wrong' }] } });
    expect(await change(user.cookie, { currentPassword: PASSWORD, newPassword: NEW })).toMatchObject({
      status: 200,
    });
    expect(await whoIs(user.cookie)).toBe('changer');
    expect(await whoIs(elsewhere)).toBeNull();
    await expect(signIn(api.url, 'changer', PASSWORD)).rejects.toThrow('401');
    expect(await whoIs(await signIn(api.url, 'changer', NEW))).toBe('changer');
  });

  it('needs a session', async () => {
    expect(await change('', { currentPassword: PASSWORD, newPassword: NEW })).toMatchObject({ status: 401 });
  });
});
