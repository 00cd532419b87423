import { sql } from 'drizzle-orm';
import { momentOf } from '../../lib/clock.ts';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { wakeWaitingRequests } from '../requests/wake-waiting-requests.ts';
import { freeSerials, isSecuridSerial, nextOwnSerial } from './serial-number.ts';
import { type TokenRow, tokens } from './table.ts';

export type GenerateTokensInput = {
  count: number;
  algorithm: 'SECURID' | 'TOTP';
  /** YYYY-MM-DD, the last valid day. */
  expiresOn: string;
  /** Default: the next of this installation's own range. */
  firstSerialNumber?: string | null | undefined;
};

const MAX_COUNT = 1000;
const LAST_DAY = '2099-12-31';

/**
 * Makes tokens with consecutive serial numbers; they have no seed until they are distributed.
 * Both algorithms share one range of numbers.
 * @throws Failure InvalidInput · Conflict `serial_number.taken`
 */
export const generateTokens = (deps: ActionDeps, input: GenerateTokensInput): Promise<TokenRow[]> =>
  deps.db.transaction(async (tx) => {
    const rows = await generateTokensIn(tx, deps, input);
    await wakeWaitingRequests(tx);
    return rows;
  });

/** The same in the caller's transaction. */
export async function generateTokensIn(
  tx: Transaction,
  deps: ActionDeps,
  input: GenerateTokensInput,
): Promise<TokenRow[]> {
  const now = momentOf(deps.clock);
  const wanted = input.firstSerialNumber?.replaceAll(' ', '') || undefined;
  new FieldChecks()
    .require(
      Number.isInteger(input.count) && input.count >= 1 && input.count <= MAX_COUNT,
      'count',
      'tokens.count',
      `Make 1 to ${MAX_COUNT} tokens at once.`,
    )
    .require(
      input.expiresOn >= now.day,
      'expiresOn',
      'expires_on.past',
      'The last valid day lies in the past.',
    )
    .require(
      input.expiresOn <= LAST_DAY,
      'expiresOn',
      'expires_on.far',
      `The last valid day is ${LAST_DAY} at most.`,
    )
    .require(
      wanted === undefined || isSecuridSerial(wanted),
      'firstSerialNumber',
      'serial_number.invalid',
      'A serial number has exactly 12 digits.',
    )
    .done();
  // Two administrators who make tokens at once get ranges one after the other.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('symbolon generate tokens'))`);
  const serials = await freeSerials(tx, wanted ?? (await nextOwnSerial(tx, deps)), input.count);
  const rows = await tx
    .insert(tokens)
    .values(
      serials.map((serialNumber) => ({
        id: newId(deps),
        serialNumber,
        serialKey: serialNumber,
        algorithm: input.algorithm,
        enabled: true,
        expiresOn: input.expiresOn,
        createdAt: now.at,
      })),
    )
    .returning();
  await recordAudit(
    tx,
    deps,
    ...rows.map((token) => ({
      action: 'token.generated' as const,
      token,
      details: { algorithm: input.algorithm, expiresOn: input.expiresOn },
    })),
  );
  return rows;
}
