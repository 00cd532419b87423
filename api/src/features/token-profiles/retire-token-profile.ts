import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { isUnused, lockProfile } from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

/**
 * Takes a profile out of use: tokens that have it go on, nothing new is distributed with it.
 * @throws Failure NotFound · InvalidState `token_profile.retired`
 */
export const retireTokenProfile = (
  deps: ActionDeps,
  input: { profileId: string },
): Promise<TokenProfileRow> => setRetired(deps, input.profileId, true);

/**
 * Puts a retired profile back into use.
 * @throws Failure NotFound · InvalidState `token_profile.not_retired`
 */
export const restoreTokenProfile = (
  deps: ActionDeps,
  input: { profileId: string },
): Promise<TokenProfileRow> => setRetired(deps, input.profileId, false);

async function setRetired(deps: ActionDeps, profileId: string, retired: boolean): Promise<TokenProfileRow> {
  return deps.db.transaction(async (tx) => {
    const { id, name, retiredAt } = await lockProfile(tx, profileId);
    if (retired && retiredAt) {
      throw new Failure('InvalidState', 'token_profile.retired', `«${name}» is retired already.`, { name });
    }
    if (!retired && !retiredAt) {
      throw new Failure('InvalidState', 'token_profile.not_retired', `«${name}» is in use already.`, {
        name,
      });
    }
    const [after] = await tx
      .update(tokenProfiles)
      .set({ retiredAt: retired ? deps.clock.now() : null })
      .where(eq(tokenProfiles.id, id))
      .returning();
    await recordAudit(tx, deps, {
      action: retired ? 'token_profile.retired' : 'token_profile.restored',
      details: { profile: name },
    });
    return after!;
  });
}

/**
 * Deletes a profile with which nothing was ever distributed; answers its id.
 * @throws Failure NotFound · InvalidState `token_profile.in_use`: retire it instead
 */
export async function deleteTokenProfile(deps: ActionDeps, input: { profileId: string }): Promise<string> {
  return deps.db.transaction(async (tx) => {
    const { id, name } = await lockProfile(tx, input.profileId);
    if (!(await isUnused(tx, id))) {
      throw new Failure(
        'InvalidState',
        'token_profile.in_use',
        `Tokens were distributed with «${name}», so it stays in their history. Retire it instead.`,
        { name },
      );
    }
    await tx.delete(tokenProfiles).where(eq(tokenProfiles.id, id));
    await recordAudit(tx, deps, { action: 'token_profile.deleted', details: { profile: name } });
    return id;
  });
}
