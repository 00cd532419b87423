import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockProfile } from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

/**
 * Takes a profile out of use: tokens that have it go on, nothing new is distributed with it.
 * @throws Failure NotFound · InvalidState `token_profile.retired`
 */
export async function retireTokenProfile(
  deps: ActionDeps,
  input: { profileId: string },
): Promise<TokenProfileRow> {
  return deps.db.transaction(async (tx) => {
    const { id, name, retiredAt } = await lockProfile(tx, input.profileId);
    if (retiredAt) {
      throw new Failure('InvalidState', 'token_profile.retired', `«${name}» is retired already.`, { name });
    }
    const [retired] = await tx
      .update(tokenProfiles)
      .set({ retiredAt: deps.clock.now() })
      .where(eq(tokenProfiles.id, id))
      .returning();
    await recordAudit(tx, deps, { action: 'token_profile.retired', details: { profile: name } });
    return retired!;
  });
}
