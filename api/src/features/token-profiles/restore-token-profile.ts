import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockProfile } from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

/**
 * Puts a retired profile back into use.
 * @throws Failure NotFound · InvalidState `token_profile.not_retired`
 */
export async function restoreTokenProfile(
  deps: ActionDeps,
  input: { profileId: string },
): Promise<TokenProfileRow> {
  return deps.db.transaction(async (tx) => {
    const { id, name, retiredAt } = await lockProfile(tx, input.profileId);
    if (!retiredAt) {
      throw new Failure('InvalidState', 'token_profile.not_retired', `«${name}» is in use already.`, {
        name,
      });
    }
    const [restored] = await tx
      .update(tokenProfiles)
      .set({ retiredAt: null })
      .where(eq(tokenProfiles.id, id))
      .returning();
    await recordAudit(tx, deps, { action: 'token_profile.restored', details: { profile: name } });
    return restored!;
  });
}
