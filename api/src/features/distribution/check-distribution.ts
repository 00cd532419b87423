import type { Moment } from '../../lib/clock.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { retiredProfile } from '../token-profiles/profile-rules.ts';
import type { TokenRow } from '../tokens/table.ts';
import { disabledUser, type UserWithRoles } from '../users/find-user.ts';
import type { CodeKind } from '../activation/activation-code.ts';
import { normalDeviceId, requireFittingDevice } from './device-binding.ts';
import type { DistributeTokenInput, Profile } from './distributed.ts';
import { filePasswordOf } from './file-password.ts';
import { weaknessOf } from './own-code.ts';

/**
 * Whether the token can be distributed with this profile now; answers its owner.
 * @throws Failure InvalidState · Unsupported, each says what to do
 */
export function requireDistributable(
  token: TokenRow,
  owner: UserWithRoles | undefined,
  profile: Profile,
  { day }: Moment,
): UserWithRoles {
  const { serialNumber } = token;
  const refuse = (code: string, message: string) =>
    new Failure('InvalidState', code, message, { serialNumber });
  if (!owner) throw refuse('token.not_assigned', `Token ${serialNumber} has no owner. Assign it first.`);
  if (token.managedElsewhere) {
    throw refuse(
      'token.managed_elsewhere',
      `Token ${serialNumber} is managed by another system, so it is never distributed here.`,
    );
  }
  if (token.replacedAt) throw refuse('token.replaced', `Token ${serialNumber} was replaced. Choose another.`);
  if (token.expiresOn !== null && token.expiresOn < day) {
    throw refuse('token.expired', `Token ${serialNumber} has expired. Assign another one.`);
  }
  if (!token.enabled) {
    throw refuse('token.disabled', `Token ${serialNumber} is disabled. Enable it first, then distribute it.`);
  }
  if (!owner.enabled) throw disabledUser(owner);
  if (profile.retiredAt) throw retiredProfile(profile);
  if (profile.algorithm !== token.algorithm) {
    throw new Failure(
      'Unsupported',
      'algorithm.differs',
      `Token ${serialNumber} is a ${token.algorithm} token, and «${profile.name}» is for ${profile.algorithm}. ` +
        `Choose a profile for ${token.algorithm}.`,
      { serialNumber, name: profile.name },
    );
  }
  return owner;
}

/** What a distribution is made with, once its input has been checked. */
export type DistributionChoice = {
  deviceBinding: 'CLASS' | 'DEVICE' | 'FIRST';
  deviceId: string | null;
  /** Undefined: as it was. */
  nickname: string | null | undefined;
  codeKind: CodeKind;
  /** FILE and CTF: the seed itself is handed over, and nothing waits for a phone. */
  isDelivered: boolean;
  /** What locks it; null for nothing. */
  password: string | null;
};

/** @throws Failure InvalidInput that names every field */
export function checkDistribution(
  input: DistributeTokenInput,
  profile: Profile,
  about: { token: TokenRow; owner: UserWithRoles; hasLiveSeed: boolean },
): DistributionChoice {
  const deviceBinding = input.deviceBinding ?? 'CLASS';
  const deviceId = input.deviceId?.trim() || null;
  const nickname = input.nickname?.trim();
  const isQr = profile.deliveryMethod !== 'CT_KIP_URL';
  const isOtpauth = profile.deliveryMethod === 'OTPAUTH_QR';
  const isDelivered = profile.deliveryMethod === 'FILE' || profile.deliveryMethod === 'CTF';
  const wanted = input.activationCodeKind ?? null;
  const isOwn = wanted === 'OWN';
  const takesOctets = profile.definition.codeFormat === 'OCTETS';
  const { token, owner } = about;
  const weakness = isOwn
    ? weaknessOf(input.ownActivationCode ?? '', [
        owner.userName,
        owner.givenName,
        owner.familyName,
        token.serialNumber,
        token.serialNumber.slice(4),
      ])
    : undefined;
  const checks = new FieldChecks();
  const password = isDelivered ? filePasswordOf(checks, input, owner) : null;
  requireFittingDevice(checks, profile, deviceBinding, deviceId);
  checks
    .require(
      isDelivered || (!input.filePasswordRule && !input.filePassword),
      'filePassword',
      'file_password.not_of_delivery',
      'A password goes with delivery by file or CTF only.',
    )
    .require(
      !isOtpauth || deviceBinding === 'CLASS',
      'deviceBinding',
      'device_binding.otpauth',
      `${profile.definition.deviceType} tells nothing of the device, so the token cannot be bound to one.`,
    )
    .require(
      (nickname?.length ?? 0) <= 50,
      'nickname',
      'nickname.long',
      'A nickname has at most 50 characters.',
    )
    .require(
      !about.hasLiveSeed || Boolean(input.formerSeed),
      'formerSeed',
      'former_seed.required',
      'This token works on a phone today. Say what becomes of it: it goes on until the new one is confirmed, or stops now.',
    )
    .require(
      !isQr || (!wanted && !input.ownActivationCode),
      'activationCodeKind',
      'activation_code.system_generated',
      'The activation code cannot be chosen here: for QR codes Symbolon makes it, and files have none.',
    )
    .require(
      isQr || !wanted || !takesOctets,
      'activationCodeKind',
      'activation_code.octets',
      `${profile.definition.deviceType} takes a code that only its link can carry, so it cannot be chosen.`,
    )
    .require(
      isOwn || !input.ownActivationCode || isQr,
      'ownActivationCode',
      'activation_code.unused',
      'A code of your own goes with the choice OWN only.',
    )
    .require(isQr || !weakness, 'ownActivationCode', 'activation_code.weak', weakness ?? '')
    .require(
      (input.idempotencyKey?.length ?? 0) <= 200,
      'idempotencyKey',
      'idempotency_key.long',
      'An idempotency key has at most 200 characters.',
    )
    .done();
  return {
    deviceBinding,
    deviceId: deviceId && normalDeviceId(deviceId),
    nickname: nickname === undefined ? undefined : nickname || null,
    codeKind: takesOctets ? 'OCTETS' : (wanted ?? 'DIGITS'),
    isDelivered,
    password,
  };
}
