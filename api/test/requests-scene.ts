import { updateSelfServiceSettings } from '../src/features/self-service/update-self-service-settings.ts';
import { updateUser } from '../src/features/users/update-user.ts';
import { updateWorkflowPolicy } from '../src/features/requests/update-workflow-policy.ts';
import { generateTokens } from '../src/features/tokens/generate-tokens.ts';
import type { Role } from '../src/auth/permissions.ts';
import { plusSeconds, utcDay } from '../src/lib/clock.ts';
import { act } from './act.ts';
import type { Person, TestApi } from './kit.ts';
import { profiles } from './scene.ts';

/** Profiles that can be asked for, ids as the API shows them, and who asks and decides. */
export async function requestScene(api: TestApi) {
  const { qr, url } = await profiles(api);
  await updateSelfServiceSettings(api.system, { requestableProfileIds: [qr.id, url.id] });
  const person = async (name: string, roles: Role[] = []) => {
    const made = await api.person(name, roles);
    await updateUser(api.system, { userId: made.id, email: `${name}@example.org` });
    return made;
  };
  return {
    qr: `TokenProfile_${qr.id}`,
    url: `TokenProfile_${url.id}`,
    person,
    policy: (input: Parameters<typeof updateWorkflowPolicy>[1]) => updateWorkflowPolicy(api.system, input),
    /** Free tokens that are valid for so many days. */
    stock: (count: number, days = 365) =>
      generateTokens(api.system, {
        count,
        algorithm: 'SECURID',
        expiresOn: utcDay(plusSeconds(api.deps.clock.now(), days * 24 * 3600)),
      }),
  };
}

export const REQUEST = 'tokenRequest { id status kind token { id serialNumber status } }';

/** Asks for a token; answers the union's member. */
export const ask = (person: Person, profileId: string, more: object = {}) =>
  act(person, 'requestToken', { profileId, reason: 'I work from home.', ...more }, REQUEST);

export const approve = (person: Person, requestId: string, more: object = {}) =>
  act(person, 'approveTokenRequest', { requestId, ...more }, REQUEST);
