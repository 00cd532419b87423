import { eq } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import { distributions } from '../distribution/table.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

export const nameMessage = 'A profile name has 1 to 100 characters.';
export const minutesMessage = 'A URL code lives 5 minutes to 7 days (10080 minutes).';

export const isProfileName = (name: string): boolean => /^\P{C}{1,100}$/u.test(name.trim());
export const isActivationMinutes = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= 5 && minutes <= 7 * 24 * 60;

/** Names are compared without case. */
export const profileNameKey = (name: string): string => name.trim().toLowerCase();

export const nameTaken = (name: string): Failure =>
  new Failure(
    'Conflict',
    'token_profile.name_taken',
    `There is a profile «${name.trim()}» already. Choose another name.`,
    {
      name: name.trim(),
    },
  );

/** Locks a profile until the transaction ends. @throws Failure NotFound */
export async function lockProfile(tx: Transaction, id: string): Promise<TokenProfileRow> {
  const [row] = await tx.select().from(tokenProfiles).where(eq(tokenProfiles.id, id)).for('update');
  if (!row) throw new Failure('NotFound', 'token_profile.not_found', 'There is no such token profile.');
  return row;
}

/** Whether nothing has ever been distributed with a profile. */
export async function isUnused(db: Queryable, profileId: string): Promise<boolean> {
  const used = await db
    .select({ id: distributions.id })
    .from(distributions)
    .where(eq(distributions.profileId, profileId))
    .limit(1);
  return used.length === 0;
}
