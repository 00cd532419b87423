import { and, eq, sql } from 'drizzle-orm';
import { isSelf } from '../../auth/actor.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { endingAtOnce } from '../../lib/ending-at-once.ts';
import { isOpenRequest } from './request-state.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';

const FIRST = 200;

/**
 * First the open requests that the caller may see (at most 200), then every one that changes; after a gap in the news
 * the open ones again. `maySeeAll` is asked before each answer: rights may have changed since.
 */
export const watchRequests = (
  deps: ActionDeps,
  maySeeAll: () => Promise<boolean | null>,
): AsyncGenerator<TokenRequestRow, void, void> => endingAtOnce((left) => watch(deps, maySeeAll, left));

async function* watch(
  deps: ActionDeps,
  maySeeAll: () => Promise<boolean | null>,
  left: AbortSignal,
): AsyncGenerator<TokenRequestRow, void, void> {
  const { actor } = deps;
  if (actor.kind !== 'user') return;
  const changed = new Set<string>();
  let isLost = true;
  let wake = () => {};
  left.addEventListener('abort', () => wake());
  const stop = deps.bus.subscribe(
    'request',
    (id) => {
      changed.add(id);
      wake();
    },
    () => {
      isLost = true;
      wake();
    },
  );
  try {
    while (!left.aborted) {
      const seesAll = await maySeeAll();
      if (seesAll === null) return;
      if (isLost) {
        isLost = false;
        const own = actor.apiKey ? sql`false` : eq(tokenRequests.requesterId, actor.id);
        const open = and(isOpenRequest, seesAll ? undefined : own);
        yield* await deps.db.select().from(tokenRequests).where(open).orderBy(tokenRequests.id).limit(FIRST);
      }
      for (const id of changed) {
        changed.delete(id);
        const [row] = await deps.db.select().from(tokenRequests).where(eq(tokenRequests.id, id));
        if (row && (seesAll || isSelf(actor, row.requesterId))) yield row;
      }
      if (changed.size === 0 && !isLost) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}
