import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { activationLink } from '../distribution/activation-link.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import type { DistributionRow } from '../distribution/table.ts';
import { readSettings } from '../settings/read-settings.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { deleteSeeds } from '../tokens/seeds.ts';
import type { TokenRow } from '../tokens/table.ts';
import type { OpenDelivery } from '../distribution/open-delivery.ts';
import { qrDelivery, requireUsable, switchedOff } from './activation-start.ts';
import { endActivationsOfToken } from './end-activations.ts';
import { activationCodeOf, openActivation } from './open-activation.ts';
import { CONFIRM_SECONDS, makeOtpauthSeed, otpauthLink } from './otpauth-seed.ts';
import { type ActivationRow, activations } from './table.ts';

export type StartedActivation = {
  activation: ActivationRow;
  /** What the QR code holds. */
  link: string;
};

/**
 * For the owner of a token with an open QR distribution, or whose newest seed is still provisional («my phone shows no
 * code»): then that seed dies. For an otpauth QR code each activation makes a seed of its own, which stands in the link. An
 * activation that is open already is answered again, in any tab or session; one that was
 * mailed as a link ends, for it is no QR code.
 * @throws Failure NotFound · InvalidState `activation.switched_off`, `token.disabled`, `token.expired`,
 *   `token.not_distributed`
 */
export async function startActivation(
  deps: ActionDeps,
  input: { tokenId: string },
): Promise<StartedActivation> {
  const now = momentOf(deps.clock);
  return deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, [input.tokenId]);
    const token = locked.tokens[0]!;
    if (deps.actor.kind !== 'user' || token.ownerId !== deps.actor.id) {
      throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
    }
    const { qrMinutes, activationEnabled } = await readSettings(tx);
    if (!activationEnabled) throw switchedOff();
    requireUsable(token, now.day);
    const delivery = await qrDelivery(tx, token);
    const open = await openOf(tx, deps, token, now.at);
    const owner = locked.users.get(deps.actor.id)!;
    if (open) return { activation: open, link: await linkOf(tx, deps, { token, owner, delivery }, open) };

    if (delivery.distribution.state === 'ACTIVATED')
      await throwAwayProvisional(tx, deps, token, delivery.distribution);
    const { deliveryMethod } = delivery.distribution;
    const isOtpauth = deliveryMethod === 'OTPAUTH_QR';
    const expiresAt = plusSeconds(now.at, qrMinutes * 60);
    const { activation } = await openActivation(tx, deps, {
      tokenId: token.id,
      distributionId: delivery.distribution.id,
      ownerId: deps.actor.id,
      expiresAt,
      ...(isOtpauth && { confirmUntil: plusSeconds(expiresAt, CONFIRM_SECONDS) }),
      kind: delivery.definition.codeFormat,
    });
    if (isOtpauth) await makeOtpauthSeed(tx, deps, { token, activation, delivery });
    await recordAudit(tx, deps, {
      action: 'activation.started',
      token,
      targetUser: owner,
      details: { deliveryMethod, minutes: qrMinutes },
    });
    return { activation, link: await linkOf(tx, deps, { token, owner, delivery }, activation) };
  });
}

/** The open activation; one past its end is closed here, so that its place is free. */
async function openOf(
  tx: Transaction,
  deps: ActionDeps,
  token: TokenRow,
  at: Date,
): Promise<ActivationRow | undefined> {
  const [open] = await tx
    .select()
    .from(activations)
    .where(and(eq(activations.tokenId, token.id), inArray(activations.state, ['OPEN', 'CONTACTED'])));
  // Past its end a phone may still finish; but whoever asks for a code now gets a new one.
  if (open && open.expiresAt > at && open.sentTo) {
    await endActivationsOfToken(tx, deps, token.id, 'a QR code was wanted instead');
    return undefined;
  }
  if (!open || open.expiresAt > at) return open;
  await tx.update(activations).set({ state: 'EXPIRED', endedAt: at }).where(eq(activations.id, open.id));
  await deps.bus.publish(tx, 'activation', open.id);
  await recordAudit(tx, deps, {
    action: 'activation.expired',
    token,
    details: { deliveryMethod: open.confirmUntil ? 'OTPAUTH_QR' : 'CT_KIP_QR' },
  });
  return undefined;
}

async function linkOf(
  tx: Transaction,
  deps: ActionDeps,
  about: { token: TokenRow; owner: { userName: string }; delivery: OpenDelivery },
  activation: ActivationRow,
): Promise<string> {
  const { token, owner, delivery } = about;
  if (activation.confirmUntil) return otpauthLink(tx, deps, { token, activation, userName: owner.userName });
  const code = activationCodeOf(deps, activation, delivery.definition.codeFormat)!;
  return activationLink(tx, deps, delivery.definition, { deliveryMethod: 'CT_KIP_QR', code });
}

/** Throws an unconfirmed seed away and opens its distribution again; a former live seed goes on. */
export async function throwAwayProvisional(
  tx: Transaction,
  deps: ActionDeps,
  token: TokenRow,
  distribution: Pick<DistributionRow, 'id'>,
): Promise<void> {
  await deleteSeeds(tx, token.id, ['PROVISIONAL']);
  await setDistributionState(tx, distribution.id, 'PENDING', { endedAt: null });
  const open = ['OPEN', 'CONTACTED', 'ACTIVATED'] as const;
  await endActivationsOfToken(tx, deps, token.id, 'the seed was not confirmed', [...open]);
}
