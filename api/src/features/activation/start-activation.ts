import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import { activationLink } from '../distribution/activation-link.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import { type DistributionRow, distributions } from '../distribution/table.ts';
import { readSettings } from '../settings/read-settings.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { deleteSeeds } from '../tokens/seeds.ts';
import type { TokenRow } from '../tokens/table.ts';
import { endActivationsOfToken } from './end-activations.ts';
import { activationCodeOf, openActivation } from './open-activation.ts';
import { type ActivationRow, activations } from './table.ts';

export type StartedActivation = {
  activation: ActivationRow;
  /** What the QR code holds. */
  link: string;
};

/**
 * For the owner of a token with an open QR distribution, or whose newest seed is still provisional («my phone shows no
 * code»): then that seed dies. An activation that is open already is answered again, in any tab or session.
 * @throws Failure NotFound · InvalidState `token.disabled`, `token.expired`, `token.not_distributed`
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
    requireUsable(token, now.day);
    const delivery = await qrDelivery(tx, token);
    const open = await openOf(tx, deps, token, now.at);
    if (open) return { activation: open, link: await linkOf(tx, deps, delivery, open) };

    if (delivery.distribution.state === 'ACTIVATED')
      await throwAwayProvisional(tx, deps, token, delivery.distribution);
    const { qrMinutes } = await readSettings(tx);
    const { activation } = await openActivation(tx, deps, {
      tokenId: token.id,
      distributionId: delivery.distribution.id,
      ownerId: deps.actor.id,
      expiresAt: plusSeconds(now.at, qrMinutes * 60),
      kind: delivery.definition.codeFormat,
    });
    const owner = locked.users.get(deps.actor.id);
    await recordAudit(tx, deps, {
      action: 'activation.started',
      token,
      targetUser: owner,
      details: { deliveryMethod: 'CT_KIP_QR', minutes: qrMinutes },
    });
    return { activation, link: await linkOf(tx, deps, delivery, activation) };
  });
}

function requireUsable(token: TokenRow, day: string): void {
  const { serialNumber } = token;
  if (!token.enabled) {
    throw new Failure(
      'InvalidState',
      'token.disabled',
      'This token is disabled. Ask the help desk to enable it.',
      {
        serialNumber,
      },
    );
  }
  if (token.expiresOn !== null && token.expiresOn < day) {
    throw new Failure('InvalidState', 'token.expired', 'This token has expired. Ask for a new one.', {
      serialNumber,
    });
  }
}

type Delivery = { distribution: DistributionRow; definition: DeviceDefinitionRow };

/** The QR distribution that an activation can be made of. */
async function qrDelivery(tx: Transaction, token: TokenRow): Promise<Delivery> {
  const [row] = await tx
    .select({ distribution: distributions, definition: deviceDefinitions })
    .from(distributions)
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(
      and(
        eq(distributions.tokenId, token.id),
        eq(distributions.deliveryMethod, 'CT_KIP_QR'),
        inArray(distributions.state, ['PENDING', 'ACTIVATED']),
      ),
    )
    .orderBy(desc(distributions.createdAt))
    .limit(1);
  if (row) return row;
  throw new Failure(
    'InvalidState',
    'token.not_distributed',
    'Nothing is waiting to be scanned for this token. Ask your administrator to distribute it again.',
    { serialNumber: token.serialNumber },
  );
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
  if (!open || open.expiresAt > at) return open;
  await tx.update(activations).set({ state: 'EXPIRED', endedAt: at }).where(eq(activations.id, open.id));
  await deps.bus.publish(tx, 'activation', open.id);
  await recordAudit(tx, deps, {
    action: 'activation.expired',
    token,
    details: { deliveryMethod: 'CT_KIP_QR' },
  });
  return undefined;
}

async function linkOf(
  tx: Transaction,
  deps: ActionDeps,
  delivery: Delivery,
  activation: ActivationRow,
): Promise<string> {
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
