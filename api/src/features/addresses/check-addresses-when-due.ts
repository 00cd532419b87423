import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { keepFindings, lockChecks, lookAtAddresses } from './check-addresses.ts';
import { listAddressChecks } from './list-address-checks.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * Checks the addresses by itself once a day, on one instance; `now` checks them whatever the former check's age.
 * While another instance is at it, nothing is done.
 */
export async function checkAddressesWhenDue(deps: ActionDeps, { now = false } = {}): Promise<void> {
  const dueBefore = plusSeconds(deps.clock.now(), -DAY_SECONDS);
  const isDue = async () =>
    now ||
    (await listAddressChecks(deps)).some(({ checkedAt }) => checkedAt === null || checkedAt <= dueBefore);
  if (!(await isDue())) return;
  await deps.db.transaction(async (tx) => {
    // Another instance may have finished between the first look and the lock.
    if (!(await lockChecks(tx)) || !(await isDue())) return;
    await keepFindings(tx, deps, await lookAtAddresses(deps), { always: false });
  });
}
