import { eq } from 'drizzle-orm';
import type { Role } from './auth/permissions.ts';
import { updateSelfServiceSettings } from './features/self-service/update-self-service-settings.ts';
import { deviceDefinitions } from './features/device-definitions/table.ts';
import { createTokenProfile } from './features/token-profiles/create-token-profile.ts';
import { assignTokens } from './features/tokens/assign-tokens.ts';
import { generateTokens } from './features/tokens/generate-tokens.ts';
import { distributeToken } from './features/distribution/distribute-token.ts';
import { createUser } from './features/users/create-user.ts';
import type { FirstSignIn } from './first-sign-in.ts';
import { plusSeconds, utcDay } from './lib/clock.ts';
import type { ActionDeps } from './lib/deps.ts';
import { generatePassword } from './lib/random.ts';

const people: { userName: string; givenName: string; familyName: string; roles?: Role[] }[] = [
  { userName: 'alice', givenName: 'Alice', familyName: 'Archer' },
  { userName: 'bob', givenName: 'Bob', familyName: 'Baker' },
  { userName: 'carol', givenName: 'Carol', familyName: 'Cooper', roles: ['REQUEST_APPROVER'] },
];
const YEARS_3 = 3 * 365 * 24 * 3600;

/**
 * Demo users, Carol among them as approver, two profiles that people may ask for, and ten tokens, one of them waiting
 * for Alice's phone.
 */
export async function createDemo(deps: ActionDeps): Promise<FirstSignIn[]> {
  const shown: FirstSignIn[] = [];
  const ids: string[] = [];
  for (const person of people) {
    const password = generatePassword(deps.random);
    const email = `${person.userName}@example.org`;
    const { user } = await createUser(deps, { ...person, email, password, mustChangePassword: false });
    shown.push({ userName: person.userName, password });
    ids.push(user.id);
  }
  const definition = async (deviceType: string) => {
    const [row] = await deps.db
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.deviceType, deviceType));
    return row!.id;
  };
  const ios = await createTokenProfile(deps, {
    name: 'iPhone by QR code',
    deviceDefinitionId: await definition('iOS 2.x'),
    deliveryMethod: 'CT_KIP_QR',
  });
  const android = await createTokenProfile(deps, {
    name: 'Android by QR code',
    deviceDefinitionId: await definition('Android 2.x'),
    deliveryMethod: 'CT_KIP_QR',
  });
  await updateSelfServiceSettings(deps, {
    requestableProfileIds: [ios.id, android.id],
    defaultProfileId: ios.id,
  });
  const expiresOn = utcDay(plusSeconds(deps.clock.now(), YEARS_3));
  const tokens = await generateTokens(deps, { count: 10, algorithm: 'SECURID', expiresOn });
  await assignTokens(deps, { userId: ids[0]!, tokenIds: [tokens[0]!.id] });
  await distributeToken(deps, { tokenId: tokens[0]!.id, profileId: ios.id });
  return shown;
}
