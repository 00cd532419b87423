import { and, count, eq } from 'drizzle-orm';
import { isInPerson } from '../../auth/actor.ts';
import { generateApiKey, permissionsInCommon } from '../../auth/api-key.ts';
import type { Permission } from '../../auth/permissions.ts';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';
import { plusSeconds, utcDay } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notify } from '../notifications/notify.ts';
import { lockUser } from '../users/find-user.ts';
import { isLiveAt } from './api-key-state.ts';

const DAY_SECONDS = 24 * 3600;
const LIFE_DAYS = { least: 1, usual: 90, most: 366 } as const;
/** Live keys of one person. */
export const MAX_KEYS = 20;

export type CreateApiKeyInput = {
  name: string;
  permissions: readonly Permission[];
  /** Default: in 90 days. */
  expiresAt?: Date | null | undefined;
};

/**
 * Makes an API key of one's own, with permissions that one holds. `key` is the secret: answered here, kept nowhere. The
 * owner is told by mail.
 * @throws Failure InvalidInput · LimitReached `api_key.limit`
 */
export async function createApiKey(
  deps: ActionDeps,
  input: CreateApiKeyInput,
): Promise<{ apiKey: ApiKeyRow; key: string }> {
  const { actor } = deps;
  if (!isInPerson(actor)) {
    throw new Error('Only a person who has signed in makes API keys.');
  }
  const now = deps.clock.now();
  const name = input.name.trim();
  const expiresAt = input.expiresAt ?? plusSeconds(now, LIFE_DAYS.usual * DAY_SECONDS);
  new FieldChecks()
    .require(
      name.length > 0 && name.length <= 64 && !/\p{Cc}/u.test(name),
      'name',
      'api_key_name.invalid',
      'The name of an API key has 1 to 64 characters.',
    )
    .require(
      input.permissions.length > 0,
      'permissions',
      'permissions.none',
      'Choose at least one permission.',
    )
    .require(
      expiresAt >= plusSeconds(now, LIFE_DAYS.least * DAY_SECONDS) &&
        expiresAt <= plusSeconds(now, LIFE_DAYS.most * DAY_SECONDS),
      'expiresAt',
      'expires_at.range',
      'An API key lives from a day to a year.',
    )
    .done();

  return deps.db.transaction(async (tx) => {
    // Locked: keys are counted one maker after the other, and roles are those of this moment.
    const owner = await lockUser(tx, actor.id);
    // Also of this session: one through the web tier has none, whoever it is.
    const own = new Set([...owner.permissions].filter((permission) => actor.permissions.has(permission)));
    const permissions = permissionsInCommon(input.permissions, own);
    new FieldChecks()
      .require(
        permissions.length === new Set(input.permissions).size,
        'permissions',
        'permissions.not_yours',
        'An API key may do no more than you.',
      )
      .done();
    const [live] = await tx
      .select({ count: count() })
      .from(apiKeys)
      .where(and(eq(apiKeys.ownerId, owner.id), isLiveAt(now)));
    if (live!.count >= MAX_KEYS) {
      throw new Failure(
        'LimitReached',
        'api_key.limit',
        `You have ${MAX_KEYS} API keys, and no more are allowed. Revoke one first.`,
        { limit: MAX_KEYS },
        { limit: MAX_KEYS },
      );
    }
    const { key, keyHash, prefix } = generateApiKey(deps.random);
    const [apiKey] = await tx
      .insert(apiKeys)
      .values({
        id: newId(deps),
        ownerId: owner.id,
        name,
        permissions,
        prefix,
        keyHash,
        createdAt: now,
        expiresAt,
      })
      .returning();
    await recordAudit(tx, deps, {
      action: 'api_key.created',
      targetUser: owner,
      details: { key: name, prefix, permissions: permissions.join(' '), expires: utcDay(expiresAt) },
    });
    await notify(tx, deps, owner, {
      event: 'API_KEY_CREATED',
      values: { keyName: name, expiresOn: utcDay(expiresAt) },
    });
    return { apiKey: apiKey!, key };
  });
}
