import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { updateUser } from './update-user.ts';

let api: TestApi;
let root: Person;
let tokenAdmin: Person;
let helpDesk: Person;
beforeAll(async () => {
  api = await startTestApi();
  root = await api.person('root', ['SUPER_ADMIN']);
  tokenAdmin = await api.person('token-admin', ['TOKEN_ADMIN']);
  helpDesk = await api.person('help-desk', ['HELP_DESK']);
});
afterAll(() => api.close());

const idOf = (person: Person) => `User_${person.id}`;
const names = { givenName: 'Ada', familyName: 'Lovelace' };
const create = (userName: string, input: object = {}, person = root) =>
  act(
    person,
    'createUser',
    { userName, ...names, ...input },
    'user { id userName email roles } generatedPassword',
  );
const update = (person: Person, target: string, input: object) =>
  act(person, 'updateUser', { userId: target, ...input }, 'user { givenName email enabled roles }');

describe('a user name', () => {
  it.each(['a', 'Jane.Doe', 'jdoe@corp.example', 'x_y-z+1', 'žižka', '李雷', 'n'.repeat(128)])(
    '%s is taken',
    async (userName) => {
      expect((await create(userName)).user).toMatchObject({ userName });
    },
  );

  it.each(['', ' ', 'two words', 'a/b', 'a<b', 'n'.repeat(129), 'e\u0301'])(
    '«%s» is refused',
    async (userName) => {
      expect(await create(userName)).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: 'userName', code: 'user_name.invalid' }],
      });
    },
  );

  it('is compared without case', async () => {
    await create('Grace.Hopper');
    expect(await create('grace.HOPPER')).toMatchObject({
      __typename: 'Conflict',
      code: 'user.name_taken',
      params: [{ name: 'userName', value: 'grace.HOPPER' }],
    });
    const { data } = await root.graphql('{ user(userName: "GRACE.hopper") { userName } }');
    expect(data.user.userName).toBe('Grace.Hopper');
  });

  it('is given to one of two who ask at once', async () => {
    const answers = await Promise.all([create('Twice'), create('twice')]);
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual(['Conflict', 'CreateUserSuccess']);
  });
});

describe('creating', () => {
  it('needs no e-mail, and answers a generated password once', async () => {
    const made = await create('no-mail');
    expect(made).toMatchObject({ user: { email: null, roles: [] } });
    expect(made.generatedPassword).toMatch(/^(\w{5}-){3}\w{5}$/);
  });

  it('refuses what is no e-mail address, no name or a weak password', async () => {
    expect(await create('bad1', { email: 'not an address' })).toMatchObject({ fields: [{ path: 'email' }] });
    expect(await create('bad2', { givenName: ' ', familyName: 'x'.repeat(129) })).toMatchObject({
      fields: [{ path: 'givenName' }, { path: 'familyName' }],
    });
    expect(await create('bad3', { password: 'short' })).toMatchObject({
      fields: [{ path: 'password', code: 'password.too_short' }],
    });
    expect(await create('guessable-name', { password: 'guessable-name' })).toMatchObject({
      fields: [{ path: 'password', code: 'password.guessable' }],
    });
  });

  it('is for those who manage users', async () => {
    expect(await create('by-help-desk', {}, helpDesk)).toEqual({ refused: 'FORBIDDEN' });
  });
});

describe('changing', () => {
  it('changes what is given, and tells before and after', async () => {
    const { user } = await create('changing', { email: 'old@example.org' });
    expect(await update(root, user.id, { givenName: 'Augusta', email: '' })).toMatchObject({
      user: { givenName: 'Augusta', email: null, enabled: true },
    });
    const { data } = await root.graphql(
      '{ auditEvents(first: 1, filter: { action: "user.updated" }) { nodes { actorName targetUserName details { name value } } } }',
    );
    expect(data.auditEvents.nodes).toEqual([
      {
        actorName: 'root',
        targetUserName: 'changing',
        details: expect.arrayContaining([
          { name: 'givenName before', value: 'Ada' },
          { name: 'givenName', value: 'Augusta' },
          { name: 'email before', value: 'old@example.org' },
        ]),
      },
    ]);
  });

  it('is more than the help desk may do, but for enabling', async () => {
    const { user } = await create('at-the-desk');
    expect(await update(helpDesk, user.id, { givenName: 'Eve' })).toMatchObject({ code: 'input.invalid' });
    expect(await update(helpDesk, user.id, { enabled: false })).toMatchObject({ user: { enabled: false } });
    expect(await update(helpDesk, user.id, { enabled: true })).toMatchObject({ user: { enabled: true } });
  });

  it('answers NotFound for an id of nobody', async () => {
    expect(await update(root, 'User_00000000-0000-7000-8000-000000000000', {})).toMatchObject({
      __typename: 'NotFound',
    });
    expect(await update(root, 'Token_nonsense', {})).toMatchObject({ __typename: 'NotFound' });
  });
});

describe('roles', () => {
  it('are granted by a Super Admin only', async () => {
    const { user } = await create('climber');
    for (const person of [helpDesk, tokenAdmin]) {
      const refusal = await update(person, user.id, { roles: ['SUPER_ADMIN'] });
      expect(refusal.refused ?? refusal.fields[0].code).toMatch(/FORBIDDEN|roles.not_yours_to_grant/);
    }
    expect(await update(root, user.id, { roles: ['AUDITOR', 'AUDITOR'] })).toMatchObject({
      user: { roles: ['AUDITOR'] },
    });
  });

  it('are not granted to oneself', async () => {
    expect(await update(helpDesk, idOf(helpDesk), { roles: ['SUPER_ADMIN'] })).toMatchObject({
      fields: [{ code: 'roles.not_yours_to_grant' }],
    });
  });

  it('are taken from the next request on', async () => {
    const auditor = await api.person('former-auditor', ['AUDITOR']);
    const ask = () => auditor.graphql('{ auditEvents(first: 1) { nodes { id } } }');
    expect((await ask()).errors).toBeUndefined();
    await updateUser(api.system, { userId: auditor.id, roles: [] });
    expect((await ask()).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('people of higher rank', () => {
  it.each([
    ['disabled', (target: Person) => update(helpDesk, idOf(target), { enabled: false })],
    ['renamed', (target: Person) => update(helpDesk, idOf(target), { enabled: true })],
  ])('are not %s by those who may do less', async (_what, tryIt) => {
    expect(await tryIt(tokenAdmin)).toMatchObject({
      __typename: 'InvalidState',
      code: 'user.outranks_you',
      params: [{ name: 'userName', value: 'token-admin' }],
    });
  });

  it('who hold no more than oneself are no higher', async () => {
    const colleague = await api.person('colleague', ['HELP_DESK']);
    expect(await update(helpDesk, idOf(colleague), { enabled: false })).toMatchObject({
      user: { enabled: false },
    });
  });
});

describe('the last Super Admin', () => {
  it('is neither demoted nor disabled', async () => {
    expect(await update(root, idOf(root), { roles: ['AUDITOR'] })).toMatchObject({
      code: 'user.last_super_admin',
    });
    await expect(updateUser(api.system, { userId: root.id, enabled: false })).rejects.toMatchObject({
      code: 'user.last_super_admin',
    });
    expect(await update(root, idOf(root), { enabled: false })).toMatchObject({ code: 'user.is_yourself' });
  });

  it('is left when two demote each other at once', async () => {
    const other = await api.person('other-root', ['SUPER_ADMIN']);
    const answers = await Promise.all([
      update(root, idOf(other), { roles: [] }),
      update(other, idOf(root), { roles: [] }),
    ]);
    expect(answers.filter(({ __typename }) => __typename === 'UpdateUserSuccess')).toHaveLength(1);
    const { data } = await (answers[0].user ? root : other).graphql(
      '{ users(first: 50) { nodes { userName roles enabled } } }',
    );
    const left = data.users.nodes.filter(({ roles }: { roles: string[] }) => roles.includes('SUPER_ADMIN'));
    expect(left).toHaveLength(1);
  });
});
