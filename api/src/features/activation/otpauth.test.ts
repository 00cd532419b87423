import { execFileSync } from 'node:child_process';
import { parseOtpauth } from '@symbolon/token-files/otpauth/parse-otpauth';
import { totpCode } from '@symbolon/tokencode/totp';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { CANCEL, definitionId, START, VERIFY } from '../../../test/scene.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { createTokenProfile } from '../token-profiles/create-token-profile.ts';
import { assignTokens } from '../tokens/assign-tokens.ts';
import { disableTokens } from '../tokens/enable-tokens.ts';
import { generateTokens } from '../tokens/generate-tokens.ts';
import { tokenSeeds } from '../tokens/table.ts';
import { verifyPasscode } from '../passcodes/verify-passcode.ts';
import { expireActivations } from './expire-activations.ts';

let api: TestApi;
let profileId: string;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  profileId = (await profile('App', {})).id;
});
afterAll(() => api.close());

const profile = async (name: string, settings: object) =>
  createTokenProfile(api.system, {
    name,
    deviceDefinitionId: await definitionId(api, 'OATH authenticator app'),
    deliveryMethod: 'OTPAUTH_QR',
    ...settings,
  });

/** A person with a TOTP token that waits to be scanned. */
async function waiting(withProfile = profileId) {
  const owner = await api.person(`oath${(names += 1)}`);
  const expiresOn = utcDay(plusSeconds(api.clock.now(), 365 * 24 * 3600));
  const [made] = await generateTokens(api.system, { count: 1, algorithm: 'TOTP', expiresOn });
  const [token] = await assignTokens(api.system, { userId: owner.id, tokenIds: [made!.id] });
  await distributeToken(api.system, { tokenId: token!.id, profileId: withProfile });
  return { owner, token: token!, tokenId: `Token_${token!.id}` };
}

async function start(person: Person, tokenId: string) {
  const { data } = await person.graphql(START, { tokenId });
  return data.startActivation as {
    __typename: string;
    link: string;
    activation: { id: string; state: string; secondsLeft: number };
  };
}
const shown = (link: string, ahead = 0) => {
  const { digits, intervalSeconds, ...token } = parseOtpauth(link);
  const at = plusSeconds(api.clock.now(), ahead * intervalSeconds).getTime() / 1000;
  return totpCode({ ...token, digits, intervalSeconds: intervalSeconds as 30 | 60, at });
};
const verify = async (person: Person, serialNumber: string, passcode: string) =>
  (await person.graphql(VERIFY, { serialNumber, passcode })).data.verifyPasscode.outcome;
const seedsOf = (id: string) => api.deps.db.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, id));

describe('an otpauth QR code', () => {
  it('holds a seed that counts once its owner has typed a code of it', async () => {
    const { owner, token, tokenId } = await waiting();
    const { link, activation } = await start(owner, tokenId);
    expect(activation).toMatchObject({ state: 'OPEN', secondsLeft: 300 });
    expect(parseOtpauth(link)).toMatchObject({
      issuer: 'Symbolon',
      account: `${owner.userName} ${token.serialNumber.slice(-4)}`,
      hashAlgorithm: 'SHA1',
      digits: 6,
      intervalSeconds: 30,
    });
    expect(parseOtpauth(link).seed).toHaveLength(20);
    const { serialNumber } = token;
    const code = shown(link);
    expect(await verifyPasscode(api.system, { target: { serialNumber }, passcode: code })).toMatchObject({
      outcome: 'REJECTED',
    });
    expect(await verify(owner, serialNumber, code)).toBe('ACCEPTED');
    expect(await verify(owner, serialNumber, code)).toBe('REPLAYED');
    expect((await seedsOf(token.id)).map(({ state }) => state)).toEqual(['LIVE']);
    const { data } = await owner.graphql('query ($id: ID!) { activation(id: $id) { state } }', {
      id: activation.id,
    });
    expect(data.activation.state).toBe('CONFIRMED');
    expect(
      await verifyPasscode(api.system, { target: { serialNumber }, passcode: shown(link, 1) }),
    ).toMatchObject({ outcome: 'ACCEPTED' });
    expect((await start(owner, tokenId)).__typename).toBe('InvalidState');
  });

  it.each([
    ['SHA256', 8, 60, 32],
    ['SHA512', 6, 30, 64],
  ] as const)(
    'of %s shows what oathtool shows',
    async (hashAlgorithm, tokencodeLength, tokencodeInterval, octets) => {
      const made = await profile(hashAlgorithm, { hashAlgorithm, tokencodeLength, tokencodeInterval });
      const { owner, token, tokenId } = await waiting(made.id);
      const { link } = await start(owner, tokenId);
      expect(parseOtpauth(link).seed).toHaveLength(octets);
      const secret = new URL(link).searchParams.get('secret')!;
      const code = execFileSync('oathtool', [
        `--totp=${hashAlgorithm}`,
        '--base32',
        `--digits=${tokencodeLength}`,
        `--time-step-size=${tokencodeInterval}s`,
        `--now=@${Math.floor(api.clock.now().getTime() / 1000)}`,
        secret,
      ]);
      expect(await verify(owner, token.serialNumber, code.toString().trim())).toBe('ACCEPTED');
    },
  );

  it('is the same in any tab, and a new one after it has gone', async () => {
    const { owner, token, tokenId } = await waiting();
    const first = await start(owner, tokenId);
    expect((await start(owner, tokenId)).link).toBe(first.link);
    api.clock.advance(301);
    const second = await start(owner, tokenId);
    expect(second.link).not.toBe(first.link);
    expect(await verify(owner, token.serialNumber, shown(first.link))).toBe('REJECTED');
    expect(await verify(owner, token.serialNumber, shown(second.link))).toBe('ACCEPTED');
  });

  it('can be proved until five minutes after it has gone, and no longer', async () => {
    const state = async (person: Person, id: string) =>
      (await person.graphql('query ($id: ID!) { activation(id: $id) { state secondsToConfirm } }', { id }))
        .data.activation;
    const inTime = await waiting();
    const [a, late] = [await start(inTime.owner, inTime.tokenId), await waiting()];
    const b = await start(late.owner, late.tokenId);
    api.clock.advance(590);
    expect(await state(inTime.owner, a.activation.id)).toEqual({ state: 'ACTIVATED', secondsToConfirm: 10 });
    await expireActivations(api.system);
    expect(await verify(inTime.owner, inTime.token.serialNumber, shown(a.link))).toBe('ACCEPTED');
    api.clock.advance(11);
    expect(await state(late.owner, b.activation.id)).toEqual({ state: 'EXPIRED', secondsToConfirm: 0 });
    expect(await verify(late.owner, late.token.serialNumber, shown(b.link))).toBe('REJECTED');
    expect(await seedsOf(late.token.id)).toHaveLength(1);
    await expireActivations(api.system);
    expect(await seedsOf(late.token.id)).toEqual([]);
  });

  it('dies when its owner cancels, and when the token is disabled; a former seed goes on', async () => {
    const { owner, token, tokenId } = await waiting();
    const live = await start(owner, tokenId);
    expect(await verify(owner, token.serialNumber, shown(live.link))).toBe('ACCEPTED');
    api.clock.advance(60);
    await distributeToken(api.system, { tokenId: token.id, profileId, formerSeed: 'KEEP_UNTIL_CONFIRMED' });
    const again = await start(owner, tokenId);
    await owner.graphql(CANCEL, { activationId: again.activation.id });
    expect(await verify(owner, token.serialNumber, shown(again.link))).toBe('REJECTED');
    expect(await verify(owner, token.serialNumber, shown(live.link))).toBe('ACCEPTED');
    const third = await start(owner, tokenId);
    await disableTokens(api.system, { tokenIds: [token.id] });
    expect((await seedsOf(token.id)).map(({ state }) => state)).toEqual(['LIVE']);
    expect(third.link).not.toBe(again.link);
  });

  it('is shown to its owner only, and its secret lies nowhere', async () => {
    const { owner, tokenId } = await waiting();
    const { link, activation } = await start(owner, tokenId);
    const admin = await api.person(`admin${names}`, ['SUPER_ADMIN']);
    expect((await start(admin, tokenId)).__typename).toBe('NotFound');
    const seen = await admin.graphql(
      'query ($id: ID!) { activation(id: $id) { state secondsToConfirm token { serialNumber } } }',
      { id: activation.id },
    );
    const { seed } = parseOtpauth(link);
    const forms = [
      new URL(link).searchParams.get('secret')!,
      Buffer.from(seed).toString('hex'),
      Buffer.from(seed).toString('base64'),
    ];
    for (const form of forms) expect(JSON.stringify(seen)).not.toContain(form);
    const tables = await api.deps.db.execute<{ name: string }>(
      sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const rows = await api.deps.db.execute(sql.raw(`SELECT t::text AS row FROM "${name}" AS t`));
      const all = JSON.stringify(rows);
      for (const form of forms) expect([name, all.includes(form)]).toEqual([name, false]);
    }
  });

  it('is not mailed', async () => {
    const { owner, tokenId } = await waiting();
    const { data } = await owner.graphql(
      `mutation ($tokenId: ID!) { sendActivationLink(input: { tokenId: $tokenId }) { __typename ... on UserError { code } } }`,
      { tokenId },
    );
    expect(data.sendActivationLink.__typename).toMatch(/Unsupported|InvalidState/);
  });

  it('binds to no device, and takes nobody’s word but its owner’s', async () => {
    const { token } = await waiting();
    const bound = { tokenId: token.id, profileId, deviceBinding: 'DEVICE', deviceId: 'abcd1234' } as const;
    await expect(distributeToken(api.system, bound)).rejects.toMatchObject({
      extra: { fields: [{ code: 'device_binding.otpauth' }] },
    });
    await expect(profile('First', { seedConfirmation: 'FIRST_USE' })).rejects.toMatchObject({
      code: 'seed_confirmation.owner_only',
    });
    await expect(profile('SecurID', { algorithm: 'SECURID' })).rejects.toMatchObject({
      code: 'algorithm.not_of_device',
    });
  });
});
