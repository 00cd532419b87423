import { CtKipError } from '@symbolon/ct-kip/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { codeOf, firstPass, post, scan } from '../../../test/phone.ts';
import { CANCEL, profiles, START, tokensFor, VERIFY } from '../../../test/scene.ts';
import { distributeToken } from '../distribution/distribute-token.ts';
import { revokeDistribution } from '../distribution/revoke-distribution.ts';
import { updateUser } from '../users/update-user.ts';
import { disableTokens, enableTokens } from '../tokens/enable-tokens.ts';
import { expireActivations } from './expire-activations.ts';

let api: TestApi;
let profile: Awaited<ReturnType<typeof profiles>>;
let names = 0;
beforeAll(async () => {
  api = await startTestApi();
  profile = await profiles(api);
});
afterAll(() => api.close());

/** A person with one token that waits for a phone. */
async function waiting(how: 'qr' | 'url' = 'qr') {
  names += 1;
  const owner = await api.person(`owner${names}`);
  const [token] = await tokensFor(api, owner.id);
  const given = await distributeToken(api.system, { tokenId: token!.id, profileId: profile[how].id });
  return { owner, token: token!, given, tokenId: `Token_${token!.id}` };
}

async function start(owner: Person, tokenId: string) {
  const { data } = await owner.graphql(START, { tokenId });
  return data.startActivation as {
    __typename: string;
    code?: string;
    link: string;
    activation: { id: string; state: string; secondsLeft: number };
  };
}

const verify = async (person: Person, serialNumber: string, passcode: string) => {
  const { data, errors } = await person.graphql(VERIFY, { serialNumber, passcode });
  return errors ? errors[0]!.extensions.code : data.verifyPasscode.outcome;
};

const stateOf = async (person: Person, id: string) => {
  const { data } = await person.graphql(
    'query ($id: ID!) { activation(id: $id) { state device secondsLeft } }',
    { id },
  );
  return data.activation;
};

const tokenOf = async (person: Person, serialNumber: string) => {
  const { data } = await person.graphql(
    `query ($serialNumber: String!) { token(serialNumber: $serialNumber) {
      status hasLiveSeed hasProvisionalSeed confirmedAt device tokencodeLength pendingDistribution { state }
      distributions { state } } }`,
    { serialNumber },
  );
  return data.token;
};

const refusedWith = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(CtKipError);
  return (error as CtKipError).fault ?? (error as CtKipError).status;
};

describe('one activation by QR code', () => {
  it('agrees on a seed that counts once its owner has typed a code of it', async () => {
    const { owner, token, tokenId } = await waiting();
    const started = await start(owner, tokenId);
    expect(started.activation).toMatchObject({ state: 'OPEN', secondsLeft: 300 });
    expect(started.link).toMatch(
      /^com\.rsa\.securid:\/\/ctkip\?scheme=http&url=localhost:4000\/ctkip\/services\/CtkipService&activationCode=\d{12}$/,
    );

    const phone = await firstPass(api.url, started.link, { name: 'Test phone' });
    expect((await stateOf(owner, started.activation.id)).state).toBe('CONTACTED');
    expect(phone.state.session).toBeDefined();
    const onPhone = await scan(api.url, started.link, { name: 'Test phone' });
    expect(onPhone).toMatchObject({
      serialNumber: token.serialNumber,
      tokencodeLength: 8,
      tokencodeInterval: 60,
    });
    expect(await stateOf(owner, started.activation.id)).toMatchObject({
      state: 'ACTIVATED',
      device: 'Test phone',
    });
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({
      status: 'PENDING',
      hasProvisionalSeed: true,
      confirmedAt: null,
    });

    const code = codeOf(onPhone, api.clock.now());
    expect(await verify(owner, token.serialNumber, code)).toBe('ACCEPTED');
    expect(await stateOf(owner, started.activation.id)).toMatchObject({ state: 'CONFIRMED' });
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({
      status: 'ACTIVE',
      hasLiveSeed: true,
      distributions: [{ state: 'CONFIRMED' }],
    });
    expect(await verify(owner, token.serialNumber, code)).toBe('REPLAYED');
    api.clock.advance(60);
    expect(await verify(owner, token.serialNumber, codeOf(onPhone, api.clock.now()))).toBe('ACCEPTED');
  });

  it('answers the same code to every tab, and to nobody else', async () => {
    const { owner, tokenId } = await waiting();
    const first = await start(owner, tokenId);
    expect((await start(owner, tokenId)).link).toBe(first.link);
    const admin = await api.person(`admin${names}`, ['SUPER_ADMIN']);
    expect(await start(admin, tokenId)).toMatchObject({ __typename: 'NotFound' });
    const stranger = await api.person(`stranger${names}`);
    expect(await stateOf(stranger, first.activation.id)).toBeNull();
  });

  it('refuses a second phone, and says nothing of codes', async () => {
    const { owner, tokenId } = await waiting();
    const { link } = await start(owner, tokenId);
    await scan(api.url, link);
    expect(await refusedWith(scan(api.url, link))).toContain('Invalid authorization code');
  });

  it('ends at five minutes, and a new code works', async () => {
    const { owner, tokenId } = await waiting();
    const { link, activation } = await start(owner, tokenId);
    api.clock.advance(300);
    expect((await stateOf(owner, activation.id)).state).toBe('EXPIRED');
    expect(await refusedWith(scan(api.url, link))).toContain('Invalid authorization code');
    const again = await start(owner, tokenId);
    expect(again.link).not.toBe(link);
    await scan(api.url, again.link);
  });

  it('lets a run that began in time finish within a minute', async () => {
    const { owner, tokenId } = await waiting();
    const { link, activation } = await start(owner, tokenId);
    api.clock.advance(295);
    const inTime = await firstPass(api.url, link);
    const late = await firstPass(api.url, link);
    api.clock.advance(30);
    expect((await stateOf(owner, activation.id)).state).toBe('CONTACTED');
    expect(await post(api.url, inTime.request)).toContain('ServerResponse');
    expect((await stateOf(owner, activation.id)).state).toBe('ACTIVATED');
    expect(await post(api.url, late.request)).toContain('Invalid authorization code');
  });

  it('gives a lost answer again, byte for byte, for a minute', async () => {
    const { owner, tokenId } = await waiting();
    const { link } = await start(owner, tokenId);
    const { request } = await firstPass(api.url, link);
    const answer = await post(api.url, request);
    expect(await post(api.url, request)).toBe(answer);
    api.clock.advance(61);
    expect(await post(api.url, request)).toContain('Invalid authorization code');
  });

  it('ends after five failed second passes', async () => {
    const { owner, tokenId } = await waiting();
    const { link, activation } = await start(owner, tokenId);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const other = await waiting();
      const foreign = await firstPass(api.url, (await start(other.owner, other.tokenId)).link);
      const own = await firstPass(api.url, link);
      // Another run's nonce under this run's code: the session does not belong to it.
      const body = Buffer.from(foreign.request.body)
        .toString()
        .replaceAll(foreign.state.activationCode, own.state.activationCode);
      await post(api.url, { headers: own.request.headers, body: Buffer.from(body) });
    }
    expect((await stateOf(owner, activation.id)).state).toBe('CANCELLED');
  });

  it('is undone by «I did not scan this», and a former seed goes on', async () => {
    const { owner, token, tokenId } = await waiting();
    const mine = await scan(api.url, (await start(owner, tokenId)).link);
    expect(await verify(owner, token.serialNumber, codeOf(mine, api.clock.now()))).toBe('ACCEPTED');
    await distributeToken(api.system, {
      tokenId: token.id,
      profileId: profile.qr.id,
      formerSeed: 'KEEP_UNTIL_CONFIRMED',
    });
    const started = await start(owner, tokenId);
    const thief = await scan(api.url, started.link);
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({
      status: 'ACTIVE',
      hasProvisionalSeed: true,
    });
    const { data } = await owner.graphql(CANCEL, { activationId: started.activation.id });
    expect(data.cancelActivation.activation.state).toBe('CANCELLED');
    api.clock.advance(120);
    expect(await verify(owner, token.serialNumber, codeOf(thief, api.clock.now()))).toBe('REJECTED');
    expect(await verify(owner, token.serialNumber, codeOf(mine, api.clock.now()))).toBe('ACCEPTED');
    expect((await start(owner, tokenId)).__typename).toBe('StartActivationSuccess');
  });

  it('throws an unconfirmed seed away when its owner asks for a new code', async () => {
    const { owner, token, tokenId } = await waiting();
    const lost = await scan(api.url, (await start(owner, tokenId)).link);
    const again = await start(owner, tokenId);
    expect(again.__typename).toBe('StartActivationSuccess');
    expect(await verify(owner, token.serialNumber, codeOf(lost, api.clock.now()))).toBe('REJECTED');
    const kept = await scan(api.url, again.link);
    expect(await verify(owner, token.serialNumber, codeOf(kept, api.clock.now()))).toBe('ACCEPTED');
  });

  it.each([
    [
      'the token is disabled',
      async (s: Awaited<ReturnType<typeof waiting>>) => disableTokens(api.system, { tokenIds: [s.token.id] }),
    ],
    [
      'the user is disabled',
      async (s: Awaited<ReturnType<typeof waiting>>) =>
        updateUser(api.system, { userId: s.owner.id, enabled: false }),
    ],
    [
      'it is distributed again',
      async (s: Awaited<ReturnType<typeof waiting>>) =>
        distributeToken(api.system, { tokenId: s.token.id, profileId: profile.qr.id }),
    ],
  ])('dies when %s, between the passes too', async (_when, act) => {
    const scene = await waiting();
    const { link } = await start(scene.owner, scene.tokenId);
    const { request } = await firstPass(api.url, link);
    await act(scene);
    expect(await post(api.url, request)).toContain('Invalid authorization code');
    expect(await refusedWith(scan(api.url, link))).toContain('Invalid authorization code');
  });

  it('that was revoked cannot be revived by the dialog that is still open', async () => {
    const { owner, token, tokenId, given } = await waiting();
    const started = await start(owner, tokenId);
    await scan(api.url, started.link);
    await revokeDistribution(api.system, { distributionId: given.distribution.id });
    expect((await stateOf(owner, started.activation.id)).state).toBe('CANCELLED');
    const { data } = await owner.graphql(CANCEL, { activationId: started.activation.id });
    expect(data.cancelActivation).toMatchObject({ __typename: 'InvalidState', code: 'activation.over' });
    expect(await start(owner, tokenId)).toMatchObject({ code: 'token.not_distributed' });
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({ distributions: [{ state: 'REVOKED' }] });
  });

  it('can be opened again after the token was disabled and enabled', async () => {
    const { owner, token, tokenId } = await waiting();
    await start(owner, tokenId);
    await disableTokens(api.system, { tokenIds: [token.id] });
    expect(await start(owner, tokenId)).toMatchObject({ __typename: 'InvalidState', code: 'token.disabled' });
    await enableTokens(api.system, { tokenIds: [token.id] });
    await scan(api.url, (await start(owner, tokenId)).link);
  });

  it('is written down as expired by the timer, once', async () => {
    const { owner, token, tokenId } = await waiting();
    await start(owner, tokenId);
    api.clock.advance(301);
    await Promise.all([expireActivations(api.system), expireActivations(api.system)]);
    const admin = await api.person(`auditor${names}`, ['AUDITOR']);
    const { data } = await admin.graphql(
      'query ($serial: String!) { auditEvents(filter: { serialNumber: $serial, action: "activation.expired" }) { nodes { id } } }',
      { serial: token.serialNumber },
    );
    expect(data.auditEvents.nodes).toHaveLength(1);
  });
});

describe('delivery by URL', () => {
  it('shows code and link once, and the first accepted code confirms', async () => {
    const { owner, token, given } = await waiting('url');
    expect(given.activationCode).toMatch(/^\d{12}$/);
    expect(given.link).toContain(`activationCode=${given.activationCode}`);
    expect(given.ctKipUrl).toBe('http://localhost:4000/ctkip/services/CtkipService');
    const onPhone = await scan(api.url, given.link!);
    expect(await verify(owner, token.serialNumber, codeOf(onPhone, api.clock.now()))).toBe('ACCEPTED');
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({ status: 'ACTIVE' });
  });

  it('ends with the profile’s time', async () => {
    const { token, given } = await waiting('url');
    api.clock.advance(24 * 3600);
    expect(await refusedWith(scan(api.url, given.link!))).toContain('Invalid authorization code');
    const auditor = await api.person(`auditor${names}`, ['AUDITOR']);
    expect(await tokenOf(auditor, token.serialNumber)).toMatchObject({
      distributions: [{ state: 'EXPIRED' }],
    });
  });

  it('has no QR code to show', async () => {
    const { owner, tokenId } = await waiting('url');
    expect(await start(owner, tokenId)).toMatchObject({
      __typename: 'InvalidState',
      code: 'token.not_distributed',
      message: expect.stringContaining('by the address and the activation code that you were sent'),
    });
  });
});

describe('races', () => {
  it('let exactly one of a hundred phones have the seed', async () => {
    const { owner, token, tokenId } = await waiting();
    const { link } = await start(owner, tokenId);
    const runs = await Promise.all(Array.from({ length: 100 }, () => firstPass(api.url, link)));
    const answers = await Promise.all(runs.map(({ request }) => post(api.url, request)));
    expect(answers.filter((answer) => answer.includes('ServerResponse'))).toHaveLength(1);
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({ hasProvisionalSeed: true });
    // The refusals of this minute would slow the next phones of this address down.
    api.clock.advance(61);
  });

  it('work with the passes on two instances', async () => {
    const other = await api.secondInstance();
    const { owner, token, tokenId } = await waiting();
    const { link } = await start(owner, tokenId);
    const { request } = await firstPass(api.url, link);
    expect(await post(other.url, request)).toContain('ServerResponse');
    expect(await tokenOf(owner, token.serialNumber)).toMatchObject({ hasProvisionalSeed: true });
  });

  it('accept one code once on two instances', async () => {
    const other = await api.secondInstance();
    const { owner, token, tokenId } = await waiting();
    const onPhone = await scan(api.url, (await start(owner, tokenId)).link);
    const passcode = codeOf(onPhone, api.clock.now());
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async (_, at) => {
        const answer = await graphql([api.url, other.url][at % 2]!, owner.cookie, VERIFY, {
          serialNumber: token.serialNumber,
          passcode,
        });
        return answer.data?.verifyPasscode.outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'ACCEPTED')).toHaveLength(1);
  });
});
