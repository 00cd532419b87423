import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { machineNow } from '../../lib/clock.ts';
import type { ActionDeps, Deps } from '../../lib/deps.ts';
import { readTlsPair } from '@symbolon/serving/tls-files';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { checkAddress, type CheckOptions } from './check-address.ts';
import { type Finding, finding, severityOf } from './finding.ts';
import { type AddressCheck, listAddressChecks, ourAddresses, type Purpose } from './list-address-checks.ts';
import { addressChecks } from './table.ts';

type Found = { url: string; findings: Finding[] };
type Wanted = Pick<CheckOptions, 'timeoutMs' | 'ownRoots'> & {
  /** Only addresses that are used so; default: all. */
  purpose?: Purpose | null | undefined;
};

/** How far this machine's clock may be from the database's. */
const CLOCK_SECONDS = 5;

/**
 * Checks the public and the admin URL of the configuration now, keeps what was found instead of the former findings,
 * and writes it into the audit log. Answers every address with its findings.
 * @param wanted which addresses; other time-outs and roots are for tests
 * @throws Failure Conflict while a check is under way, here or on another instance
 */
export async function checkAddresses(deps: ActionDeps, wanted: Wanted = {}): Promise<AddressCheck[]> {
  await deps.db.transaction(async (tx) => {
    if (!(await lockChecks(tx))) {
      throw new Failure(
        'Conflict',
        'addresses.being_checked',
        'The addresses are being checked at this moment. Look again in half a minute.',
      );
    }
    await keepFindings(tx, deps, await lookAtAddresses(deps, wanted), { always: true });
  });
  return listAddressChecks(deps);
}

/**
 * Whether this transaction is now the only one that checks, on all instances: connections are made one check at a time.
 * @param wait until it is, if another one checks
 */
export async function lockChecks(tx: Transaction, { wait = false } = {}): Promise<boolean> {
  if (wait) {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon address check'))`);
    return true;
  }
  const [row] = await tx.execute<{ held: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(hashtext('symbolon address check')) AS held`,
  );
  return row?.held === true;
}

/** Connects to each address; bounded by the time-outs of a check. */
export async function lookAtAddresses(deps: Deps, wanted: Wanted = {}): Promise<Found[]> {
  const databaseAheadMs = await measureDatabaseClock(deps);
  const { purpose, timeoutMs, ownRoots } = wanted;
  const addresses = ourAddresses(deps.config).filter((one) => !purpose || one.purposes.includes(purpose));
  return Promise.all(
    addresses.map(async ({ url, purposes }) => {
      const forPhones = purposes.includes('PHONES');
      const options = { forPhones, databaseAheadMs, timeoutMs, ownRoots };
      const findings = await checkAddress(deps, url, options);
      const ofInstallation = forPhones ? [judgeClock(databaseAheadMs), ...judgeFiles(deps)] : [];
      return { url, findings: [...findings, ...ofInstallation] };
    }),
  );
}

/** Writes down what was found; by itself, without a person who asked, only what differs goes into the audit log. */
export async function keepFindings(
  tx: Transaction,
  deps: ActionDeps,
  found: Found[],
  { always }: { always: boolean },
): Promise<void> {
  const checkedAt = deps.clock.now();
  for (const { url, findings } of found) {
    const [before] = await tx.select().from(addressChecks).where(eq(addressChecks.url, url)).for('update');
    // As text: of a parameter of type jsonb the driver would make JSON once more.
    const stored = sql`${JSON.stringify(findings)}::text::jsonb`;
    await tx
      .insert(addressChecks)
      .values({ url, findings: stored, checkedAt } as never)
      .onConflictDoUpdate({ target: addressChecks.url, set: { findings: stored, checkedAt } as never });
    const told = faultsOf(findings);
    if (!always && before && faultsOf(before.findings) === told) continue;
    await recordAudit(tx, deps, { action: 'addresses.checked', details: { url, findings: told || 'none' } });
  }
}

const faultsOf = (findings: readonly Finding[]): string =>
  findings
    .filter((one) => ['WARNING', 'ERROR'].includes(severityOf(one)))
    .map(({ code }) => code)
    .join(', ');

/** Milliseconds by which the database's clock is ahead of this machine's. */
async function measureDatabaseClock(deps: Deps): Promise<number> {
  const before = machineNow().getTime();
  const [row] = await deps.db.execute<{ ms: string }>(
    sql`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms`,
  );
  return Math.round(Number(row!.ms) - (before + machineNow().getTime()) / 2);
}

function judgeClock(databaseAheadMs: number): Finding {
  const seconds = Math.round(Math.abs(databaseAheadMs) / 1000);
  if (seconds <= CLOCK_SECONDS) return finding('clock.agrees');
  return finding('clock.database', { seconds, direction: databaseAheadMs > 0 ? 'behind' : 'ahead' });
}

/** Whether the files lie ready for the next renewal; those in service were fit. */
function judgeFiles({ config }: Deps): Finding[] {
  if (!config.tls) return [];
  try {
    readTlsPair(config.tls);
    return [];
  } catch (error) {
    return [finding('files.unusable', { reason: (error as Error).message })];
  }
}
