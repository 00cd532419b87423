import { and, eq, isNull, sql } from 'drizzle-orm';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { normalDeviceId } from '../distribution/device-binding.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import { addProvisionalSeed, bindToDevice } from '../tokens/seeds.ts';
import { tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';
import { FINISH_SECONDS } from './activation-state.ts';
import type { CtKipRun } from './ct-kip-run.ts';
import { activations, type CtKipSessionRow, ctKipSessions } from './table.ts';

/**
 * Consumes the activation code and keeps the seed, in one transaction: of all phones with one code, on however many
 * instances, exactly one gets true. All that the code depends on is judged again inside the consuming statement.
 */
export function commitSeed(
  deps: ActionDeps,
  input: {
    run: CtKipRun;
    session: CtKipSessionRow;
    /** 16 octets; 20 for TOTP. */
    seed: Uint8Array;
    device: { text: string | null; id: string | null };
    requestHash: Uint8Array;
    reply: Uint8Array;
  },
): Promise<boolean> {
  const { run, session, device } = input;
  const { token, owner, profile, distribution } = run;
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    // The order in which all lock: token, then what hangs on it.
    await tx.select({ id: tokens.id }).from(tokens).where(eq(tokens.id, token.id)).for('update');
    const [consumed] = await tx
      .update(activations)
      .set({ state: 'ACTIVATED', device: device.text })
      .from(tokens)
      .innerJoin(users, eq(users.id, tokens.ownerId))
      .where(
        and(
          eq(activations.id, run.activation.id),
          eq(tokens.id, activations.tokenId),
          eq(tokens.ownerId, activations.ownerId),
          eq(tokens.enabled, true),
          sql`(${tokens.expiresOn} IS NULL OR ${tokens.expiresOn} >= ${utcDay(now)})`,
          eq(users.enabled, true),
          sql`${activations.state} IN ('OPEN', 'CONTACTED')`,
          sql`(${now.toISOString()} < ${activations.expiresAt}
            OR (${session.startedAt.toISOString()} < ${activations.expiresAt}
              AND ${now.toISOString()}::timestamptz < ${plusSeconds(session.startedAt, FINISH_SECONDS).toISOString()}))`,
        ),
      )
      .returning({ id: activations.id });
    if (!consumed) return false;
    const [finished] = await tx
      .update(ctKipSessions)
      .set({ finishedAt: now, finishRequestHash: input.requestHash, finishReply: input.reply })
      .where(and(eq(ctKipSessions.id, session.id), isNull(ctKipSessions.finishedAt)))
      .returning({ id: ctKipSessions.id });
    if (!finished) throw new Error('A session of an open activation was finished before.');

    const { tokencodeLength, tokencodeInterval, hashAlgorithm, pinStyle, seedConfirmation } = profile;
    await addProvisionalSeed(tx, deps, {
      tokenId: token.id,
      seed: input.seed,
      tokencodeLength,
      tokencodeInterval,
      hashAlgorithm,
      pinStyle,
      confirmation: seedConfirmation,
      activationId: run.activation.id,
      distributionId: distribution.id,
      device: device.text,
      deviceId: device.id,
    });
    const isFirstCome = distribution.deviceBinding === 'FIRST' && device.id !== null;
    const boundDeviceId = isFirstCome ? { boundDeviceId: normalDeviceId(device.id!) } : {};
    await setDistributionState(tx, distribution.id, 'ACTIVATED', boundDeviceId);
    if (isFirstCome) await bindToDevice(tx, token.id, normalDeviceId(device.id!));
    await recordAudit(tx, deps, {
      action: 'activation.activated',
      token,
      targetUser: owner,
      details: { device: device.text, deviceId: device.id, deliveryMethod: distribution.deliveryMethod },
    });
    await deps.bus.publish(tx, 'activation', run.activation.id);
    return true;
  });
}
