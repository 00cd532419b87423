import { and, eq, gte, isNull, lte, sql } from 'drizzle-orm';
import { momentOf, plusSeconds, utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { mails } from '../notifications/table.ts';
import { readSettings } from '../settings/read-settings.ts';
import { users } from '../users/table.ts';
import { tokens } from './table.ts';

const BATCH = 500;

/** Tells owners, once, that a token ends soon. */
export async function tellExpiring(deps: ActionDeps): Promise<void> {
  const { at, day } = momentOf(deps.clock);
  const { expiringDays } = await readSettings(deps.db);
  const onceKey = sql`'expiring ' || ${tokens.id} || ' ' || ${tokens.expiresOn}`;
  const due = await deps.db
    .select()
    .from(tokens)
    .where(
      and(
        gte(tokens.expiresOn, day),
        lte(tokens.expiresOn, utcDay(plusSeconds(at, expiringDays * 24 * 3600))),
        sql`EXISTS (SELECT 1 FROM ${users} WHERE ${users.id} = ${tokens.ownerId} AND ${users.enabled} AND ${users.email} IS NOT NULL)`,
        eq(tokens.enabled, true),
        isNull(tokens.replacedAt),
        sql`NOT EXISTS (SELECT 1 FROM ${mails} WHERE ${mails.onceKey} = ${onceKey})`,
      ),
    )
    .limit(BATCH);
  for (const token of due) {
    await deps.db.transaction((tx) =>
      notifyOwner(tx, deps, token, {
        event: 'TOKEN_EXPIRING',
        onceKey: `expiring ${token.id} ${token.expiresOn}`,
        values: { expiresOn: token.expiresOn },
      }),
    );
  }
}
