import { and, eq } from 'drizzle-orm';
import type { SessionViewer } from '../../auth/session.ts';
import { endSession, endSessionsOf, isAliveAt } from '../../auth/session.ts';
import { sessions } from '../../auth/table.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { deviceWords } from './device-words.ts';

type PersonDeps = ActionDeps & { actor: SessionViewer };

/**
 * Ends one of one's own sessions, also the present one; its sockets close.
 * @throws Failure NotFound `session.not_found`, also for somebody else's and one that is over
 */
export async function endOwnSession(deps: PersonDeps, input: { sessionId: string }): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [session] = await tx
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.id, input.sessionId),
          eq(sessions.userId, deps.actor.id),
          isAliveAt(deps.clock.now()),
        ),
      )
      .for('update');
    if (!session) {
      throw new Failure('NotFound', 'session.not_found', 'This session has ended already.');
    }
    await endSession(tx, deps, session.id);
    await recordAudit(tx, deps, {
      action: 'session.ended',
      targetUser: deps.actor,
      details: {
        which: session.id === deps.actor.sessionId ? 'this session' : 'another session',
        device: deviceWords(session.userAgent),
        address: session.address,
      },
    });
  });
}

/** Ends one's own sessions and their sockets, but for the present one and those in `except`. Answers how many. */
export async function endOtherSessions(
  deps: PersonDeps,
  input: { except?: readonly string[] | null | undefined },
): Promise<number> {
  const keep = [deps.actor.sessionId, ...(input.except ?? [])];
  return deps.db.transaction(async (tx) => {
    const ended = await endSessionsOf(tx, deps, deps.actor.id, keep);
    if (ended > 0) {
      await recordAudit(tx, deps, {
        action: 'session.ended',
        targetUser: deps.actor,
        details: {
          which: keep.length > 1 ? 'most other sessions' : 'all other sessions',
          count: ended,
        },
      });
    }
    return ended;
  });
}
