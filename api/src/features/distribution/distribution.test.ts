import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, firstPassWith, scan } from '../../../test/phone.ts';
import { profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { retireTokenProfile } from '../token-profiles/retire-token-profile.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { tokens } from '../tokens/table.ts';
import { updateUser } from '../users/update-user.ts';

let api: TestApi;
let admin: Person;
let profile: Awaited<ReturnType<typeof profiles>>;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('admin', ['TOKEN_ADMIN']);
  profile = await profiles(api);
});
afterAll(() => api.close());

async function owned() {
  names += 1;
  const owner = await api.person(`owner${names}`);
  const [token] = await tokensFor(api, owner.id);
  return { owner, token: token!, tokenId: `Token_${token!.id}` };
}
const SHOWN = 'distribution { id state expiresAt deviceBinding } activationCode ctKipUrl link';
const distribute = (tokenId: string, input: object = {}, how: 'qr' | 'url' = 'url') =>
  act(admin, 'distributeToken', { tokenId, profileId: `TokenProfile_${profile[how].id}`, ...input }, SHOWN);
const refused = (run: Promise<unknown>) => expect(run).rejects.toThrow();
const verify = async (owner: Person, serialNumber: string, passcode: string) =>
  (await owner.graphql(VERIFY, { serialNumber, passcode })).data.verifyPasscode.outcome;
const statesOf = async (owner: Person, serialNumber: string) => {
  const { data } = await owner.graphql(
    'query ($s: String!) { token(serialNumber: $s) { hasLiveSeed hasProvisionalSeed distributions { state } } }',
    { s: serialNumber },
  );
  return {
    ...data.token,
    distributions: data.token.distributions.map(({ state }: { state: string }) => state),
  };
};

describe('by URL', () => {
  it('shows twelve digits unless told otherwise, and the time they live', async () => {
    const { tokenId } = await owned();
    const given = await distribute(tokenId);
    expect(given.activationCode).toMatch(/^\d{12}$/);
    expect(Date.parse(given.distribution.expiresAt) - api.clock.now().getTime()).toBeGreaterThan(86_300_000);
  });

  it('takes a long code however it is typed', async () => {
    const { tokenId } = await owned();
    const { activationCode } = await distribute(tokenId, { activationCodeKind: 'LONG' });
    expect(activationCode).toMatch(/^(\w{4}-){4}\w{4}$/);
    await firstPassWith(api.url, activationCode);
    await firstPassWith(api.url, activationCode.toLowerCase().replaceAll('-', ''));
  });

  it('takes a code of the administrator’s own, however it is typed, and never shows it in the log', async () => {
    const { tokenId } = await owned();
    const given = await distribute(tokenId, {
      activationCodeKind: 'OWN',
      ownActivationCode: 'River-77-Lamp',
    });
    expect(given).toMatchObject({ activationCode: 'River-77-Lamp' });
    await firstPassWith(api.url, 'river77lamp');
    const rows = await api.deps.db.execute('SELECT * FROM audit_events');
    expect(JSON.stringify(rows)).not.toMatch(/river/i);
  });

  it.each([
    ['weak', { activationCodeKind: 'OWN', ownActivationCode: 'password1234' }, 'activation_code.weak'],
    ['missing', { activationCodeKind: 'OWN' }, 'activation_code.weak'],
    ['not asked for', { ownActivationCode: 'Harbor-77-Tree' }, 'activation_code.unused'],
  ])('refuses an own code that is %s', async (_what, input, code) => {
    const { tokenId } = await owned();
    expect(await distribute(tokenId, input)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: 'ownActivationCode', code }],
    });
  });

  it('refuses an own code that is live elsewhere, in the words for a weak one', async () => {
    const own = { activationCodeKind: 'OWN', ownActivationCode: 'Marble-42-Fox' };
    await distribute((await owned()).tokenId, own);
    expect(await distribute((await owned()).tokenId, own)).toMatchObject({
      fields: [{ path: 'ownActivationCode', code: 'activation_code.weak' }],
    });
  });
});

describe('by QR', () => {
  it('shows nothing secret, and lets nobody choose the code', async () => {
    const { tokenId } = await owned();
    expect(await distribute(tokenId, {}, 'qr')).toMatchObject({
      activationCode: null,
      ctKipUrl: null,
      link: null,
      distribution: { state: 'PENDING', expiresAt: null },
    });
    for (const input of [{ activationCodeKind: 'DIGITS' }, { ownActivationCode: 'Marble-42-Fox' }]) {
      expect(await distribute(tokenId, input, 'qr')).toMatchObject({
        fields: [{ code: 'activation_code.system_generated' }],
      });
    }
  });
});

describe('again', () => {
  it('kills the former code at once', async () => {
    const { owner, token, tokenId } = await owned();
    const first = await distribute(tokenId);
    const second = await distribute(tokenId);
    await refused(scan(api.url, first.link));
    await scan(api.url, second.link);
    expect((await statesOf(owner, token.serialNumber)).distributions).toEqual(['ACTIVATED', 'SUPERSEDED']);
  });

  it.each([
    ['KEEP_UNTIL_CONFIRMED', 'ACCEPTED'],
    ['STOP_NOW', 'REJECTED'],
  ])('asks what becomes of the seed in use; with %s its next code is %s', async (formerSeed, outcome) => {
    const { owner, token, tokenId } = await owned();
    const former = await scan(api.url, (await distribute(tokenId)).link);
    expect(await verify(owner, token.serialNumber, codeOf(former, api.clock.now()))).toBe('ACCEPTED');
    expect(await distribute(tokenId, {}, 'qr')).toMatchObject({
      fields: [{ path: 'formerSeed', code: 'former_seed.required' }],
    });
    expect(await distribute(tokenId, { formerSeed }, 'qr')).toMatchObject({
      __typename: 'DistributeTokenSuccess',
    });
    api.clock.advance(60);
    expect(await verify(owner, token.serialNumber, codeOf(former, api.clock.now()))).toBe(outcome);

    const { data } = await owner.graphql(START, { tokenId });
    const present = await scan(api.url, data.startActivation.link);
    api.clock.advance(60);
    expect(await verify(owner, token.serialNumber, codeOf(former, api.clock.now()))).toBe(outcome);
    expect(await verify(owner, token.serialNumber, codeOf(present, api.clock.now()))).toBe('ACCEPTED');
    api.clock.advance(60);
    expect(await verify(owner, token.serialNumber, codeOf(former, api.clock.now()))).toBe('REJECTED');
  });

  it('with the same idempotency key is the same distribution', async () => {
    const { tokenId } = await owned();
    const key = { idempotencyKey: `key ${names}` };
    const first = await distribute(tokenId, key);
    expect(await distribute(tokenId, key)).toEqual(first);
    await scan(api.url, first.link);
    expect(await distribute(tokenId, { ...key, deviceBinding: 'FIRST' })).toMatchObject({
      __typename: 'Conflict',
      code: 'idempotency_key.other_input',
    });
  });

  it('with the same idempotency key and another own code is refused', async () => {
    const { tokenId } = await owned();
    const own = {
      idempotencyKey: `key ${names}`,
      activationCodeKind: 'OWN',
      ownActivationCode: 'Copper-91-Kite',
    };
    const first = await distribute(tokenId, own);
    expect(await distribute(tokenId, own)).toEqual(first);
    expect(await distribute(tokenId, { ...own, ownActivationCode: 'Velvet-33-Dome' })).toMatchObject({
      __typename: 'Conflict',
      code: 'idempotency_key.other_input',
    });
  });

  it('with the same idempotency key for two tokens at once succeeds for one', async () => {
    const [one, two] = [await owned(), await owned()];
    const key = { idempotencyKey: `key ${names}` };
    const answers = await Promise.all([distribute(one.tokenId, key), distribute(two.tokenId, key)]);
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
      'Conflict',
      'DistributeTokenSuccess',
    ]);
  });
});

describe('revoking', () => {
  it('kills code and unconfirmed seed, once', async () => {
    const { owner, token, tokenId } = await owned();
    const given = await distribute(tokenId);
    const phone = await scan(api.url, given.link);
    const revoke = () => act(admin, 'revokeDistribution', { distributionId: given.distribution.id });
    expect(await revoke()).toMatchObject({ __typename: 'RevokeDistributionSuccess' });
    expect(await verify(owner, token.serialNumber, codeOf(phone, api.clock.now()))).toBe('REJECTED');
    expect(await statesOf(owner, token.serialNumber)).toEqual({
      hasLiveSeed: false,
      hasProvisionalSeed: false,
      distributions: ['REVOKED'],
    });
    expect(await revoke()).toMatchObject({ code: 'distribution.not_open' });
    const next = await distribute(tokenId);
    await act(admin, 'revokeDistribution', { distributionId: next.distribution.id });
    await refused(scan(api.url, next.link));
  });
});

describe('is refused', () => {
  const change = (id: string, set: object) => api.deps.db.update(tokens).set(set).where(eq(tokens.id, id));
  it.each<[string, (scene: Awaited<ReturnType<typeof owned>>) => Promise<unknown>, string]>([
    [
      'a disabled token',
      ({ token }) => disableTokens(api.system, { tokenIds: [token.id] }),
      'token.disabled',
    ],
    [
      'a disabled user',
      ({ owner }) => updateUser(api.system, { userId: owner.id, enabled: false }),
      'user.disabled',
    ],
    ['an expired token', ({ token }) => change(token.id, { expiresOn: '2020-01-01' }), 'token.expired'],
    ['a replaced token', ({ token }) => change(token.id, { replacedAt: new Date() }), 'token.replaced'],
    ['a token of nobody', ({ token }) => change(token.id, { ownerId: null }), 'token.not_assigned'],
    ['another algorithm', ({ token }) => change(token.id, { algorithm: 'TOTP' }), 'algorithm.differs'],
    [
      'a person of higher rank',
      ({ owner }) => updateUser(api.system, { userId: owner.id, roles: ['SUPER_ADMIN'] }),
      'user.outranks_you',
    ],
  ])('for %s', async (_what, make, code) => {
    const scene = await owned();
    await make(scene);
    expect(await distribute(scene.tokenId)).toMatchObject({ code });
  });

  it('for oneself', async () => {
    const [token] = await tokensFor(api, admin.id);
    expect(await distribute(`Token_${token!.id}`)).toMatchObject({ code: 'user.is_yourself' });
  });

  it('with a retired profile, while what was distributed goes on', async () => {
    const { tokenId } = await owned();
    const { link } = await distribute(tokenId);
    await retireTokenProfile(api.system, { profileId: profile.url.id });
    expect(await distribute((await owned()).tokenId)).toMatchObject({ code: 'token_profile.retired' });
    await scan(api.url, link);
  });
});
