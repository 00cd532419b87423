import { and, asc, eq, gte, isNull, or } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { mailActivation } from '../activation/send-activation-link.ts';
import { newestActivation } from '../activation/open-activation.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { canBind } from '../distribution/device-binding.ts';
import { distributeTokenIn } from '../distribution/distribute-token.ts';
import { groupedSerial } from '../notifications/notify.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { type TokenProfileRow, tokenProfiles } from '../token-profiles/table.ts';
import { assignTokensIn } from '../tokens/assign-tokens.ts';
import { generateTokensIn } from '../tokens/generate-tokens.ts';
import { type TokenRow, tokens } from '../tokens/table.ts';
import type { UserWithRoles } from '../users/find-user.ts';
import { requireAddress } from './check-request.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';
import { tellRequester } from './tell.ts';

const DAY = 24 * 3600;

/** No token is free. */
export type NoneFree = 'none free';
export const isServed = (served: TokenRequestRow | NoneFree): served is TokenRequestRow =>
  served !== 'none free';

/**
 * Gives an approved request its token: a chosen one, else the free one that fits and ends first, else a new one where
 * that is allowed; assigns and distributes it by the profile, and tells the requester. The caller has locked the
 * requester and the request.
 * @throws Failure LimitReached · InvalidState · Conflict · Unsupported, when the token cannot be given
 */
export async function serveRequest(
  tx: Transaction,
  deps: ActionDeps,
  request: TokenRequestRow,
  requester: UserWithRoles,
  how: { tokenId?: string | null; comment: string | null; isFirst: boolean },
): Promise<TokenRequestRow | NoneFree> {
  const settings = await readSettings(tx);
  const { profile, definition } = await profileOf(tx, request);
  const tokenId = how.tokenId ?? (await pickToken(tx, deps, profile, settings));
  if (!tokenId) return 'none free';
  requireAddress(profile, requester);

  const former = await stillReplaced(tx, request);
  const [token] = await assignTokensIn(tx, deps, {
    userId: requester.id,
    tokenIds: [tokenId],
    replacesTokenId: former?.id ?? null,
  });
  const { distribution } = await distributeTokenIn(
    tx,
    deps,
    {
      tokenId,
      profileId: profile.id,
      // The profile may have changed since somebody asked for it.
      ...(canBind(profile, request.deviceBinding) && {
        deviceBinding: request.deviceBinding,
        deviceId: request.deviceId,
      }),
      nickname: request.nickname,
    },
    { tellsOwner: false, isForOwner: true },
  );
  const [served] = await tx
    .update(tokenRequests)
    .set({ status: 'APPROVED', tokenId, distributionId: distribution.id })
    .where(eq(tokenRequests.id, request.id))
    .returning();
  await recordAudit(tx, deps, {
    action: 'request.distributed',
    targetUser: requester,
    token: token!,
    details: { request: request.id, profile: profile.name },
  });
  await tellRequester(
    tx,
    deps,
    { request: served!, requester, profileName: profile.name },
    how.isFirst ? 'REQUEST_APPROVED' : 'TOKEN_READY',
    {
      comment: how.comment,
      serialNumber: groupedSerial(token!.serialNumber),
      deviceType: definition.deviceType,
      expiresOn: token!.expiresOn,
      replacedSerialNumber: former && groupedSerial(former.serialNumber),
    },
  );
  if (profile.deliveryMethod === 'CT_KIP_URL') {
    const activation = await newestActivation(tx, distribution.id);
    await mailActivation(tx, deps, {
      token: token!,
      activation: activation!,
      profile,
      definition,
      settings,
    });
  }
  await deps.bus.publish(tx, 'request', request.id);
  return served!;
}

/** The free token that fits and ends first, locked; two who pick at once get two. */
async function pickToken(
  tx: Transaction,
  deps: ActionDeps,
  { algorithm }: TokenProfileRow,
  settings: Settings,
): Promise<string | null> {
  const now = deps.clock.now();
  const [free] = await tx
    .select({ id: tokens.id })
    .from(tokens)
    .where(isFree(algorithm, utcDay(plusSeconds(now, settings.minimumTokenDays * DAY))))
    .orderBy(asc(tokens.expiresOn), tokens.id)
    .limit(1)
    .for('update', { skipLocked: true });
  if (free) return free.id;
  if (!settings.generateTokens) return null;
  const expiresOn = utcDay(plusSeconds(now, settings.generatedTokenDays * DAY));
  const [made] = await generateTokensIn(tx, deps, { count: 1, algorithm, expiresOn });
  return made!.id;
}

/** Tokens without an owner that work, and live on that day still; of one algorithm, or of any. */
export const isFree = (algorithm: TokenRow['algorithm'] | undefined, onDay: string) =>
  and(
    isNull(tokens.ownerId),
    eq(tokens.enabled, true),
    isNull(tokens.lostAt),
    isNull(tokens.replacedAt),
    eq(tokens.managedElsewhere, false),
    eq(tokens.onDevice, false),
    algorithm && eq(tokens.algorithm, algorithm),
    or(isNull(tokens.expiresOn), gte(tokens.expiresOn, onDay)),
  );

/** The token to replace, if it is the requester's still. */
async function stillReplaced(tx: Transaction, request: TokenRequestRow): Promise<TokenRow | null> {
  if (!request.replacesTokenId) return null;
  const [former] = await tx
    .select()
    .from(tokens)
    .where(
      and(
        eq(tokens.id, request.replacesTokenId),
        eq(tokens.ownerId, request.requesterId),
        isNull(tokens.replacedAt),
      ),
    );
  return former ?? null;
}

async function profileOf(tx: Transaction, { profileId }: TokenRequestRow) {
  const [row] = await tx
    .select({ profile: tokenProfiles, definition: deviceDefinitions })
    .from(tokenProfiles)
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(eq(tokenProfiles.id, profileId));
  return row!;
}
