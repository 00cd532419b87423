import { eq } from 'drizzle-orm';
import type { Deps } from '../../lib/deps.ts';
import { endingAtOnce } from '../../lib/ending-at-once.ts';
import { isEndState, stateAt } from './activation-state.ts';
import { type ActivationRow, activations } from './table.ts';

/** How often an open activation's time is looked at. */
const TICK_MS = 1000;

/**
 * First the present state, then every change, EXPIRED when it happens; ends after an end state, or when `maySee` says
 * that the viewer may no longer see it. What another instance changed arrives by the bus; after a gap the row is read
 * again.
 */
export const watchActivation = (
  deps: Deps,
  id: string,
  maySee: () => Promise<boolean>,
): AsyncGenerator<ActivationRow, void, void> => endingAtOnce((left) => watch(deps, id, maySee, left));

async function* watch(
  deps: Deps,
  id: string,
  maySee: () => Promise<boolean>,
  left: AbortSignal,
): AsyncGenerator<ActivationRow, void, void> {
  const read = async () => (await deps.db.select().from(activations).where(eq(activations.id, id)))[0];
  let wake = () => {};
  left.addEventListener('abort', () => wake());
  let isChanged = true;
  const changed = () => {
    isChanged = true;
    wake();
  };
  const stop = deps.bus.subscribe('activation', (changedId) => changedId === id && changed(), changed);
  const timer = setInterval(() => wake(), TICK_MS);
  try {
    let row: ActivationRow | undefined;
    let sent: string | undefined;
    while (!left.aborted) {
      if (isChanged) {
        isChanged = false;
        row = await read();
        if (!row || !(await maySee())) return;
      }
      const state = stateAt(row!, deps.clock.now());
      const version = `${state} ${row!.sessionStartedAt?.getTime()}`;
      if (version !== sent) {
        sent = version;
        yield row!;
        if (isEndState(state)) return;
      }
      if (!isChanged) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearInterval(timer);
    stop();
  }
}
