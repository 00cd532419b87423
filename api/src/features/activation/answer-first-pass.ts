import {
  answerClientHello,
  helloProvisioningData,
  type RsaRequest,
  writeRsaFault,
  writeRsaResponse,
} from '@symbolon/ct-kip/rsa-server';
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
import { exponent, rsaServerKey } from './server-keys.ts';
import { activations, ctKipSessions } from './table.ts';

/** More first passes than any honest crowd of phones makes with one code. */
const MAX_RUNS = 500;
/** First passes that get an audit row each. */
const LISTED_RUNS = 20;

/** What a phone is told that may not take the token; it holds nothing that helps a guesser. */
export const wrongDeviceFault =
  'The CT-KIP Web Service refused this device: the token is bound to another device.';

/**
 * ClientHello → ServerHello. Nothing is spent yet: the activation becomes CONTACTED, and the protocol state a row.
 */
export async function answerFirstPass(
  deps: ActionDeps,
  {
    run,
    request,
    hello,
  }: { run: CtKipRun; request: RsaRequest; hello: Parameters<typeof answerClientHello>[0]['hello'] },
): Promise<Uint8Array> {
  const now = deps.clock.now();
  const { device, authData } = request;
  const refused = refusalOf(run, now);
  if (refused) return refuse(deps, run, refused, device);
  const wrongDevice = deviceRefusalOf(run, device);
  if (wrongDevice) {
    await auditRefusal(deps.db, deps, run, wrongDevice, device);
    return writeRsaFault(wrongDeviceFault);
  }

  const key = await rsaServerKey(deps.db, deps, run.definition.serverKeyBits);
  const answer = answerClientHello({
    hello,
    key: { modulus: key.modulus, exponent },
    random: deps.random.bytes,
  });
  const provisioningData = helloProvisioningData(request.provisioningData);
  if (answer.status !== 'Continue') {
    await auditRefusal(deps.db, deps, run, answer.status, device);
    return writeRsaResponse({ authData, provisioningData, message: answer.reply });
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
      dialect: 'RSA',
      serverKeyId: key.id,
      serverNonce: answer.serverNonce,
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
  if (!contacted) return refuse(deps, run, 'code used or ended', device);
  return writeRsaResponse({ authData, provisioningData, message: answer.reply });
}

/** The refusal of a code that is no good any more; spent codes count as guesses. */
export async function refuse(
  deps: ActionDeps,
  run: CtKipRun,
  reason: string,
  device: RsaRequest['device'],
): Promise<Uint8Array> {
  await auditRefusal(deps.db, deps, run, reason, device);
  if (isSpent(reason)) await countRefusal(deps);
  return writeRsaFault();
}
