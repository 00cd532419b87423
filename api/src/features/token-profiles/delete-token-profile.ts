import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { lockProfile, usedProfiles } from './profile-rules.ts';
import { tokenProfiles } from './table.ts';

/**
 * Deletes a profile with which nothing was ever distributed; answers its id.
 * @throws Failure NotFound · InvalidState `token_profile.in_use`: retire it instead
 */
export async function deleteTokenProfile(deps: ActionDeps, input: { profileId: string }): Promise<string> {
  return deps.db.transaction(async (tx) => {
    const { id, name } = await lockProfile(tx, input.profileId);
    if ((await usedProfiles(tx, [id])).has(id)) {
      throw new Failure(
        'InvalidState',
        'token_profile.in_use',
        `Tokens were distributed with «${name}», or requests name it, so it stays in their history. Retire it instead.`,
        { name },
      );
    }
    await tx.delete(tokenProfiles).where(eq(tokenProfiles.id, id));
    await recordAudit(tx, deps, { action: 'token_profile.deleted', details: { profile: name } });
    return id;
  });
}
