import { eq } from 'drizzle-orm';
import { isSelf } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import { momentOf } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import { activationLink, ctKipUrl } from '../distribution/activation-link.ts';
import { type DistributionRow, distributions } from '../distribution/table.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { readSettings } from '../settings/read-settings.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import type { TokenRow } from '../tokens/table.ts';
import type { UserWithRoles } from '../users/find-user.ts';
import { requireUsable, switchedOff } from './activation-start.ts';
import { stateAt } from './activation-state.ts';
import { deskNumberOf, ticketLookup } from './activation-ticket.ts';
import { endActivationsOfToken } from './end-activations.ts';
import { countRefusal, slowDownGuessing } from './guessing.ts';
import { codeKindOf } from './mailed-secrets.ts';
import { activationCodeOf } from './open-activation.ts';
import { type ActivationRow, activations, type ActivationTicketRow, activationTickets } from './table.ts';

export type OpenedActivationLink = {
  /** The phone's own CT-KIP link. */
  link: string;
  /** Where the link does not hold the code: both are typed in the app. */
  typed: { ctKipUrl: string; activationCode: string } | null;
  serialNumber: string;
  deviceType: string;
  minutesLeft: number;
};

/** Wrong numbers that end a ticket. */
const TRIES = 3;

/**
 * Spends the ticket of a mailed link and answers the phone's own link, once. It takes the ticket and either the owner's
 * session or the six digits that the desk shows; the third wrong number ends the ticket and its activation.
 * @throws Failure NotFound `activation_link.unknown` for one that is unknown, spent or over · InvalidState
 *   `activation.switched_off`, `activation_link.number_required`, `activation_link.number_wrong`, `activation_link.sign_in_required`
 */
export async function openActivationLink(
  deps: ActionDeps,
  input: { ticket: string; number?: string | null | undefined },
): Promise<OpenedActivationLink> {
  const number = input.number?.replace(/[\s-]/g, '') || null;
  new FieldChecks()
    .require(
      number === null || /^\d{6}$/.test(number),
      'number',
      'number.digits',
      'The number has six digits.',
    )
    .done();
  const { activationEnabled, allowActivationLinkByEmail } = await readSettings(deps.db);
  if (!activationEnabled) throw switchedOff();
  if (!(await slowDownGuessing(deps))) throw unknownLink();
  const lookup = ticketLookup(deps, input.ticket.slice(0, 100));
  const [seen] = await deps.db
    .select({ tokenId: activations.tokenId })
    .from(activationTickets)
    .innerJoin(activations, eq(activations.id, activationTickets.activationId))
    .where(eq(activationTickets.lookup, lookup));
  if (!seen) {
    await countRefusal(deps);
    throw unknownLink();
  }
  // A wrong number must be kept, so it is no thrown failure that rolls back.
  const outcome = await deps.db.transaction(async (tx) => {
    const locked = await lockTokens(tx, [seen.tokenId]);
    const token = locked.tokens[0]!;
    const opened = { ...(await lockTicket(tx, lookup)), owner: locked.users.get(token.ownerId ?? '') };
    requireOpen(deps, opened, token);
    // Links that are out die with the permission to mail them.
    if (opened.activation.sentTo && !allowActivationLinkByEmail) throw unknownLink();
    const isOwner = isSelf(deps.actor, opened.activation.ownerId);
    if (!isOwner && !opened.activation.sentTo) throw signInRequired();
    if (!isOwner && number === null) throw numberRequired();
    if (!isOwner && number !== deskNumberOf(deps, opened.activation)) {
      return refuseNumber(tx, deps, opened, token);
    }
    await tx
      .update(activationTickets)
      .set({ spentAt: deps.clock.now() })
      .where(eq(activationTickets.id, opened.ticket.id));
    await recordAudit(tx, deps, {
      action: 'activation.link_opened',
      token,
      targetUser: opened.owner,
      details: { with: isOwner ? 'the session of the owner' : 'the number of the desk' },
    });
    return show(tx, deps, opened, token);
  });
  if (outcome instanceof Failure) throw outcome;
  return outcome;
}

type Opened = {
  ticket: ActivationTicketRow;
  activation: ActivationRow;
  distribution: DistributionRow;
  definition: DeviceDefinitionRow;
};

async function lockTicket(tx: Transaction, lookup: Uint8Array): Promise<Opened> {
  const [row] = await tx
    .select({
      ticket: activationTickets,
      activation: activations,
      distribution: distributions,
      definition: deviceDefinitions,
    })
    .from(activationTickets)
    .innerJoin(activations, eq(activations.id, activationTickets.activationId))
    .innerJoin(distributions, eq(distributions.id, activations.distributionId))
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(eq(activationTickets.lookup, lookup))
    .for('update', { of: activationTickets });
  if (!row) throw unknownLink();
  return row;
}

function requireOpen(deps: ActionDeps, { ticket, activation }: Opened, token: TokenRow): void {
  const { at, day } = momentOf(deps.clock);
  const state = stateAt(activation, at);
  const isOver = (state !== 'OPEN' && state !== 'CONTACTED') || activation.expiresAt <= at;
  if (ticket.spentAt || isOver || token.ownerId !== activation.ownerId) throw unknownLink();
  requireUsable(token, day);
}

async function refuseNumber(
  tx: Transaction,
  deps: ActionDeps,
  { ticket, owner }: Opened & { owner: UserWithRoles | undefined },
  token: TokenRow,
): Promise<Failure> {
  const failedTries = ticket.failedTries + 1;
  const triesLeft = TRIES - failedTries;
  await tx
    .update(activationTickets)
    .set({ failedTries, ...(triesLeft <= 0 ? { spentAt: deps.clock.now() } : {}) })
    .where(eq(activationTickets.id, ticket.id));
  await recordAudit(tx, deps, {
    action: 'activation.link_refused',
    outcome: 'REFUSED',
    token,
    targetUser: owner,
    details: { triesLeft },
  });
  if (triesLeft > 0) {
    return new Failure(
      'InvalidState',
      'activation_link.number_wrong',
      `That is not the number on your other screen. ${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left.`,
      { triesLeft },
    );
  }
  await endActivationsOfToken(tx, deps, token.id, 'three wrong numbers for a mailed link');
  await notifyOwner(tx, deps, token, {
    event: 'UNUSUAL_ACTIVITY',
    values: {
      activity: 'Three wrong numbers were typed for the link that we mailed to you. The link is dead.',
    },
  });
  return unknownLink();
}

async function show(
  tx: Transaction,
  deps: ActionDeps,
  { activation, distribution, definition }: Opened,
  token: TokenRow,
): Promise<OpenedActivationLink> {
  const code = activationCodeOf(deps, activation, codeKindOf(distribution, definition.codeFormat))!;
  // Only CT-KIP is mailed: an otpauth link is the seed itself.
  const deliveryMethod = distribution.deliveryMethod as 'CT_KIP_QR' | 'CT_KIP_URL';
  const link = await activationLink(tx, deps, definition, { deliveryMethod, code });
  return {
    link,
    typed: link.includes(code) ? null : { ctKipUrl: ctKipUrl(deps, definition), activationCode: code },
    serialNumber: token.serialNumber,
    deviceType: definition.deviceType,
    minutesLeft: Math.ceil((activation.expiresAt.getTime() - deps.clock.now().getTime()) / 60_000),
  };
}

const unknownLink = () =>
  new Failure(
    'NotFound',
    'activation_link.unknown',
    'This link works no longer. Send yourself a new one from the other screen.',
  );

/** A link that no desk stands behind: only its owner opens it. */
const signInRequired = () =>
  new Failure(
    'InvalidState',
    'activation_link.sign_in_required',
    'Only its owner opens this link: sign in first.',
  );

const numberRequired = () =>
  new Failure(
    'InvalidState',
    'activation_link.number_required',
    'Type the six digits that your other screen shows, or sign in here.',
  );
