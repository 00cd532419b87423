import { sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type Branding, readBranding, readSettings, type Settings } from './read-settings.ts';
import { settings } from './table.ts';

type Given<Values> = { [Key in keyof Values]?: Values[Key] | undefined };

/** Keeps what is given and differs, with one audit row; answers the settings as they are then. */
export const changeSettings = (
  tx: Transaction,
  deps: ActionDeps,
  changes: Given<Settings>,
): Promise<Settings> => change(tx, deps, changes, readSettings);

/** The same for the look of the self-service pages. */
export const changeBranding = (
  tx: Transaction,
  deps: ActionDeps,
  changes: Given<Branding>,
): Promise<Branding> => change(tx, deps, changes, readBranding);

async function change<Values extends object>(
  tx: Transaction,
  deps: ActionDeps,
  changes: Given<Values>,
  read: (tx: Transaction) => Promise<Values>,
): Promise<Values> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon settings'))`);
  const before = await read(tx);
  const changed = (Object.keys(changes) as (keyof Values & string)[]).filter(
    (key) => changes[key] !== undefined && changes[key] !== before[key],
  );
  if (changed.length === 0) return before;
  for (const key of changed) {
    // As text: of a parameter of type jsonb the driver would make JSON once more.
    const stored = sql`${JSON.stringify(changes[key])}::text::jsonb`;
    await tx
      .insert(settings)
      .values({ key, value: stored })
      .onConflictDoUpdate({ target: settings.key, set: { value: stored } });
  }
  const details = changed.flatMap((key) => [
    [`${key} before`, shown(before[key])],
    [key, shown(changes[key])],
  ]);
  await recordAudit(tx, deps, { action: 'settings.updated', details: Object.fromEntries(details) });
  return read(tx);
}

/** A picture is told by its size. */
const shown = (value: unknown): string | number | boolean => {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string' && value.startsWith('data:'))
    return `a picture of ${value.length} characters`;
  return value as string | number | boolean;
};
