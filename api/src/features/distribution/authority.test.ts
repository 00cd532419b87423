import { afterAll, beforeAll, expect, it } from 'vitest';
import { act } from '../../../test/act.ts';
import { asProgram, keyOf } from '../../../test/keys.ts';
import { type Person, startTestApi, type TestApi } from '../../../test/kit.ts';
import { ask, requestScene } from '../../../test/requests-scene.ts';
import { profiles, tokensFor } from '../../../test/scene.ts';
import { mails } from '../notifications/table.ts';
import { updateSelfServiceSettings } from '../self-service/update-self-service-settings.ts';
import { liveToken } from '../../../test/scene.ts';

let api: TestApi;
let admin: Person;
beforeAll(async () => {
  api = await startTestApi();
  admin = await api.person('root', ['SUPER_ADMIN']);
});
afterAll(() => api.close());

it('a used idempotency key tells nobody the code of somebody who may do more', async () => {
  const { url } = await profiles(api);
  const boss = await api.person('boss', ['SUPER_ADMIN']);
  const [token] = await tokensFor(api, boss.id);
  const input = {
    tokenId: `Token_${token!.id}`,
    profileId: `TokenProfile_${url.id}`,
    idempotencyKey: 'order-4711',
  };
  const first = await act(admin, 'distributeToken', input, 'activationCode');
  expect((await act(admin, 'distributeToken', input, 'activationCode')).activationCode).toBe(
    first.activationCode,
  );
  const key = await keyOf(admin, ['TOKENS_DISTRIBUTE']);
  const program = asProgram(api.url, admin, key);
  expect(await act(program, 'distributeToken', input, 'activationCode')).toMatchObject({
    __typename: 'InvalidState',
    code: 'user.outranks_you',
  });
});

it('a revoked distribution is told to its owner, and ends the request that asked for it', async () => {
  const scene = await requestScene(await freshApi());
  const owner = await scene.person('olga');
  const root = await scene.person('chief', ['SUPER_ADMIN']);
  await scene.policy({ approvalSteps: 0 });
  await scene.stock(1);
  const { tokenRequest } = await ask(owner, scene.qr);
  const { data } = await owner.graphql('{ viewer { tokens { pendingDistribution { id } } } }');
  const distributionId = data.viewer.tokens[0].pendingDistribution.id;
  await act(root, 'revokeDistribution', { distributionId });
  const request = await owner.graphql('query ($id: ID!) { tokenRequest(id: $id) { status } }', {
    id: tokenRequest.id,
  });
  expect(request.data.tokenRequest).toEqual({ status: 'FAILED' });
  const told = await other!.deps.db.select().from(mails);
  expect(told.map(({ event }) => event)).toContain('DISTRIBUTION_REVOKED');
  await other!.close();
});

let other: TestApi | undefined;
const freshApi = async () => (other = await startTestApi());

it('testing a token that is switched off is refused by the server, but not a first code', async () => {
  await updateSelfServiceSettings(api.system, { testEnabled: false });
  const live = await liveToken(api, 'tess');
  const target = { serialNumber: live.serialNumber };
  expect(
    await act(live.owner, 'verifyPasscode', { target, passcode: live.shown() }, 'outcome'),
  ).toMatchObject({ __typename: 'InvalidState', code: 'test.switched_off' });
  const waiting = await liveToken(api, 'theo', { provisional: true });
  expect(
    await act(
      waiting.owner,
      'verifyPasscode',
      { target: { serialNumber: waiting.serialNumber }, passcode: waiting.shown() },
      'outcome',
    ),
  ).toMatchObject({ outcome: 'ACCEPTED' });
  await updateSelfServiceSettings(api.system, { testEnabled: true });
});
