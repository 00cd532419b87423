import { and, eq, isNull } from 'drizzle-orm';
import { isSelf, mayActor, requireAuthorityOver } from '../../auth/actor.ts';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { notify } from '../notifications/notify.ts';
import { lockUser } from '../users/find-user.ts';

/**
 * Ends an API key at once, with its sockets: one's own, or with SETTINGS_MANAGE that of somebody whom one may administer,
 * who is told by mail. A key that is revoked already stays as it is.
 * @throws Failure NotFound · InvalidState `user.outranks_you`
 */
export async function revokeApiKey(deps: ActionDeps, input: { apiKeyId: string }): Promise<ApiKeyRow> {
  const { actor } = deps;
  return deps.db.transaction(async (tx) => {
    const [seen] = await tx.select().from(apiKeys).where(eq(apiKeys.id, input.apiKeyId));
    const isOwn = isSelf(actor, seen?.ownerId);
    if (!seen || (!isOwn && !mayActor(actor, 'SETTINGS_MANAGE'))) {
      throw new Failure('NotFound', 'api_key.not_found', 'There is no such API key.');
    }
    const owner = await lockUser(tx, seen.ownerId);
    requireAuthorityOver(actor, owner, 'allowed');
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: deps.clock.now() })
      .where(and(eq(apiKeys.id, seen.id), isNull(apiKeys.revokedAt)))
      .returning();
    if (!revoked) return (await tx.select().from(apiKeys).where(eq(apiKeys.id, seen.id)))[0]!;
    await deps.bus.publish(tx, 'api_key', revoked.id);
    await recordAudit(tx, deps, {
      action: 'api_key.revoked',
      targetUser: owner,
      details: { key: revoked.name, prefix: revoked.prefix },
    });
    if (!isOwn && owner.enabled) {
      await notify(tx, deps, owner, { event: 'API_KEY_REVOKED', values: { keyName: revoked.name } });
    }
    return revoked;
  });
}
