import { eq } from 'drizzle-orm';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { canBind } from '../distribution/device-binding.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { nameOfProfile } from './advance.ts';
import { checkChoice, findOffer, type RequestChoice, requireAddress } from './check-request.ts';
import { lockRequest } from './lock-request.ts';
import { hindranceFor } from './may-decide.ts';
import { waitsFor } from './request-state.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';

/**
 * Changes profile and device of a request before it is approved; only what is given. For whoever may decide it.
 * @throws Failure InvalidInput · NotFound · InvalidState `request.not_open`, `request.own`, …
 */
export const editTokenRequest = (
  deps: ActionDeps,
  input: RequestChoice & { requestId: string; profileId?: string | null | undefined },
): Promise<TokenRequestRow> =>
  deps.db.transaction(async (tx) => {
    const { actor } = deps;
    if (actor.kind !== 'user') throw new Error('A request is edited by a person.');
    const { request, requester, decisions } = await lockRequest(tx, input.requestId);
    const at = deps.clock.now();
    if (waitsFor(request, at) !== 'APPROVER') {
      throw new Failure(
        'InvalidState',
        'request.not_open',
        'Only a request that waits for an approver changes.',
      );
    }
    const hindrance = hindranceFor(request, actor, requester, decisions, at);
    if (hindrance) throw new Failure('InvalidState', hindrance.code, hindrance.message);
    const isOther = Boolean(input.profileId) && input.profileId !== request.profileId;
    const profile = isOther
      ? (await findOffer(tx, input.profileId!)).profile
      : (await tx.select().from(tokenProfiles).where(eq(tokenProfiles.id, request.profileId)))[0]!;
    if (isOther) requireAddress(profile, requester);
    const tellsDevice = profile.deliveryMethod !== 'OTPAUTH_QR';
    const checks = new FieldChecks();
    // What was chosen for another app falls away where nothing can check it.
    const deviceBinding =
      input.deviceBinding ?? (canBind(profile, request.deviceBinding) ? request.deviceBinding : 'CLASS');
    const choice = checkChoice(
      checks,
      {
        nickname: input.nickname ?? request.nickname,
        deviceBinding,
        deviceId: deviceBinding === 'DEVICE' ? (input.deviceId ?? request.deviceId) : input.deviceId,
      },
      profile,
      true,
    );
    checks
      .require(
        tellsDevice || deviceBinding === 'CLASS',
        'deviceBinding',
        'device_binding.otpauth',
        'Authenticator apps tell nothing of their device, so this token cannot be bound to one.',
      )
      .done();
    const before = { ...request, profile: await nameOfProfile(tx, request) };
    const [edited] = await tx
      .update(tokenRequests)
      .set({ ...choice, profileId: input.profileId ?? request.profileId })
      .where(eq(tokenRequests.id, request.id))
      .returning();
    const after = { ...edited!, profile: await nameOfProfile(tx, edited!) };
    const changed = (['profile', 'nickname', 'deviceBinding', 'deviceId'] as const).filter(
      (field) => before[field] !== after[field],
    );
    if (changed.length === 0) return edited!;
    const details = changed.flatMap((field) => [
      [`${field} before`, before[field]],
      [field, after[field]],
    ]);
    await recordAudit(tx, deps, {
      action: 'request.edited',
      targetUser: requester,
      details: { request: request.id, ...Object.fromEntries(details) },
    });
    await deps.bus.publish(tx, 'request', request.id);
    return edited!;
  });
