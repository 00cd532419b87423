import { and, gte, lte, max, sql } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import type { Deps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { tokens } from './table.ts';

/** Numbers in an installation's own range. */
const RANGE = 1_000_000_000;

/** Digits only, twelve of them: what a SECURID serial number is. */
export const isSecuridSerial = (serialNumber: string): boolean => /^\d{12}$/.test(serialNumber);

const text = (number: number) => String(number).padStart(12, '0');
const isTwelveDigits = sql`${tokens.serialKey} ~ '^[0-9]{12}$'`;

/**
 * Where this installation's own serial numbers begin. It follows from the master key, so it is random, stays the same
 * and needs no row: two installations whose tokens meet on one phone do not collide.
 */
function ownRange(deps: Deps): { first: number; last: number } {
  const octets = Buffer.from(deps.vault.deriveOctets('serial number range', 6));
  // 100 to 997: never begins with 0, and leaves the end of the numbers free.
  const first = (100 + (octets.readUIntBE(0, 6) % 898)) * RANGE;
  return { first, last: first + RANGE - 1 };
}

/** The first of the free numbers at the end of this installation's range. */
export async function nextOwnSerial(db: Queryable, deps: Deps): Promise<string> {
  const { first, last } = ownRange(deps);
  const [row] = await db
    .select({ highest: max(tokens.serialKey) })
    .from(tokens)
    .where(and(isTwelveDigits, gte(tokens.serialKey, text(first)), lte(tokens.serialKey, text(last))));
  return row?.highest ? text(Number(row.highest) + 1) : text(first + 1);
}

/**
 * `count` consecutive serial numbers from `first` on, none of them in use. Call it under the lock of generation.
 * @throws Failure Conflict `serial_number.taken` that names the first one in use; InvalidInput past the last number
 */
export async function freeSerials(db: Queryable, first: string, count: number): Promise<string[]> {
  const start = Number(first);
  if (start + count - 1 > 999_999_999_999) {
    const message = `From ${first} on there is no room for ${count} numbers of 12 digits.`;
    throw new Failure(
      'InvalidInput',
      'input.invalid',
      message,
      {},
      {
        fields: [{ path: 'firstSerialNumber', code: 'serial_number.past_end', message }],
      },
    );
  }
  const [taken] = await db
    .select({ serialNumber: tokens.serialNumber })
    .from(tokens)
    .where(and(isTwelveDigits, gte(tokens.serialKey, first), lte(tokens.serialKey, text(start + count - 1))))
    .orderBy(tokens.serialKey)
    .limit(1);
  if (taken) {
    throw new Failure(
      'Conflict',
      'serial_number.taken',
      `The serial number ${taken.serialNumber} is in use. Begin after it, or leave the range to Symbolon.`,
      { serialNumber: taken.serialNumber },
    );
  }
  return Array.from({ length: count }, (_, index) => text(start + index));
}
