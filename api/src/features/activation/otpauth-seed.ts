import { writeOtpauth } from '@symbolon/token-files/otpauth/write-otpauth';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { OpenDelivery } from '../distribution/open-delivery.ts';
import { readBranding } from '../settings/read-settings.ts';
import { addProvisionalSeed, newSeed, openSeed } from '../tokens/seeds.ts';
import { type TokenRow, tokenSeeds } from '../tokens/table.ts';
import { type ActivationRow, activations } from './table.ts';

/** Seconds after the QR code has gone in which the code that the app shows may still be typed. */
export const CONFIRM_SECONDS = 300;

/** Makes the seed that an otpauth activation puts into its QR code; a former provisional one is gone. */
export async function makeOtpauthSeed(
  tx: Transaction,
  deps: ActionDeps,
  input: { token: TokenRow; activation: ActivationRow; delivery: OpenDelivery },
): Promise<void> {
  const { token, activation, delivery } = input;
  await addProvisionalSeed(tx, deps, {
    tokenId: token.id,
    ...newSeed(deps, delivery.profile),
    confirmation: 'OWNER',
    activationId: activation.id,
    distributionId: delivery.distribution.id,
    device: null,
    deviceId: null,
  });
}

/**
 * The otpauth link of an open activation: the seed itself, for its owner's screen and nothing else. Whose token it is
 * stands in it with the end of the serial number, so that apps that hold several can be told apart.
 */
export async function otpauthLink(
  tx: Transaction,
  deps: ActionDeps,
  input: { token: TokenRow; activation: ActivationRow; userName: string },
): Promise<string> {
  const [seed] = await tx
    .select()
    .from(tokenSeeds)
    .where(and(eq(tokenSeeds.tokenId, input.token.id), eq(tokenSeeds.activationId, input.activation.id)));
  if (!seed) throw new Error('An open otpauth activation has no seed.');
  const { productName } = await readBranding(tx);
  return writeOtpauth({
    seed: openSeed(deps, seed),
    issuer: productName.replaceAll(':', ' ').trim() || 'Symbolon',
    account: `${input.userName} ${input.token.serialNumber.slice(-4)}`,
    hashAlgorithm: seed.hashAlgorithm ?? 'SHA1',
    digits: seed.tokencodeLength as 6 | 8,
    intervalSeconds: seed.tokencodeInterval,
  });
}

/**
 * Whether a provisional seed may be confirmed now: one from an otpauth QR code only as long as its activation says, and
 * not after that was ended.
 */
export async function isConfirmable(
  tx: Transaction,
  at: Date,
  { activationId }: { activationId: string | null },
): Promise<boolean> {
  if (!activationId) return true;
  const [row] = await tx
    .select({ state: activations.state, confirmUntil: activations.confirmUntil })
    .from(activations)
    .where(eq(activations.id, activationId));
  return !row?.confirmUntil || (row.state === 'OPEN' && at < row.confirmUntil);
}
