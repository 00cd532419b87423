import { eq } from 'drizzle-orm';
import type { Deps } from '../../lib/deps.ts';
import { endingAtOnce } from '../../lib/ending-at-once.ts';
import { type JobRow, jobs } from './table.ts';

/** At most so often, however fast the batches come. */
const PAUSE_MS = 500;

/** First the present state, then every change, twice a second at most; ends when the job has, or may not be seen any more. */
export const watchJob = (
  deps: Deps,
  id: string,
  maySee: () => Promise<boolean>,
): AsyncGenerator<JobRow, void, void> => endingAtOnce((left) => watch(deps, id, maySee, left));

async function* watch(
  deps: Deps,
  id: string,
  maySee: () => Promise<boolean>,
  left: AbortSignal,
): AsyncGenerator<JobRow, void, void> {
  let isChanged = true;
  let wake = () => {};
  left.addEventListener('abort', () => wake());
  const changed = () => {
    isChanged = true;
    wake();
  };
  const stop = deps.bus.subscribe('job', (changedId) => changedId === id && changed(), changed);
  try {
    while (!left.aborted) {
      isChanged = false;
      const [row] = await deps.db.select().from(jobs).where(eq(jobs.id, id));
      if (!row || !(await maySee())) return;
      yield row;
      if (row.finishedAt) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PAUSE_MS);
        left.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      if (!isChanged && !left.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}
