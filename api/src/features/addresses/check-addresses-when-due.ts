import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { keepFindings, lockChecks, lookAtAddresses } from './check-addresses.ts';
import { severityOf } from './finding.ts';
import { listAddressChecks } from './list-address-checks.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * Checks the addresses by itself once a day, on one instance: while another one is at it, nothing is done. `now` checks
 * them whatever the former check's age, after another instance's check if need be: it may have begun too early to see
 * what is to be seen. The log tells which address fails.
 */
export async function checkAddressesWhenDue(deps: ActionDeps, { now = false } = {}): Promise<void> {
  const dueBefore = plusSeconds(deps.clock.now(), -DAY_SECONDS);
  const isDue = async () =>
    now ||
    (await listAddressChecks(deps)).some(({ checkedAt }) => checkedAt === null || checkedAt <= dueBefore);
  if (!(await isDue())) return;
  await deps.db.transaction(async (tx) => {
    // Another instance may have finished between the first look and the lock.
    if (!(await lockChecks(tx, { wait: now })) || !(await isDue())) return;
    const found = await lookAtAddresses(deps);
    await keepFindings(tx, deps, found, { always: false });
    for (const { url, findings } of found) {
      const errors = findings.filter((one) => severityOf(one) === 'ERROR').map(({ code }) => code);
      if (errors.length > 0) deps.log.warn({ url, errors }, 'An address of this installation fails');
    }
  });
}
