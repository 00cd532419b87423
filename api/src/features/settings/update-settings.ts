import { sql } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readSettings, type Settings } from './read-settings.ts';
import { settings } from './table.ts';

/**
 * Changes what is given. A lower limit leaves tokens that are over it alone; it counts at the next assignment.
 * @throws Failure InvalidInput
 */
export async function updateSettings(
  deps: ActionDeps,
  input: { maxTokensPerUser?: number | null | undefined },
): Promise<Settings> {
  const wanted = input.maxTokensPerUser;
  new FieldChecks()
    .require(
      wanted === null || wanted === undefined || (Number.isInteger(wanted) && wanted >= 1 && wanted <= 3),
      'maxTokensPerUser',
      'max_tokens.range',
      'A user may have 1 to 3 tokens.',
    )
    .done();
  return deps.db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon settings'))`);
    const before = await readSettings(tx);
    if (!wanted || wanted === before.maxTokensPerUser) return before;
    await tx
      .insert(settings)
      .values({ key: 'maxTokensPerUser', value: wanted })
      .onConflictDoUpdate({ target: settings.key, set: { value: wanted } });
    await recordAudit(tx, deps, {
      action: 'settings.updated',
      details: { 'maxTokensPerUser before': before.maxTokensPerUser, maxTokensPerUser: wanted },
    });
    return { ...before, maxTokensPerUser: wanted };
  });
}
