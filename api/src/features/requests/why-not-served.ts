import { eq } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { whyNoRoomForOne } from '../tokens/lock-tokens.ts';
import { whyNoAddress } from './check-request.ts';
import type { TokenRequestRow } from './table.ts';

/**
 * The refusal that giving a requester the token would meet as things stand; null when nothing is in the way but,
 * perhaps, that no token is free.
 */
export async function whyNotServed(
  db: Queryable,
  deps: Deps,
  { profileId, replacesTokenId }: TokenRequestRow,
  requester: { id: string; userName: string; enabled: boolean; email: string | null },
): Promise<Failure | null> {
  const { userName } = requester;
  if (!requester.enabled) {
    return new Failure('InvalidState', 'user.disabled', `${userName} is disabled. Enable this user first.`, {
      userName,
    });
  }
  const [profile] = await db.select().from(tokenProfiles).where(eq(tokenProfiles.id, profileId));
  const { name, retiredAt } = profile!;
  if (retiredAt) {
    return new Failure(
      'InvalidState',
      'token_profile.retired',
      `The profile «${name}» is retired. Choose another.`,
      { name },
    );
  }
  return whyNoAddress(profile!, requester) ?? (await whyNoRoomForOne(db, deps, requester, replacesTokenId));
}
