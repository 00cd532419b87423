import { finishRsaClient } from '@symbolon/ct-kip/rsa-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postAuth } from '../../../test/auth.ts';
import { PASSWORD, type Person, signIn, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, firstPass, post } from '../../../test/phone.ts';
import { CANCEL, profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { type Watch, watch } from '../../../test/socket.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { updateUser } from '../users/update-user.ts';
import { unassignTokens } from '../tokens/unassign-tokens.ts';

let api: TestApi;
let profileId: string;
let names = 0;
const open: Watch[] = [];
beforeAll(async () => {
  api = await startTestApi();
  profileId = (await profiles(api)).qr.id;
});
afterAll(async () => {
  for (const socket of open) await socket.stop();
  await api.close();
});

const CHANGED =
  'subscription ($id: ID!) { activationChanged(id: $id) { state secondsLeft device token { status } } }';
function watching(id: string, cookie: string, url = api.url): Watch {
  const socket = watch(url, cookie, CHANGED, { id });
  open.push(socket);
  return socket;
}
const next = async (socket: Watch) => (await socket.next())?.activationChanged ?? null;

/** A person who looks at an open QR code. */
async function looking() {
  const owner = await api.person(`owner${++names}`);
  const [token] = await tokensFor(api, owner.id);
  await distributeToken(api.system, { tokenId: token!.id, profileId });
  const { data } = await owner.graphql(START, { tokenId: `Token_${token!.id}` });
  const { activation, link } = data.startActivation as { activation: { id: string }; link: string };
  return { owner, token: token!, id: activation.id, link };
}
const confirm = (owner: Person, serialNumber: string, passcode: string) =>
  owner.graphql(VERIFY, { serialNumber, passcode });

describe('activationChanged', () => {
  it('tells the present state first, then every change, and completes', async () => {
    const { owner, token, id, link } = await looking();
    const socket = watching(id, owner.cookie);
    expect(await next(socket)).toEqual({
      state: 'OPEN',
      secondsLeft: 300,
      device: null,
      token: { status: 'PENDING' },
    });
    const { state, request } = await firstPass(api.url, link, { name: 'My phone' });
    expect(await next(socket)).toMatchObject({ state: 'CONTACTED' });
    const phone = finishRsaClient(state, await post(api.url, request));
    expect(await next(socket)).toMatchObject({ state: 'ACTIVATED', device: 'My phone', secondsLeft: 0 });
    await confirm(owner, token.serialNumber, codeOf(phone, api.clock.now()));
    expect(await next(socket)).toMatchObject({ state: 'CONFIRMED', token: { status: 'ACTIVE' } });
    expect(await next(socket)).toBeNull();
  });

  it('tells what another instance changed', async () => {
    const other = await api.secondInstance();
    const { owner, id, link } = await looking();
    const socket = watching(id, owner.cookie, other.url);
    expect(await next(socket)).toMatchObject({ state: 'OPEN' });
    const { request } = await firstPass(api.url, link);
    expect(await next(socket)).toMatchObject({ state: 'CONTACTED' });
    await post(api.url, request);
    expect(await next(socket)).toMatchObject({ state: 'ACTIVATED' });
    await owner.graphql(CANCEL, { activationId: id });
    expect(await next(socket)).toMatchObject({ state: 'CANCELLED' });
    expect(await next(socket)).toBeNull();
  });

  it('tells EXPIRED when it happens', async () => {
    const { owner, id } = await looking();
    const socket = watching(id, owner.cookie);
    expect(await next(socket)).toMatchObject({ state: 'OPEN' });
    api.clock.advance(300);
    expect(await next(socket)).toMatchObject({ state: 'EXPIRED', secondsLeft: 0 });
    expect(await next(socket)).toBeNull();
  });

  it('of one that is over tells that and completes', async () => {
    const { owner, id } = await looking();
    await owner.graphql(CANCEL, { activationId: id });
    const socket = watching(id, owner.cookie);
    expect(await next(socket)).toMatchObject({ state: 'CANCELLED' });
    expect(await next(socket)).toBeNull();
  });

  it('is nothing for a stranger, nor of nonsense', async () => {
    const { owner, id } = await looking();
    const stranger = await api.person(`stranger${names}`);
    await expect(watching(id, stranger.cookie).next()).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    await expect(watching('Activation_nonsense', owner.cookie).next()).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });

  it('is seen by the help desk, too', async () => {
    const { id } = await looking();
    const desk = await api.person(`desk${names}`, ['HELP_DESK']);
    expect(await next(watching(id, desk.cookie))).toMatchObject({ state: 'OPEN' });
  });

  it('ends when the token goes to nobody', async () => {
    const { owner, token, id } = await looking();
    const socket = watching(id, owner.cookie);
    expect(await next(socket)).toMatchObject({ state: 'OPEN' });
    await unassignTokens(api.system, { tokenIds: [token.id] });
    expect(await next(socket)).toBeNull();
  });
});

describe('the socket', () => {
  it('closes when its session ends, and no other', async () => {
    const { owner, id } = await looking();
    const elsewhere = watching(id, await signIn(api.url, owner.userName, PASSWORD));
    const socket = watching(id, owner.cookie);
    await Promise.all([next(socket), next(elsewhere)]);
    await postAuth(api.url, 'sign-out', {}, { Cookie: owner.cookie });
    await expect(socket.next()).rejects.toBeDefined();
    expect(await socket.closed).toBe(4403);
    await owner.graphql(CANCEL, { activationId: id });
    await firstPass(api.url, 'com.rsa.securid://ctkip?scheme=http&url=x/y&activationCode=1').catch(() => {});
    expect(await Promise.race([elsewhere.closed, Promise.resolve('open')])).toBe('open');
  });

  it('closes when its person is disabled, on whichever instance', async () => {
    const other = await api.secondInstance();
    const { owner, id } = await looking();
    const socket = watching(id, owner.cookie, other.url);
    expect(await next(socket)).toMatchObject({ state: 'OPEN' });
    await updateUser(api.system, { userId: owner.id, enabled: false });
    expect(await socket.closed).toBe(4403);
  });

  it.each([
    ['a query', '{ viewer { userName } }', 'The socket carries subscriptions only. Send the rest by POST.'],
    [
      'a mutation',
      'mutation { __typename }',
      'The socket carries subscriptions only. Send the rest by POST.',
    ],
    ['nonsense', 'nonsense {', 'Syntax Error: Unexpected Name "nonsense".'],
    [
      'a document that nests deep',
      `subscription { activationChanged(id: "x") { token { ${'assignedTo { tokens { '.repeat(9)} id ${'} }'.repeat(9)} } } }`,
      'Selections nest 16 deep at most.',
    ],
  ])('refuses %s in words', async (_what, document, message) => {
    const { owner } = await looking();
    const socket = watch(api.url, owner.cookie, document);
    open.push(socket);
    await expect(socket.next()).rejects.toMatchObject([
      { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  it('has a limit of twenty a session', async () => {
    const { owner, id } = await looking();
    const sockets = Array.from({ length: 20 }, () => watching(id, owner.cookie));
    await Promise.all(sockets.map((socket) => next(socket)));
    await expect(watching(id, owner.cookie).next()).rejects.toBeDefined();
  });
});
