import { eq } from 'drizzle-orm';
import { deviceDefinitions } from '../src/features/device-definitions/table.ts';
import { createTokenProfile } from '../src/features/token-profiles/create-token-profile.ts';
import { assignTokens } from '../src/features/tokens/assign-tokens.ts';
import { generateTokens } from '../src/features/tokens/generate-tokens.ts';
import { securidTokencode } from '@symbolon/tokencode/securid';
import { plusSeconds, unixSeconds, utcDay } from '../src/lib/clock.ts';
import { systemRandom } from '../src/lib/random.ts';
import type { Role } from '../src/auth/permissions.ts';
import { addProvisionalSeed, confirmSeed } from '../src/features/tokens/seeds.ts';
import { tokenSeeds } from '../src/features/tokens/table.ts';
import type { TestApi } from './kit.ts';

/** The id of a shipped device definition's row. */
export async function definitionId({ deps }: TestApi, deviceType = 'iOS 2.x'): Promise<string> {
  const [row] = await deps.db
    .select()
    .from(deviceDefinitions)
    .where(eq(deviceDefinitions.deviceType, deviceType));
  return row!.id;
}

/** A QR and a URL profile for iOS 2.x. */
export async function profiles(api: TestApi) {
  const deviceDefinitionId = await definitionId(api);
  const make = (name: string, deliveryMethod: 'CT_KIP_QR' | 'CT_KIP_URL') =>
    createTokenProfile(api.system, { name, deviceDefinitionId, deliveryMethod });
  return { qr: await make('iPhone by QR', 'CT_KIP_QR'), url: await make('iPhone by URL', 'CT_KIP_URL') };
}

/** New tokens of this person. */
export async function tokensFor(
  { system, deps }: TestApi,
  userId: string,
  count = 1,
  algorithm: 'SECURID' | 'TOTP' = 'SECURID',
) {
  const expiresOn = utcDay(plusSeconds(deps.clock.now(), 365 * 24 * 3600));
  const made = await generateTokens(system, { count, algorithm, expiresOn });
  return assignTokens(system, { userId, tokenIds: made.map(({ id }) => id) });
}

export const START = `mutation ($tokenId: ID!) { startActivation(input: { tokenId: $tokenId }) {
  __typename ... on UserError { code message }
  ... on StartActivationSuccess { link activation { id state secondsLeft expiresAt } } } }`;

export const CANCEL = `mutation ($activationId: ID!) { cancelActivation(input: { activationId: $activationId }) {
  __typename ... on UserError { code } ... on CancelActivationSuccess { activation { state } } } }`;

export const VERIFY = `mutation ($serialNumber: String!, $passcode: String!) {
  verifyPasscode(input: { target: { serialNumber: $serialNumber }, passcode: $passcode }) {
    __typename ... on UserError { code } ... on VerifyPasscodeSuccess { outcome token { status } } } }`;

/**
 * A new person with a token whose seed is live, or with `provisional` waits for its owner. `shown` is what it shows now, by
 * the clock of the API.
 */
export async function liveToken(
  api: TestApi,
  userName: string,
  { provisional = false, roles = [] }: { provisional?: boolean; roles?: Role[] } = {},
) {
  const owner = await api.person(userName, roles);
  const [token] = await tokensFor(api, owner.id);
  const seed = systemRandom.bytes(16);
  await api.deps.db.transaction(async (tx) => {
    await addProvisionalSeed(tx, api.deps, {
      tokenId: token!.id,
      seed,
      tokencodeLength: 8,
      tokencodeInterval: 60,
      hashAlgorithm: null,
      pinStyle: 'NONE',
      confirmation: 'OWNER',
      activationId: null,
      distributionId: null,
      device: null,
      deviceId: null,
    });
    if (provisional) return;
    const [row] = await tx.select().from(tokenSeeds).where(eq(tokenSeeds.tokenId, token!.id));
    await confirmSeed(tx, row!, api.clock.now());
  });
  const { serialNumber } = token!;
  const shown = () =>
    securidTokencode({
      seed,
      serialNumber,
      digits: 8,
      intervalSeconds: 60,
      at: unixSeconds(api.clock.now()),
    });
  return { owner, serialNumber, shown };
}
