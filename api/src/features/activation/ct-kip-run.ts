import type { DeviceFacts } from '@symbolon/ct-kip/device-facts';
import { desc, eq, getColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';
import { bindingRefusal, type DeviceClaim } from '../distribution/device-binding.ts';
import { distributions } from '../distribution/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';
import { codeLookups } from './activation-code.ts';
import { FINISH_SECONDS } from './activation-state.ts';
import { isFirstUnlistedRefusal } from './guessing.ts';
import { activations, type CtKipSessionRow } from './table.ts';

/** Refusals of one activation that get an audit row each. */
const LISTED_REFUSALS = 20;

/** Everything a run of CT-KIP with one activation code is about. */
export type CtKipRun = NonNullable<Awaited<ReturnType<typeof findRun>>>;

/** The newest activation with this code, open or over, and what it is for. */
export const findByCode = async (deps: ActionDeps, code: string): Promise<CtKipRun | undefined> =>
  code.length > 128
    ? undefined
    : findRun(deps, inArray(activations.codeLookup, codeLookups(deps.vault, code)));

/** The activation that a session of the first pass belongs to. */
export const findBySession = (deps: ActionDeps, session: CtKipSessionRow): Promise<CtKipRun | undefined> =>
  findRun(deps, eq(activations.id, session.activationId));

async function findRun(deps: ActionDeps, which: SQL) {
  const [row] = await deps.db
    .select({
      activation: getColumns(activations),
      token: getColumns(tokens),
      owner: { id: users.id, userName: users.userName, enabled: users.enabled },
      distribution: getColumns(distributions),
      profile: getColumns(tokenProfiles),
      definition: {
        deviceClass: deviceDefinitions.deviceClass,
        serverKeyBits: deviceDefinitions.serverKeyBits,
        dialect: deviceDefinitions.dialect,
        allowsRsa15: deviceDefinitions.allowsRsa15,
      },
    })
    .from(activations)
    .innerJoin(tokens, eq(tokens.id, activations.tokenId))
    .innerJoin(users, eq(users.id, activations.ownerId))
    .innerJoin(distributions, eq(distributions.id, activations.distributionId))
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(which)
    .orderBy(desc(activations.createdAt))
    .limit(1);
  return row;
}

/**
 * Why this run may not go on, or undefined when it may.
 * @param sessionStartedAt of the second pass: a run begun before the end may finish within 60 s
 */
export function refusalOf(
  run: CtKipRun,
  { dialect }: { dialect: CtKipRun['definition']['dialect'] },
  now: Date,
  sessionStartedAt?: Date,
): string | undefined {
  const { activation, token, owner, definition } = run;
  // A code of one dialect is none in the other, so that neither opens a way around what the other checks.
  if (definition.dialect !== dialect) return 'another dialect';
  if (activation.state !== 'OPEN' && activation.state !== 'CONTACTED') return 'code used or ended';
  const mayFinish =
    sessionStartedAt &&
    sessionStartedAt < activation.expiresAt &&
    now < plusSeconds(sessionStartedAt, FINISH_SECONDS);
  if (now >= activation.expiresAt && !mayFinish) return 'code expired';
  if (!token.enabled) return 'token disabled';
  if (token.expiresOn !== null && token.expiresOn < utcDay(now)) return 'token expired';
  if (token.ownerId !== activation.ownerId) return 'owner changed';
  if (!owner.enabled) return 'user disabled';
  return undefined;
}

/** Whether the code itself is spent, which a guesser could also have met. */
export const isSpent = (reason: string): boolean =>
  reason === 'code used or ended' || reason === 'code expired' || reason === 'another dialect';

/** Why the device may not take the token, or undefined. */
export const deviceRefusalOf = (run: CtKipRun, claim: DeviceClaim) =>
  bindingRefusal(
    {
      deviceBinding: run.distribution.deviceBinding,
      boundDeviceId: run.distribution.boundDeviceId,
      deviceClass: run.definition.deviceClass,
      acceptSilentDevices: run.profile.acceptSilentDevices,
    },
    claim,
  );

/** What a device said of itself, in one line for people. */
export const deviceText = (device: Partial<DeviceFacts>): string | null => device.name ?? device.id ?? null;

/** Writes down that a known activation was refused: one by one up to twenty, then once per address and minute. */
export async function auditRefusal(
  db: Queryable,
  deps: ActionDeps,
  run: CtKipRun,
  reason: string,
  device: Partial<DeviceFacts>,
): Promise<void> {
  const [row] = await db
    .update(activations)
    .set({ refusals: sql`${activations.refusals} + 1` })
    .where(eq(activations.id, run.activation.id))
    .returning({ refusals: activations.refusals });
  const isListed = (row?.refusals ?? 0) <= LISTED_REFUSALS;
  if (!isListed && !(await isFirstUnlistedRefusal(deps))) return;
  await recordAudit(db, deps, {
    action: 'activation.refused',
    outcome: 'REFUSED',
    token: run.token,
    targetUser: run.owner,
    details: {
      reason,
      device: deviceText(device),
      deviceId: device.id,
      refusals: isListed ? undefined : row?.refusals,
    },
  });
}
