import { utf8 } from '@symbolon/ct-kip/octets';
import { writeTrigger } from '@symbolon/ct-kip/trigger';
import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { ctKipUrl, serverKeyOf } from '../distribution/activation-link.ts';
import { distributions } from '../distribution/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { tokens } from '../tokens/table.ts';
import { stateAt } from './activation-state.ts';
import { activationCodeOf } from './open-activation.ts';
import { activations } from './table.ts';

/**
 * The trigger of one's own open activation (RFC 4758 section 3.8.2): what the QR code holds, as a message that a browser
 * hands to the app that is registered for its type. Reading it spends nothing.
 * @returns undefined where there is nothing to be had: not one's own, over, mailed, or for an app of another dialect
 */
export async function readOwnTrigger(
  deps: ActionDeps,
  { activationId }: { activationId: string },
): Promise<Uint8Array | undefined> {
  if (deps.actor.kind !== 'user') return undefined;
  const [row] = await deps.db
    .select({
      activation: activations,
      token: tokens,
      definition: deviceDefinitions,
      deliveryMethod: distributions.deliveryMethod,
    })
    .from(activations)
    .innerJoin(tokens, eq(tokens.id, activations.tokenId))
    .innerJoin(distributions, eq(distributions.id, activations.distributionId))
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(eq(activations.id, activationId));
  if (!row) return undefined;
  const { activation, token, definition } = row;
  const isOwn = token.ownerId === deps.actor.id && activation.ownerId === deps.actor.id;
  // A mailed link has a page of its own, which asks for the number on the desk's screen.
  const isHere = row.deliveryMethod === 'CT_KIP_QR' && activation.sentTo === null;
  const isOpen = ['OPEN', 'CONTACTED'].includes(stateAt(activation, deps.clock.now()));
  const code = activationCodeOf(deps, activation, definition.codeFormat);
  if (!isOwn || !isHere || !isOpen || definition.dialect !== 'RFC' || !code) return undefined;
  return writeTrigger({
    tokenId: utf8(token.serialNumber),
    keyId: undefined,
    triggerNonce: new Uint8Array(Buffer.from(code, 'base64url')),
    serviceUrl: ctKipUrl(deps, definition),
    serverKeyFingerprint: await serverKeyOf(deps.db, deps, definition),
  });
}
