import { eq } from 'drizzle-orm';
import { requireAuthorityOver } from '../../auth/actor.ts';
import type { Transaction } from '../../db/client.ts';
import { momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { openActivation } from '../activation/open-activation.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notifyOwner } from '../notifications/notify.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { deleteSeeds, hasLiveSeed, markDistributed } from '../tokens/seeds.ts';
import { answerAgain, inputHash, keyUsedOtherwise } from './answer-again.ts';
import { checkDistribution, requireDistributable } from './check-distribution.ts';
import { deliverSeed } from './deliver-seed.ts';
import {
  type Distributed,
  type DistributeTokenInput,
  type Profile,
  showsCode,
  showsNothing,
} from './distributed.ts';
import { endDistributionsOfToken } from './end-distributions.ts';
import { distributions } from './table.ts';

/**
 * Delivers an assigned token by a profile's method. Whatever was open of this token before ends in the same
 * transaction: a former code dies at once, an unconfirmed seed is thrown away.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.not_assigned`, `token.disabled`, `token.expired`,
 *   `token_profile.retired`, `user.disabled`, `user.is_yourself`, … · Unsupported `algorithm.differs` · Conflict
 *   `idempotency_key.other_input`
 */
export const distributeToken = (deps: ActionDeps, input: DistributeTokenInput): Promise<Distributed> =>
  deps.db.transaction((tx) => distributeTokenIn(tx, deps, input, { tellsOwner: true }));

/**
 * The same in the caller's transaction.
 * @param how.isForOwner a file or string is not made now: its owner takes it in self-service
 */
export async function distributeTokenIn(
  tx: Transaction,
  deps: ActionDeps,
  input: DistributeTokenInput,
  { tellsOwner, isForOwner = false }: { tellsOwner: boolean; isForOwner?: boolean },
): Promise<Distributed> {
  const now = momentOf(deps.clock);
  const locked = await lockTokens(tx, [input.tokenId]);
  const token = locked.tokens[0]!;
  const profile = await findProfile(tx, input.profileId);
  const present = token.ownerId ? locked.users.get(token.ownerId) : undefined;
  // Before a former answer, too, which may hold a code: rank is of now, and a key's is less than its owner's.
  if (present) requireAuthorityOver(deps.actor, present, 'refused');
  const former = await answerAgain(tx, deps, input, profile);
  if (former) return former;

  const owner = requireDistributable(token, present, profile, now);
  const choice = checkDistribution(input, profile, {
    token,
    owner,
    hasLiveSeed: await hasLiveSeed(tx, token.id),
  });

  await endDistributionsOfToken(tx, deps, token.id, 'SUPERSEDED');
  await deleteSeeds(
    tx,
    token.id,
    // A seed of the stock is of no more use: each distribution makes its own.
    input.formerSeed === 'STOP_NOW' ? ['LIVE', 'PROVISIONAL', 'STOCK'] : ['PROVISIONAL', 'STOCK'],
  );
  const minutes = profile.deliveryMethod === 'CT_KIP_URL' ? profile.activationCodeMinutes : null;
  const [distribution] = await tx
    .insert(distributions)
    .values({
      id: newId(deps),
      tokenId: token.id,
      profileId: profile.id,
      deliveryMethod: profile.deliveryMethod,
      state: choice.isDelivered && !isForOwner ? 'DELIVERED' : 'PENDING',
      deviceBinding: choice.deviceBinding,
      boundDeviceId: choice.deviceId,
      codeKind: choice.isDelivered ? null : choice.codeKind,
      filePasswordRule: choice.isDelivered && !isForOwner ? (input.filePasswordRule ?? 'NONE') : null,
      copyProtected: choice.isDelivered ? (input.copyProtected ?? true) : null,
      idempotencyKey: input.idempotencyKey || null,
      inputHash: input.idempotencyKey ? inputHash(deps, input) : null,
      createdBy: deps.actor.kind === 'user' ? deps.actor.id : null,
      createdAt: now.at,
      expiresAt: minutes ? plusSeconds(now.at, minutes * 60) : null,
    })
    // Only another token's distribution can be there: for this one, `answerAgain` looked under its lock.
    .onConflictDoNothing({ target: [distributions.createdBy, distributions.idempotencyKey] })
    .returning();
  if (!distribution) throw keyUsedOtherwise();
  await markDistributed(tx, token.id, {
    profileId: profile.id,
    deviceBinding: choice.deviceBinding,
    boundDeviceId: choice.deviceId,
    nickname: choice.nickname,
    distributedAt: now.at,
  });
  await recordAudit(tx, deps, {
    action: 'token.distributed',
    token,
    targetUser: owner,
    details: {
      profile: profile.name,
      deviceType: profile.definition.deviceType,
      deliveryMethod: profile.deliveryMethod,
      deviceBinding: choice.deviceBinding,
      boundDeviceId: choice.deviceId,
      activationCode: profile.deliveryMethod === 'CT_KIP_URL' ? choice.codeKind : null,
      passwordRule: distribution.filePasswordRule,
      copyProtected: distribution.copyProtected,
      formerSeed: input.formerSeed,
    },
  });
  if (tellsOwner) {
    await notifyOwner(tx, deps, token, {
      event: 'TOKEN_READY',
      profileId: profile.id,
      values: {
        profileName: profile.name,
        deviceType: profile.definition.deviceType,
        expiresOn: token.expiresOn,
      },
    });
  }
  if (choice.isDelivered && !isForOwner) {
    const nickname = choice.nickname === undefined ? token.nickname : choice.nickname;
    const given = { token, owner, profile, distribution, nickname, password: choice.password };
    const { distribution: delivered, file, ctfUrl } = await deliverSeed(tx, deps, given);
    return { ...showsNothing(delivered), file, ctfUrl };
  }
  if (profile.deliveryMethod !== 'CT_KIP_URL') return showsNothing(distribution);

  const { code } = await openActivation(tx, deps, {
    tokenId: token.id,
    distributionId: distribution.id,
    ownerId: owner.id,
    expiresAt: distribution.expiresAt!,
    ...(choice.codeKind === 'OWN'
      ? { kind: 'OWN', ownCode: input.ownActivationCode! }
      : { kind: choice.codeKind }),
  });
  return showsCode(tx, deps, distribution, profile, code);
}

async function findProfile(tx: Transaction, id: string): Promise<Profile> {
  const [row] = await tx
    .select({ profile: tokenProfiles, definition: deviceDefinitions })
    .from(tokenProfiles)
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(eq(tokenProfiles.id, id))
    .for('share', { of: tokenProfiles });
  if (!row) throw new Failure('NotFound', 'token_profile.not_found', 'There is no such token profile.');
  return { ...row.profile, definition: row.definition };
}
