import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { postAuth } from '../../../test/auth.ts';
import { graphql, ORIGIN, PASSWORD, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { silentSocket } from '../../../test/socket.ts';
import { auditEvents } from '../audit/table.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const SESSIONS = '{ viewer { sessions { id device address current createdAt lastSeenAt expiresAt } } }';

/** Signs the person in once more, from another browser. */
async function signInAgain(person: Person, userAgent = FIREFOX): Promise<Person> {
  const body = { username: person.userName, password: PASSWORD };
  const { cookie } = await postAuth(api.url, 'sign-in/username', body, { 'User-Agent': userAgent });
  return {
    ...person,
    cookie: cookie!,
    graphql: (document, variables) => graphql(api.url, cookie, document, variables),
  };
}

const sessionsOf = async (person: Person) => (await person.graphql(SESSIONS)).data.viewer.sessions;
const isIn = async (person: Person) =>
  (await person.graphql('{ session { expiresAt } }')).data.session !== null;
const endings = (person: Person) =>
  api.deps.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, 'session.ended'), eq(auditEvents.actorId, person.id)))
    .orderBy(auditEvents.id);

describe('one’s own sessions', () => {
  it('are listed with device, address and times; the present one is marked', async () => {
    const alice = await api.person('alice');
    api.clock.advance(5);
    const again = await signInAgain(alice);
    const listed = await sessionsOf(again);
    expect(listed).toMatchObject([
      { device: 'Firefox on Windows', address: '127.0.0.1', current: true },
      { current: false },
    ]);
    const [{ createdAt, expiresAt }] = listed;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(8 * 3600 * 1000);
    expect((await sessionsOf(alice)).map(({ current }: { current: boolean }) => current)).toEqual([
      false,
      true,
    ]);
  });

  it('end one by one, with their sockets', async () => {
    const bob = await api.person('bob');
    const other = await signInAgain(bob);
    const socket = await silentSocket(api.url, { Cookie: other.cookie, Origin: ORIGIN });
    const { id } = (await sessionsOf(bob)).find(({ current }: { current: boolean }) => !current);
    expect(await act(bob, 'endSession', { sessionId: id }, 'sessionId')).toMatchObject({ sessionId: id });
    expect(await socket.closed).toBe(4403);
    expect(await isIn(other)).toBe(false);
    expect(await isIn(bob)).toBe(true);
    expect(await endings(bob)).toMatchObject([
      { details: { which: 'another session', device: 'Firefox on Windows' } },
    ]);
    expect(await act(bob, 'endSession', { sessionId: id })).toMatchObject({ code: 'session.not_found' });
    const [own] = await sessionsOf(bob);
    await act(bob, 'endSession', { sessionId: own.id });
    expect(await isIn(bob)).toBe(false);
  });

  it('end all together, but for this one and those that are to stay', async () => {
    const carol = await api.person('carol');
    const others = [await signInAgain(carol), await signInAgain(carol), await signInAgain(carol)];
    const [kept] = await sessionsOf(others[0]!).then((all) =>
      all.filter(({ current }: { current: boolean }) => current),
    );
    const first = await act(carol, 'endOtherSessions', { except: [kept.id] }, 'ended');
    expect(first).toMatchObject({ ended: 2 });
    expect(await Promise.all(others.map(isIn))).toEqual([true, false, false]);
    expect(await act(carol, 'endOtherSessions', {}, 'ended')).toMatchObject({ ended: 1 });
    expect(await act(carol, 'endOtherSessions', {}, 'ended')).toMatchObject({ ended: 0 });
    expect(await isIn(carol)).toBe(true);
    expect(await endings(carol)).toHaveLength(2);
  });

  it('are nobody else’s to see or end, and are gone from the list when they are over', async () => {
    const dora = await api.person('dora');
    const root = await api.person('root', ['SUPER_ADMIN']);
    const [{ id }] = await sessionsOf(dora);
    expect(await act(root, 'endSession', { sessionId: id })).toMatchObject({ code: 'session.not_found' });
    const { data } = await root.graphql(
      'query ($id: ID!) { node(id: $id) { __typename } user(userName: "dora") { sessions { id } } }',
      { id },
    );
    expect(data).toEqual({ node: null, user: { sessions: null } });
    api.clock.advance(7 * 3600);
    expect(await isIn(dora)).toBe(true);
    api.clock.advance(2 * 3600);
    const later = await signInAgain(dora);
    expect(await sessionsOf(later)).toHaveLength(2);
    api.clock.advance(7 * 3600);
    expect(await sessionsOf(later)).toHaveLength(1);
    // What is over already is not counted as ended.
    expect(await act(later, 'endOtherSessions', {}, 'ended')).toMatchObject({ ended: 0 });
  });

  it('ended twice at once are ended once', async () => {
    const erin = await api.person('erin');
    const other = await signInAgain(erin);
    const { id } = (await sessionsOf(erin)).find(({ current }: { current: boolean }) => !current);
    const both = await Promise.all([
      act(erin, 'endSession', { sessionId: id }),
      act(erin, 'endSession', { sessionId: id }),
    ]);
    expect(both.map(({ __typename }) => __typename).toSorted()).toEqual(['EndSessionSuccess', 'NotFound']);
    expect(await isIn(other)).toBe(false);
    expect(await endings(erin)).toHaveLength(1);
  });
});
