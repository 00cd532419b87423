import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { DeliveryMethod } from '../device-definitions/device-definition.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { checkDeliveryMethod } from './check-delivery-method.ts';
import { checkTokenSettings, type TokenSettingsInput } from './check-token-settings.ts';
import {
  isActivationMinutes,
  isProfileName,
  lockProfileNames,
  minutesMessage,
  nameMessage,
  nameTaken,
  profileNameKey,
} from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

export type CreateTokenProfileInput = TokenSettingsInput & {
  name: string;
  deviceDefinitionId: string;
  deliveryMethod: DeliveryMethod;
  /** URL only. Default 1440. */
  activationCodeMinutes?: number | null | undefined;
  /** Default OWNER for QR, FIRST_USE else. */
  seedConfirmation?: 'OWNER' | 'FIRST_USE' | null | undefined;
  /** With a binding to one device: accepts a device that tells nothing of itself. Default false. */
  acceptSilentDevices?: boolean | null | undefined;
};

/**
 * Makes a token profile: token settings and one delivery method for one device type.
 * @throws Failure InvalidInput · NotFound · Unsupported, which says what would do · Conflict `token_profile.name_taken`
 */
export async function createTokenProfile(
  deps: ActionDeps,
  input: CreateTokenProfileInput,
): Promise<TokenProfileRow> {
  const isUrl = input.deliveryMethod === 'CT_KIP_URL';
  const isQr = input.deliveryMethod === 'CT_KIP_QR' || input.deliveryMethod === 'OTPAUTH_QR';
  const minutes = input.activationCodeMinutes ?? null;
  new FieldChecks()
    .require(isProfileName(input.name), 'name', 'name.invalid', nameMessage)
    .require(
      minutes === null || isUrl,
      'activationCodeMinutes',
      'minutes.qr',
      'Only URL codes have a time of their own: a QR code lives as long as the settings say, and a file has no code.',
    )
    .require(
      minutes === null || isActivationMinutes(minutes),
      'activationCodeMinutes',
      'minutes.range',
      minutesMessage,
    )
    .done();
  return deps.db.transaction(async (tx) => {
    await lockProfileNames(tx);
    const [definition] = await tx
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.id, input.deviceDefinitionId))
      .for('share');
    if (!definition) {
      throw new Failure('NotFound', 'device_definition.not_found', 'There is no such device definition.');
    }
    const deliveryMethod = await checkDeliveryMethod(tx, definition, input.deliveryMethod);
    const settings = checkTokenSettings(definition, deliveryMethod, input);
    if (isQr && input.seedConfirmation === 'FIRST_USE') {
      throw new Failure(
        'Unsupported',
        'seed_confirmation.owner_only',
        'A seed from a QR code is confirmed by its owner, so that whoever photographs the code gains nothing. Choose OWNER.',
      );
    }
    const [profile] = await tx
      .insert(tokenProfiles)
      .values({
        ...settings,
        id: newId(deps),
        name: input.name.trim(),
        nameKey: profileNameKey(input.name),
        deviceDefinitionId: definition.id,
        deliveryMethod,
        seedConfirmation: input.seedConfirmation ?? (isQr ? 'OWNER' : 'FIRST_USE'),
        activationCodeMinutes: isUrl ? (minutes ?? 1440) : null,
        acceptSilentDevices: input.acceptSilentDevices ?? false,
        createdAt: deps.clock.now(),
      })
      .onConflictDoNothing()
      .returning();
    if (!profile) throw nameTaken(input.name);
    await recordAudit(tx, deps, {
      action: 'token_profile.created',
      details: {
        profile: profile.name,
        deviceType: definition.deviceType,
        deliveryMethod,
        tokencode: `${profile.tokencodeLength} digits every ${profile.tokencodeInterval} s`,
        hashAlgorithm: profile.hashAlgorithm,
        seedConfirmation: profile.seedConfirmation,
        activationCodeMinutes: profile.activationCodeMinutes,
        acceptSilentDevices: profile.acceptSilentDevices,
      },
    });
    return profile;
  });
}
