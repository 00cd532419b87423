import { arrayContains, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { DeliveryMethod } from '../device-definitions/parse-device-definition.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import {
  isActivationMinutes,
  isProfileName,
  minutesMessage,
  nameMessage,
  nameTaken,
  profileNameKey,
} from './profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from './table.ts';

export type CreateTokenProfileInput = {
  name: string;
  deviceDefinitionId: string;
  deliveryMethod: DeliveryMethod;
  /** Default: SECURID 8/60 or TOTP 6/30, as the device type allows. */
  algorithm?: 'SECURID' | 'TOTP' | null | undefined;
  tokencodeLength?: number | null | undefined;
  /** Seconds. */
  tokencodeInterval?: number | null | undefined;
  /** Default NONE. */
  pinStyle?: 'NONE' | 'PINPAD' | 'FOB' | null | undefined;
  /** URL only. Default 1440. */
  activationCodeMinutes?: number | null | undefined;
  /** Default OWNER for QR, FIRST_USE else. */
  seedConfirmation?: 'OWNER' | 'FIRST_USE' | null | undefined;
  /** With a binding to one device: accepts a device that tells nothing of itself. Default false. */
  acceptSilentDevices?: boolean | null | undefined;
};

/** What the enums name and this version cannot do yet, with what to choose instead. */
const unsupportedMethods: Partial<Record<DeliveryMethod, string>> = {
  CTF: 'Symbolon does not deliver as compressed token format. Choose a QR code or a URL.',
  FILE: 'Symbolon does not deliver as a file. Choose a QR code or a URL.',
  OTPAUTH_QR: 'Symbolon does not deliver by otpauth QR code. Choose a CT-KIP QR code or URL.',
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
  const minutes = input.activationCodeMinutes ?? null;
  new FieldChecks()
    .require(isProfileName(input.name), 'name', 'name.invalid', nameMessage)
    .require(
      minutes === null || isUrl,
      'activationCodeMinutes',
      'minutes.qr',
      'A QR code lives as long as the settings say. Only URL codes have a time of their own.',
    )
    .require(
      minutes === null || isActivationMinutes(minutes),
      'activationCodeMinutes',
      'minutes.range',
      minutesMessage,
    )
    .done();
  return deps.db.transaction(async (tx) => {
    const [definition] = await tx
      .select()
      .from(deviceDefinitions)
      .where(eq(deviceDefinitions.id, input.deviceDefinitionId))
      .for('share');
    if (!definition) {
      throw new Failure('NotFound', 'device_definition.not_found', 'There is no such device definition.');
    }
    const deliveryMethod = await supportedMethod(tx, definition, input.deliveryMethod);
    const settings = tokenSettings(definition, input);
    if (deliveryMethod === 'CT_KIP_QR' && input.seedConfirmation === 'FIRST_USE') {
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
        seedConfirmation: input.seedConfirmation ?? (isUrl ? 'FIRST_USE' : 'OWNER'),
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
      },
    });
    return profile;
  });
}

async function supportedMethod(
  tx: Transaction,
  definition: DeviceDefinitionRow,
  method: DeliveryMethod,
): Promise<'CT_KIP_QR' | 'CT_KIP_URL'> {
  if (!definition.deliveryMethods.includes(method)) {
    const able = await tx
      .select({ deviceType: deviceDefinitions.deviceType })
      .from(deviceDefinitions)
      .where(arrayContains(deviceDefinitions.deliveryMethods, [method]))
      .orderBy(deviceDefinitions.deviceTypeKey)
      .limit(5);
    const others = able.map(({ deviceType }) => deviceType).join(', ');
    const cannot =
      method === 'CT_KIP_QR'
        ? `${definition.deviceType} cannot scan QR codes`
        : `${definition.deviceType} does not take tokens by ${method}`;
    throw new Failure(
      'Unsupported',
      'delivery_method.not_of_device',
      `${cannot}; ${others || 'no device type here'} can.`,
      { deviceType: definition.deviceType, deliveryMethod: method, others },
    );
  }
  const missing = unsupportedMethods[method];
  if (missing)
    throw new Failure('Unsupported', 'delivery_method.unsupported', missing, { deliveryMethod: method });
  return method as 'CT_KIP_QR' | 'CT_KIP_URL';
}

type TokenSettings = Pick<
  TokenProfileRow,
  'algorithm' | 'tokencodeLength' | 'tokencodeInterval' | 'pinStyle'
>;

function tokenSettings(definition: DeviceDefinitionRow, input: CreateTokenProfileInput): TokenSettings {
  const { deviceType } = definition;
  const unsupported = (code: string, message: string) =>
    new Failure('Unsupported', code, message, { deviceType });
  const algorithm = input.algorithm ?? (definition.algorithms.includes('SECURID') ? 'SECURID' : 'TOTP');
  if (!definition.algorithms.includes(algorithm)) {
    throw unsupported(
      'algorithm.not_of_device',
      `${deviceType} shows no ${algorithm} codes; it shows ${definition.algorithms.join(', ')}.`,
    );
  }
  if (algorithm !== 'SECURID') {
    throw unsupported('algorithm.totp', 'Symbolon delivers SECURID tokens only. Choose SECURID.');
  }
  const pick = (wanted: number | null | undefined, usual: number, allowed: number[], what: string) => {
    const value = wanted ?? (allowed.includes(usual) ? usual : allowed[0]!);
    if (allowed.includes(value)) return value;
    throw unsupported(
      `${what.replace(' ', '_')}.not_of_device`,
      `${deviceType} has no ${what} of ${value}; it has ${allowed.join(' and ')}.`,
    );
  };
  const pinStyle = input.pinStyle ?? 'NONE';
  if (!definition.pinStyles.includes(pinStyle)) {
    throw unsupported('pin_style.not_of_device', `${deviceType} has no PIN style ${pinStyle}.`);
  }
  if (pinStyle !== 'NONE') {
    throw unsupported('pin_style.unsupported', 'Symbolon makes tokens without PIN. Choose NONE.');
  }
  return {
    algorithm,
    tokencodeLength: pick(input.tokencodeLength, 8, definition.tokencodeLengths, 'tokencode length'),
    tokencodeInterval: pick(input.tokencodeInterval, 60, definition.tokencodeIntervals, 'tokencode interval'),
    pinStyle,
  };
}
