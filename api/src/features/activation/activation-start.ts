import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { Failure } from '../../lib/failure.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { findDelivery, type OpenDelivery } from '../distribution/open-delivery.ts';
import { distributions } from '../distribution/table.ts';
import { tokenRequests } from '../requests/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import type { TokenRow } from '../tokens/table.ts';

/** @throws Failure InvalidState `token.disabled`, `token.expired` */
export function requireUsable(token: TokenRow, day: string): void {
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

/**
 * The URL distribution that the token's owner asked for and has not activated: its link comes by mail, and may be mailed
 * anew as long as the request is open, however often it was opened or ran out.
 */
export async function mailedDelivery(tx: Transaction, token: TokenRow): Promise<OpenDelivery | undefined> {
  const [row] = await tx
    .select({ distribution: distributions, definition: deviceDefinitions, profile: tokenProfiles })
    .from(distributions)
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .innerJoin(tokenRequests, eq(tokenRequests.distributionId, distributions.id))
    .where(
      and(
        eq(distributions.tokenId, token.id),
        eq(distributions.deliveryMethod, 'CT_KIP_URL'),
        inArray(distributions.state, ['PENDING', 'EXPIRED', 'REVOKED']),
        eq(tokenRequests.status, 'APPROVED'),
        eq(tokenRequests.tokenId, token.id),
      ),
    )
    .orderBy(desc(distributions.createdAt))
    .limit(1);
  return row;
}

/** The QR distribution that an activation can be made of. @throws Failure InvalidState `token.not_distributed` */
export async function qrDelivery(tx: Transaction, token: TokenRow): Promise<OpenDelivery> {
  const row = await findDelivery(tx, token.id, ['CT_KIP_QR', 'OTPAUTH_QR'], ['PENDING', 'ACTIVATED']);
  if (row) return row;
  throw new Failure(
    'InvalidState',
    'token.not_distributed',
    `Nothing is waiting to be scanned for this token. ${await whatInstead(tx, token)}`,
    { serialNumber: token.serialNumber },
  );
}

/** How a token without a QR code is got onto its device. */
async function whatInstead(tx: Transaction, token: TokenRow): Promise<string> {
  if (await mailedDelivery(tx, token)) return 'Open the link that was mailed to you on your device.';
  if (await findDelivery(tx, token.id, ['CT_KIP_URL'], ['PENDING']))
    return 'It is activated on the device: by the address and the activation code that you were sent.';
  if (await findDelivery(tx, token.id, ['CTF', 'FILE'], ['PENDING', 'DELIVERED']))
    return 'It comes as a file or a link: open that in the app on your device.';
  return 'Ask your administrator to distribute it again.';
}

/** The refusal while nobody can activate in self-service. */
export const switchedOff = () =>
  new Failure(
    'InvalidState',
    'activation.switched_off',
    'Activation is switched off here. Ask your administrator.',
  );
