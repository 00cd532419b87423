import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { keyOf } from '../../../test/keys.ts';
import { ORIGIN, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { profiles, START, tokensFor } from '../../../test/scene.ts';
import { silentSocket, upgradeStatus, type Watch, watchWith } from '../../../test/socket.ts';
import { plusSeconds } from '../../lib/clock.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { setUserPassword } from '../users/set-password.ts';
import { updateUser } from '../users/update-user.ts';

const FORBIDDEN = 4403;
const TOO_LATE = 4408;
let api: TestApi;
let alice: Person;
let activationId: string;
let tokenId: string;
beforeAll(async () => {
  api = await startTestApi();
  alice = await api.person('alice');
  const { qr } = await profiles(api);
  const [token] = await tokensFor(api, alice.id);
  tokenId = `Token_${token!.id}`;
  await distributeToken(api.system, { tokenId: token!.id, profileId: qr.id });
  const { data } = await alice.graphql(START, { tokenId });
  activationId = data.startActivation.activation.id;
});
afterAll(() => api.close());

const CHANGED = 'subscription ($id: ID!) { activationChanged(id: $id) { state } }';
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const inHeader = (key: string, more = {}) =>
  watchWith(api.url, { headers: { ...bearer(key), ...more } }, CHANGED, { id: activationId });
const inInit = (params: Record<string, string>, headers: Record<string, string> = {}) =>
  watchWith(api.url, { params, headers }, CHANGED, { id: activationId });

async function opened(watch: Watch): Promise<Watch> {
  expect(await watch.next()).toEqual({ activationChanged: { state: 'OPEN' } });
  return watch;
}

describe('a socket with an API key', () => {
  it('opens by header or by connection_init, without Origin', async () => {
    const owner = await api.person('owner1', ['AUDITOR']);
    const { key } = await keyOf(owner, ['TOKENS_READ']);
    const both = [
      await opened(inHeader(key)),
      await opened(inHeader(key, { Origin: 'https://evil.example' })),
      await opened(inInit(bearer(key))),
      await opened(inInit({ authorization: `bearer ${key}` }, { Origin: ORIGIN, Cookie: alice.cookie })),
    ];
    await Promise.all(both.map((watch) => watch.stop()));
  });

  it('sees what the key sees and no more', async () => {
    const owner = await api.person('owner2', ['AUDITOR']);
    const { key } = await keyOf(owner, ['USERS_READ']);
    await expect(inHeader(key).next()).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    // Beside a session that may see it, the key decides.
    const beside = inInit(bearer(key), { Origin: ORIGIN, Cookie: alice.cookie });
    await expect(beside.next()).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });

  it('is refused with a key that is none, also beside a session', async () => {
    const wrong = `symb_${'A'.repeat(43)}`;
    expect(await upgradeStatus(api.url, bearer(wrong))).toBe(401);
    expect(await upgradeStatus(api.url, { ...bearer(wrong), Origin: ORIGIN, Cookie: alice.cookie })).toBe(
      401,
    );
    const besides: Record<string, string>[] = [{}, { Origin: ORIGIN, Cookie: alice.cookie }];
    for (const headers of besides) {
      const watch = inInit(bearer(wrong), headers);
      watch.next().catch(() => {});
      expect(await watch.closed).toBe(FORBIDDEN);
    }
    const silent = inInit({});
    silent.next().catch(() => {});
    expect(await silent.closed).toBe(FORBIDDEN);
  });

  it('closes when the key is revoked, on another instance too', async () => {
    const owner = await api.person('owner3', ['AUDITOR']);
    const made = await keyOf(owner, ['TOKENS_READ']);
    const other = await keyOf(owner, ['TOKENS_READ']);
    const second = await api.secondInstance();
    const watches = [
      await opened(inHeader(made.key)),
      await opened(inInit(bearer(made.key))),
      await opened(watchWith(second.url, { headers: bearer(made.key) }, CHANGED, { id: activationId })),
    ];
    const stays = await opened(inHeader(other.key));
    for (const watch of watches) watch.next().catch(() => {});
    await act(owner, 'revokeApiKey', { apiKeyId: made.id });
    expect(await Promise.all(watches.map(({ closed }) => closed))).toEqual([FORBIDDEN, FORBIDDEN, FORBIDDEN]);
    expect(await upgradeStatus(api.url, bearer(made.key))).toBe(401);
    await stays.stop();
  });

  it.each([
    ['is disabled', (id: string) => updateUser(api.system, { userId: id, enabled: false })],
    ['loses a right of the key', (id: string) => updateUser(api.system, { userId: id, roles: [] })],
    ['gets another password', (id: string) => setUserPassword(api.system, { userId: id })],
  ])('closes when its owner %s', async (how, change) => {
    const owner = await api.person(`owner-${how.replaceAll(' ', '-')}`, ['AUDITOR']);
    const { key } = await keyOf(owner, ['TOKENS_READ']);
    const watch = await opened(inHeader(key));
    watch.next().catch(() => {});
    await change(owner.id);
    expect(await watch.closed).toBe(FORBIDDEN);
  });

  it('stays when its owner loses what the key never had', async () => {
    const owner = await api.person('owner5', ['AUDITOR']);
    const { key } = await keyOf(owner, ['TOKENS_READ']);
    const watch = await opened(inHeader(key));
    await updateUser(api.system, { userId: owner.id, roles: ['HELP_DESK'] });
    await act(alice, 'cancelActivation', { activationId });
    expect(await watch.next()).toEqual({ activationChanged: { state: 'CANCELLED' } });
    const { data } = await alice.graphql(START, { tokenId });
    activationId = data.startActivation.activation.id;
  });

  it('has no more than twenty beside it, and twenty may wait for their key', async () => {
    const owner = await api.person('owner6', ['AUDITOR']);
    const { key } = await keyOf(owner, ['TOKENS_READ']);
    const watches = await Promise.all(Array.from({ length: 20 }, () => opened(inHeader(key))));
    expect(await upgradeStatus(api.url, bearer(key))).toBe(429);
    await Promise.all(watches.map((watch) => watch.stop()));
    const waiting = await Promise.all(Array.from({ length: 20 }, () => silentSocket(api.url, {})));
    expect(await upgradeStatus(api.url, {})).toBe(429);
    // Those who wait are in nobody's way, and not for long.
    await (await opened(inHeader(key))).stop();
    expect(new Set(await Promise.all(waiting.map(({ closed }) => closed)))).toEqual(new Set([TOO_LATE]));
  });

  it('takes no further subscription once the key has expired', async () => {
    const owner = await api.person('owner7', ['AUDITOR']);
    const expiresAt = plusSeconds(api.deps.clock.now(), 24 * 3600 + 60);
    const { key } = await keyOf(owner, ['TOKENS_READ'], { expiresAt });
    const watch = await opened(inHeader(key));
    watch.next().catch(() => {});
    api.clock.advance(24 * 3600 + 61);
    expect(await upgradeStatus(api.url, bearer(key))).toBe(401);
    // Any news about its owner has it looked at again; without news that happens within half a minute.
    await api.deps.bus.publish(api.deps.db, 'user', owner.id);
    expect(await watch.closed).toBe(FORBIDDEN);
  });
});
