import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { countAskedMail } from '../notifications/resend-mail.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import { setDistributionState } from '../distribution/distribution-state.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import type { TokenRow } from '../tokens/table.ts';
import { users } from '../users/table.ts';
import { deskNumberOf, makeTicket, maskedAddress } from './activation-ticket.ts';
import { mailedDelivery, qrDelivery, requireUsable } from './activation-start.ts';
import { endActivationsOfToken } from './end-activations.ts';
import { openActivation } from './open-activation.ts';
import { throwAwayProvisional } from './start-activation.ts';
import type { ActivationRow } from './table.ts';

export type SentActivationLink = {
  activation: ActivationRow;
  /** Masked address. */
  sentTo: string;
  /** Six digits that the mailed page asks for; null where address and code were mailed. */
  number: string | null;
};

/**
 * «Send activation link»: for the owner who cannot scan. The QR code on the screen dies, and a link to a page of ours
 * goes to the address on file; it works once, within `linkMinutes`. With `codeInMail` the address and the activation
 * code themselves are mailed, as in the model. For a token by URL that the owner asked for, whose link came by mail: a new
 * one, for as long as the profile says; the former is dead.
 * @throws Failure NotFound · InvalidState `activation_link.disabled`, `mail.not_configured`, `user.no_email`,
 *   `token.disabled`, `token.expired`, `token.not_distributed` · Unsupported `activation_link.platform`; RateLimited
 */
export async function sendActivationLink(
  deps: ActionDeps,
  input: { tokenId: string },
): Promise<SentActivationLink> {
  const { actor } = deps;
  if (actor.kind !== 'user') throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
  const settings = await readSettings(deps.db);
  const [self] = await deps.db.select().from(users).where(eq(users.id, actor.id));
  const address = self!.email;
  if (!address) {
    throw new Failure(
      'InvalidState',
      'user.no_email',
      'No e-mail address is on file for you. Ask your administrator to add one.',
    );
  }
  const now = momentOf(deps.clock);
  // Looked at before the address is counted, so that what is refused anyway costs nothing.
  await deps.db.transaction(async (tx) => check(tx, deps, input.tokenId, actor.id, settings));
  await countAskedMail(deps, address);
  return deps.db.transaction(async (tx) => {
    const { token, delivery, isUrl } = await check(tx, deps, input.tokenId, actor.id, settings);
    if (delivery.distribution.state === 'ACTIVATED') {
      await throwAwayProvisional(tx, deps, token, delivery.distribution);
    }
    await endActivationsOfToken(tx, deps, token.id, 'a link was mailed instead');
    const sentTo = maskedAddress(address);
    const minutes = (isUrl && delivery.profile.activationCodeMinutes) || settings.linkMinutes;
    const expiresAt = plusSeconds(now.at, minutes * 60);
    if (isUrl) {
      const { id } = delivery.distribution;
      await setDistributionState(tx, id, 'PENDING', { expiresAt, endedAt: null });
    }
    const { activation } = await openActivation(tx, deps, {
      tokenId: token.id,
      distributionId: delivery.distribution.id,
      ownerId: actor.id,
      expiresAt,
      kind: delivery.definition.codeFormat,
      // With no other screen there is no number to ask for: the owner signs in.
      ...(isUrl ? {} : { sentTo }),
    });
    await mailActivation(tx, deps, { ...delivery, token, activation, settings });
    await recordAudit(tx, deps, {
      action: 'activation.link_sent',
      token,
      targetUser: self,
      details: { sentTo, minutes, codeInMail: settings.codeInMail },
    });
    return {
      activation,
      sentTo,
      number: isUrl || settings.codeInMail ? null : deskNumberOf(deps, activation),
    };
  });
}

/** Mails the link of an open activation to the token's owner, or, where switched on, address and code. */
export async function mailActivation(
  tx: Transaction,
  deps: ActionDeps,
  input: {
    token: { serialNumber: string; ownerId: string | null };
    activation: ActivationRow;
    profile: { id: string; name: string };
    definition: Pick<DeviceDefinitionRow, 'codeFormat'>;
    settings: Settings;
  },
): Promise<void> {
  const { token, activation, profile, definition, settings } = input;
  const minutes = Math.round((activation.expiresAt.getTime() - deps.clock.now().getTime()) / 60_000);
  const values = { linkMinutes: minutes, profileName: profile.name };
  // A code that only the app's link can carry is nothing to type.
  if (settings.codeInMail && definition.codeFormat === 'DIGITS') {
    await notifyOwner(tx, deps, token, {
      event: 'ACTIVATION_CODE',
      activationId: activation.id,
      profileId: profile.id,
      values,
    });
    return;
  }
  const ticket = await makeTicket(tx, deps, activation.id);
  await notifyOwner(tx, deps, token, {
    event: 'ACTIVATION_LINK',
    ticketId: ticket.id,
    profileId: profile.id,
    values,
  });
}

function requireLinks(deps: ActionDeps, settings: Settings, isUrl: boolean): void {
  if (!settings.activationEnabled || !(isUrl || settings.allowActivationLinkByEmail)) {
    throw new Failure(
      'InvalidState',
      'activation_link.disabled',
      'Links are not mailed here. Scan the QR code, or ask your administrator.',
    );
  }
  if (deps.mail) return;
  throw new Failure(
    'InvalidState',
    'mail.not_configured',
    'Mail cannot be sent at the moment. Scan the QR code, or ask your administrator.',
  );
}

async function check(
  tx: Transaction,
  deps: ActionDeps,
  tokenId: string,
  ownerId: string,
  settings: Settings,
) {
  const locked = await lockTokens(tx, [tokenId]);
  const token = locked.tokens[0]!;
  if (token.ownerId !== ownerId) {
    throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
  }
  const mailed = await mailedDelivery(tx, token);
  requireLinks(deps, settings, mailed !== undefined);
  requireUsable(token, momentOf(deps.clock).day);
  if (mailed) return { token, delivery: mailed, isUrl: true };
  // Before its delivery is looked at: devices that take no links have no QR codes either.
  await requirePlatform(tx, token);
  return { token, delivery: await qrDelivery(tx, token), isUrl: false };
}

async function requirePlatform(tx: Transaction, { profileId }: TokenRow): Promise<void> {
  const [row] = profileId
    ? await tx
        .select({
          platform: deviceDefinitions.platform,
          deviceType: deviceDefinitions.deviceType,
          deliveryMethod: tokenProfiles.deliveryMethod,
        })
        .from(tokenProfiles)
        .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
        .where(eq(tokenProfiles.id, profileId))
    : [];
  if (row?.deliveryMethod === 'OTPAUTH_QR') {
    throw new Failure(
      'Unsupported',
      'activation_link.otpauth',
      'The QR code of this token holds its secret, which is never mailed. Scan it, or type the secret into the app.',
      { deviceType: row.deviceType },
    );
  }
  if (row?.platform !== 'OTHER') return;
  throw new Failure(
    'Unsupported',
    'activation_link.platform',
    `Links go to apps on iOS and Android. ${row.deviceType} cannot take one; ` +
      (row.deliveryMethod === 'CT_KIP_QR' ? 'scan the QR code.' : 'ask your administrator.'),
    { deviceType: row.deviceType },
  );
}
