import { eq } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import type { Failure } from '../../lib/failure.ts';
import { retiredProfile } from '../token-profiles/profile-rules.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { whyNoRoomForOne } from '../tokens/lock-tokens.ts';
import { disabledUser } from '../users/find-user.ts';
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
  if (!requester.enabled) return disabledUser(requester);
  const [row] = await db.select().from(tokenProfiles).where(eq(tokenProfiles.id, profileId));
  const profile = row!;
  if (profile.retiredAt) return retiredProfile(profile);
  return whyNoAddress(profile, requester) ?? (await whyNoRoomForOne(db, deps, requester, replacesTokenId));
}
