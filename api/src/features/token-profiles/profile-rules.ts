import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import { distributions } from '../distribution/table.ts';
import { tokenRequests } from '../requests/table.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

export const nameMessage = 'A profile name has 1 to 100 characters.';
export const minutesMessage = 'A URL code lives 5 minutes to 7 days (10080 minutes).';

export const isProfileName = (name: string): boolean => /^\P{C}{1,100}$/u.test(name.trim());
export const isActivationMinutes = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= 5 && minutes <= 7 * 24 * 60;

/** Names are compared without case. */
export const profileNameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase();

export const nameTaken = (name: string): Failure =>
  new Failure(
    'Conflict',
    'token_profile.name_taken',
    `There is a profile «${name.trim()}» already. Choose another name.`,
    {
      name: name.trim(),
    },
  );

/** Why nothing is made with a retired profile. */
export const retiredProfile = ({ name }: Pick<TokenProfileRow, 'name'>): Failure =>
  new Failure('InvalidState', 'token_profile.retired', `The profile «${name}» is retired. Choose another.`, {
    name,
  });

/** Whoever gives a profile a name takes this lock first, so that two at once cannot take the same one. */
export const lockProfileNames = (tx: Transaction): Promise<unknown> =>
  tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon token profile names'))`);

/** Locks a profile until the transaction ends. @throws Failure NotFound */
export async function lockProfile(tx: Transaction, id: string): Promise<TokenProfileRow> {
  const [row] = await tx.select().from(tokenProfiles).where(eq(tokenProfiles.id, id)).for('update');
  if (!row) throw new Failure('NotFound', 'token_profile.not_found', 'There is no such token profile.');
  return row;
}

/** Those of the profiles with which something was distributed or asked for at some time. */
export async function usedProfiles(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const isUsed = sql`(EXISTS (SELECT 1 FROM ${distributions} WHERE ${distributions.profileId} = ${tokenProfiles.id})
    OR EXISTS (SELECT 1 FROM ${tokenRequests} WHERE ${tokenRequests.profileId} = ${tokenProfiles.id}))`;
  const rows = await db
    .select({ id: tokenProfiles.id })
    .from(tokenProfiles)
    .where(and(inArray(tokenProfiles.id, [...ids]), isUsed));
  return new Set(rows.map(({ id }) => id));
}

/** Whether the token itself is handed on, as a file or string. */
export const isHandedOn = ({ deliveryMethod }: Pick<TokenProfileRow, 'deliveryMethod'>): boolean =>
  deliveryMethod === 'FILE' || deliveryMethod === 'CTF';
