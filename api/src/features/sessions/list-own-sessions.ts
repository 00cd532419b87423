import { and, desc, eq } from 'drizzle-orm';
import { endOfSession, isAliveAt, type SessionRow } from '../../auth/session.ts';
import { sessions } from '../../auth/table.ts';
import type { Deps } from '../../lib/deps.ts';

/** A session with the moment at which it ends if nothing more happens. */
export type ListedSession = SessionRow & { endsAt: Date };

/** A person's live sessions, last used first; at most 200. */
export async function listOwnSessions(deps: Deps, userId: string): Promise<ListedSession[]> {
  const rows = await deps.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isAliveAt(deps.clock.now())))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(200);
  return rows.map((row) => ({ ...row, endsAt: endOfSession(row) }));
}
