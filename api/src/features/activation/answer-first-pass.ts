import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import {
  auditRefusal,
  type CtKipRun,
  deviceRefusalOf,
  deviceText,
  isSpent,
  refusalOf,
} from './ct-kip-run.ts';
import { countRefusal } from './guessing.ts';
import type { HelloRequest, Passed, PhoneRequest } from './phone-request.ts';
import { activations, ctKipSessions } from './table.ts';

/** More first passes than any honest crowd of phones makes with one code. */
const MAX_RUNS = 500;
/** First passes that get an audit row each. */
const LISTED_RUNS = 20;

/**
 * ClientHello → ServerHello. Nothing is spent yet: the activation becomes CONTACTED, and the protocol state a row.
 */
export async function answerFirstPass(
  deps: ActionDeps,
  run: CtKipRun,
  request: HelloRequest,
): Promise<Passed> {
  const now = deps.clock.now();
  const { device } = request;
  const refused = refusalOf(run, request, now);
  if (refused) return refuse(deps, run, request, refused);
  const wrongDevice = deviceRefusalOf(run, device);
  if (wrongDevice) {
    await auditRefusal(deps.db, deps, run, wrongDevice, device);
    return { refused: 'device' };
  }

  const { answer, key, algorithms, reply } = await request.answerHello(deps, run);
  if (answer.status !== 'Continue' || !key) {
    await auditRefusal(deps.db, deps, run, answer.status, device);
    return reply;
  }

  const contacted = await deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(activations)
      .set({ state: 'CONTACTED', sessionStartedAt: now, runs: sql`${activations.runs} + 1` })
      .where(
        and(
          eq(activations.id, run.activation.id),
          inArray(activations.state, ['OPEN', 'CONTACTED']),
          gt(activations.expiresAt, now),
          lt(activations.runs, MAX_RUNS),
        ),
      )
      .returning({ runs: activations.runs });
    if (!row) return false;
    await tx.insert(ctKipSessions).values({
      id: answer.sessionId,
      activationId: run.activation.id,
      dialect: request.dialect,
      serverKeyId: key.id,
      serverNonce: answer.serverNonce,
      ...algorithms,
      deviceClass: device.class ?? null,
      deviceId: device.id ?? null,
      deviceName: device.name ?? null,
      startedAt: now,
    });
    if (row.runs <= LISTED_RUNS) {
      await recordAudit(tx, deps, {
        action: 'activation.contacted',
        token: run.token,
        targetUser: run.owner,
        details: { device: deviceText(device), deviceId: device.id },
      });
    }
    await deps.bus.publish(tx, 'activation', run.activation.id);
    return true;
  });
  return contacted ? reply : refuse(deps, run, request, 'code used or ended');
}

/** The refusal of a code that is no good any more; spent codes count as guesses. */
export async function refuse(
  deps: ActionDeps,
  run: CtKipRun,
  request: PhoneRequest,
  reason: string,
): Promise<Passed> {
  await auditRefusal(deps.db, deps, run, reason, request.device);
  if (isSpent(reason)) await countRefusal(deps);
  return { refused: 'code' };
}
