import { readSettings } from '../settings/read-settings.ts';
import { isHandedOn } from '../token-profiles/profile-rules.ts';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { normalDeviceId, requireFittingDevice } from '../distribution/device-binding.ts';
import { type ProfileOfferRow, profileOffers } from '../self-service/table.ts';
import { type TokenProfileRow, tokenProfiles } from '../token-profiles/table.ts';
import { isNickname } from '../tokens/rename-token.ts';
import type { TokenRequestRow } from './table.ts';

/** What the requester, or an approver who edits, chooses beside the profile. */
export type RequestChoice = {
  nickname?: string | null | undefined;
  /** Default CLASS. */
  deviceBinding?: TokenRequestRow['deviceBinding'] | null | undefined;
  /** With DEVICE only. */
  deviceId?: string | null | undefined;
};

export type Offered = { offer: ProfileOfferRow; profile: TokenProfileRow };

/** A profile that can be asked for. @throws Failure NotFound `token_profile.not_offered` */
export async function findOffer(tx: Transaction, profileId: string): Promise<Offered> {
  const [row] = await tx
    .select({ offer: profileOffers, profile: tokenProfiles })
    .from(profileOffers)
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, profileOffers.profileId))
    .where(eq(profileOffers.profileId, profileId))
    .for('share', { of: tokenProfiles });
  const isOffered =
    row && !row.profile.retiredAt && (!isHandedOn(row.profile) || (await readSettings(tx)).allowFileDelivery);
  if (isOffered) return row;
  throw new Failure('NotFound', 'token_profile.not_offered', 'This kind of token cannot be asked for.');
}

const isText = (text: string, max: number) => text.length <= max && !/[^\P{Cc}\n\r\t]/u.test(text);

/** Whether a comment or note can be kept. */
export const isRemark = (text: string | null | undefined): boolean => !text || isText(text, 2000);

/** Checks of nickname and device. */
export function checkChoice(
  checks: FieldChecks,
  input: RequestChoice,
  profile: Pick<TokenProfileRow, 'deliveryMethod'>,
  mayChooseDevice: boolean,
): Pick<TokenRequestRow, 'nickname' | 'deviceBinding' | 'deviceId'> {
  const deviceBinding = input.deviceBinding ?? 'CLASS';
  const deviceId = input.deviceId?.trim() || null;
  checks
    .require(
      isNickname(input.nickname?.trim() ?? ''),
      'nickname',
      'nickname.long',
      'A nickname has at most 50 characters.',
    )
    .require(
      mayChooseDevice || (deviceBinding === 'CLASS' && !deviceId),
      'deviceBinding',
      'device_binding.fixed',
      'The device cannot be chosen for this kind of token.',
    );
  requireFittingDevice(checks, profile, deviceBinding, deviceId);
  return {
    nickname: input.nickname?.trim() || null,
    deviceBinding,
    deviceId: deviceId && normalDeviceId(deviceId),
  };
}

/** @throws Failure InvalidInput that names every field · InvalidState `user.no_email` */
export function checkRequest(
  input: RequestChoice & { reason: string },
  { offer, profile }: Offered,
  requester: { email: string | null },
) {
  const reason = input.reason.trim();
  const checks = new FieldChecks().require(
    reason.length > 0 && isText(reason, 500),
    'reason',
    'reason.required',
    'Say in 1 to 500 characters what you need it for.',
  );
  const choice = checkChoice(checks, input, profile, offer.mayChooseDevice);
  checks.done();
  requireAddress(profile, requester);
  return choice;
}

/** A link by mail needs an address to go to. @throws Failure InvalidState `user.no_email` */
export function requireAddress(profile: TokenProfileRow, requester: { email: string | null }): void {
  const refusal = whyNoAddress(profile, requester);
  if (refusal) throw refusal;
}

/** The same refusal, or null. */
export function whyNoAddress(profile: TokenProfileRow, requester: { email: string | null }): Failure | null {
  if (profile.deliveryMethod !== 'CT_KIP_URL' || requester.email) return null;
  return new Failure(
    'InvalidState',
    'user.no_email',
    'This kind of token is activated by a link that comes by mail, and the requester has no e-mail address on file. ' +
      'Choose one that scans a QR code, or have an address added.',
  );
}
