import { and, eq, ne } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import {
  isActivationMinutes,
  isProfileName,
  lockProfile,
  lockProfileNames,
  minutesMessage,
  nameMessage,
  nameTaken,
  profileNameKey,
} from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

export type UpdateTokenProfileInput = {
  profileId: string;
  name?: string | null | undefined;
  activationCodeMinutes?: number | null | undefined;
  acceptSilentDevices?: boolean | null | undefined;
};

/**
 * Changes name, life of URL codes, and the switch for silent devices; only what is given. Codes that are under way keep
 * the time they were given.
 * @throws Failure InvalidInput · NotFound · Conflict `token_profile.name_taken`
 */
export async function updateTokenProfile(
  deps: ActionDeps,
  input: UpdateTokenProfileInput,
): Promise<TokenProfileRow> {
  const minutes = input.activationCodeMinutes ?? null;
  return deps.db.transaction(async (tx) => {
    await lockProfileNames(tx);
    const before = await lockProfile(tx, input.profileId);
    new FieldChecks()
      .require(isProfileName(input.name ?? before.name), 'name', 'name.invalid', nameMessage)
      .require(
        minutes === null || before.deliveryMethod === 'CT_KIP_URL',
        'activationCodeMinutes',
        'minutes.qr',
        'A QR code lives as long as the settings say. Only URL codes have a time of their own.',
      )
      .require(
        minutes === null || isActivationMinutes(minutes),
        'activationCodeMinutes',
        'minutes.range',
        minutesMessage,
      )
      .done();
    const name = input.name?.trim() ?? before.name;
    const [taken] = await tx
      .select({ id: tokenProfiles.id })
      .from(tokenProfiles)
      .where(and(eq(tokenProfiles.nameKey, profileNameKey(name)), ne(tokenProfiles.id, before.id)));
    if (taken) throw nameTaken(name);
    const [after] = await tx
      .update(tokenProfiles)
      .set({
        name,
        nameKey: profileNameKey(name),
        activationCodeMinutes: minutes ?? before.activationCodeMinutes,
        acceptSilentDevices: input.acceptSilentDevices ?? before.acceptSilentDevices,
      })
      .where(eq(tokenProfiles.id, before.id))
      .returning();
    const fields = (['name', 'activationCodeMinutes', 'acceptSilentDevices'] as const).filter(
      (field) => before[field] !== after![field],
    );
    if (fields.length > 0) {
      const details = fields.flatMap((field) => [
        [`${field} before`, before[field]],
        [field, after![field]],
      ]);
      await recordAudit(tx, deps, {
        action: 'token_profile.updated',
        details: { profile: name, ...Object.fromEntries(details) },
      });
    }
    return after!;
  });
}
