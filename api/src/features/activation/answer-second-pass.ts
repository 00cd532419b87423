import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { FINISH_SECONDS } from './activation-state.ts';
import { refuse } from './answer-first-pass.ts';
import { commitSeed } from './commit-seed.ts';
import { auditRefusal, type CtKipRun, deviceRefusalOf, deviceText, refusalOf } from './ct-kip-run.ts';
import { endActivationsOfToken } from './end-activations.ts';
import type { NonceRequest, Passed } from './phone-request.ts';
import { serverKeyById } from './server-keys.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { tokens } from '../tokens/table.ts';
import { activations, type CtKipSessionRow, ctKipSessions } from './table.ts';

const MAX_FAILED_PASSES = 5;

/**
 * ClientNonce → ServerFinished. The code is consumed and the seed kept in one transaction; the answer leaves after the
 * commit. The same request again within 60 s gets the same answer again: a lost reply costs nothing.
 * @param session the one that the phone names, if it belongs to this run
 */
export async function answerSecondPass(
  deps: ActionDeps,
  run: CtKipRun,
  request: NonceRequest,
  session: CtKipSessionRow | undefined,
): Promise<Passed> {
  const now = deps.clock.now();
  const requestHash = new Uint8Array(createHash('sha256').update(request.body).digest());
  if (!session) return failed(deps, run, request, 'unknown session');
  const again = answeredBefore(session, requestHash, now);
  if (again) return again;

  const refused = refusalOf(run, request, now, session.startedAt);
  if (refused) return refuse(deps, run, request, refused);
  if (session.finishedAt) return failed(deps, run, request, 'session used before');
  const device = {
    class: request.device.class ?? session.deviceClass ?? undefined,
    id: request.device.id ?? session.deviceId ?? undefined,
    name: request.device.name ?? session.deviceName ?? undefined,
  };
  const wrongDevice = deviceRefusalOf(run, device);
  if (wrongDevice) {
    await auditRefusal(deps.db, deps, run, wrongDevice, device);
    return { refused: 'device' };
  }

  const key = await serverKeyById(deps.db, deps, session.serverKeyId);
  const { answer, reply } = request.answerNonce(deps, run, session, key);
  if (answer.status !== 'Success') {
    await countFailedPass(deps, run, answer.reason, request);
    return reply;
  }
  const taker = { text: deviceText(device), id: device.id ?? null };
  const won = await commitSeed(deps, { run, session, seed: answer.seed, device: taker, requestHash, reply });
  if (won) return reply;
  // Another request was first; if it was this very one, its answer is this one's, too.
  const finished = await findSession(deps, session.id);
  return (
    (finished && answeredBefore(finished, requestHash, now)) ??
    refuse(deps, run, request, 'code used or ended')
  );
}

/** The session of that id, open or over. */
export async function findSession(deps: ActionDeps, id: string): Promise<CtKipSessionRow | undefined> {
  const [row] = await deps.db.select().from(ctKipSessions).where(eq(ctKipSessions.id, id));
  return row;
}

function answeredBefore(
  session: CtKipSessionRow,
  requestHash: Uint8Array,
  now: Date,
): Uint8Array | undefined {
  const { finishedAt, finishReply, finishRequestHash } = session;
  if (!finishedAt || !finishReply || !finishRequestHash) return undefined;
  const isSame = Buffer.from(finishRequestHash).equals(Buffer.from(requestHash));
  return isSame && now < plusSeconds(finishedAt, FINISH_SECONDS) ? finishReply : undefined;
}

async function failed(
  deps: ActionDeps,
  run: CtKipRun,
  request: NonceRequest,
  reason: string,
): Promise<Passed> {
  await countFailedPass(deps, run, reason, request);
  return { refused: 'code' };
}

/** The fifth failed second pass ends the activation. */
function countFailedPass(
  deps: ActionDeps,
  run: CtKipRun,
  reason: string,
  request: NonceRequest,
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    // The order in which all lock: the token first.
    await tx.select({ id: tokens.id }).from(tokens).where(eq(tokens.id, run.token.id)).for('update');
    await auditRefusal(tx, deps, run, reason, request.device);
    const [row] = await tx
      .update(activations)
      .set({ failedPasses: sql`${activations.failedPasses} + 1` })
      .where(eq(activations.id, run.activation.id))
      .returning();
    const isOpen = row?.state === 'OPEN' || row?.state === 'CONTACTED';
    if (row && isOpen && row.failedPasses >= MAX_FAILED_PASSES) {
      await endActivationsOfToken(tx, deps, run.token.id, 'five failed attempts of a device');
      await notifyOwner(tx, deps, run.token, {
        event: 'UNUSUAL_ACTIVITY',
        values: { activity: 'A device tried five times to take this token and failed. Its code is dead.' },
      });
    }
  });
}
