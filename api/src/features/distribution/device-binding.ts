import type { FieldChecks } from '../../lib/failure.ts';
import { isHandedOn } from '../token-profiles/profile-rules.ts';
import type { TokenProfileRow } from '../token-profiles/table.ts';

/** How a device says who it is in CT-KIP; a claim, not a proof. */
export type DeviceClaim = { class: string | null | undefined; id: string | null | undefined };

export type BindingRule = {
  deviceBinding: 'CLASS' | 'DEVICE' | 'FIRST';
  boundDeviceId: string | null;
  /** Class GUID of the profile's device type. */
  deviceClass: string;
  /** Whether a binding to one device lets a device pass that tells nothing of itself. */
  acceptSilentDevices: boolean;
};

/** An id as it is compared: people group it and write it in either case. */
export const normalDeviceId = (id: string): string => id.replace(/[\s:.{}-]/g, '').toLowerCase();

/** Whether an id can be bound to. */
const isDeviceId = (id: string): boolean => /^[0-9a-z]{4,128}$/.test(normalDeviceId(id));

/** Whether a CTF string can be bound to an id: of its first characters the hexadecimal digits count, and nothing else. */
export const countsInCtf = (id: string): boolean =>
  normalDeviceId(id)
    .slice(0, 32)
    .replace(/[^0-9a-f]/g, '').length >= 4;

/** Whether anything can hold a token of this profile to the binding: authenticator apps tell nothing of their device, and files are made before any is met. */
export const canBind = (
  profile: Pick<TokenProfileRow, 'deliveryMethod'>,
  deviceBinding: BindingRule['deviceBinding'],
): boolean =>
  deviceBinding === 'CLASS' ||
  (profile.deliveryMethod !== 'OTPAUTH_QR' && !(isHandedOn(profile) && deviceBinding === 'FIRST'));

/** Requires a device id where the binding is to one device, and none elsewhere; and what files and strings can hold. */
export const requireFittingDevice = (
  checks: FieldChecks,
  profile: Pick<TokenProfileRow, 'deliveryMethod'>,
  deviceBinding: BindingRule['deviceBinding'],
  deviceId: string | null | undefined,
): FieldChecks =>
  checks
    .require(
      !isHandedOn(profile) || deviceBinding !== 'FIRST',
      'deviceBinding',
      'device_binding.delivered',
      'A file or string is made before any device is met: bind it to its class or to one device id.',
    )
    .require(
      deviceBinding !== 'DEVICE' || isDeviceId(deviceId ?? ''),
      'deviceId',
      'device_id.required',
      'Type the device id that the app shows: 4 to 128 letters and digits.',
    )
    .require(
      deviceBinding !== 'DEVICE' || profile.deliveryMethod !== 'CTF' || countsInCtf(deviceId ?? ''),
      'deviceId',
      'device_id.hexadecimal',
      'Of a device id only its hexadecimal digits count in a CTF string: it needs at least four.',
    )
    .require(
      deviceBinding === 'DEVICE' || !deviceId,
      'deviceId',
      'device_id.unused',
      'A device id goes with the binding to one device only.',
    );

/**
 * Why a device may not take the token, or undefined when it may. A device that tells no class passes `CLASS` and
 * `FIRST`: known apps tell none.
 */
export function bindingRefusal(
  rule: BindingRule,
  claim: DeviceClaim,
): 'device class' | 'device id' | 'no device id' | undefined {
  if (claim.class && normalDeviceId(claim.class) !== normalDeviceId(rule.deviceClass)) return 'device class';
  if (rule.deviceBinding !== 'DEVICE') return undefined;
  if (!claim.id) return rule.acceptSilentDevices ? undefined : 'no device id';
  return normalDeviceId(claim.id) === normalDeviceId(rule.boundDeviceId ?? '') ? undefined : 'device id';
}
