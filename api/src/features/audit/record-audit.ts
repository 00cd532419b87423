import type { Queryable } from '../../db/client.ts';
import { insertMany } from '../../db/insert-many.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { AuditAction } from './actions.ts';
import { auditEvents } from './table.ts';

export type AuditEntry = {
  action: AuditAction;
  /** Default DONE. */
  outcome?: 'DONE' | 'REFUSED' | 'FAILED';
  targetUser?: { id: string; userName: string } | null | undefined;
  token?: { id: string; serialNumber: string } | null | undefined;
  /** A key that was refused: it acts for nobody, yet is what was shown. Else the actor's. */
  apiKey?: { id: string; name: string } | null | undefined;
  /** Facts and changes without secrets; empty values are left out. */
  details?: Record<string, string | number | boolean | null | undefined>;
};

/** Writes audit rows in the caller's transaction, so that a change and its record stand or fall together. */
export async function recordAudit(tx: Queryable, deps: ActionDeps, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const { actor, request } = deps;
  await insertMany(
    tx,
    auditEvents,
    entries.map((entry) => ({
      at: deps.clock.now(),
      action: entry.action,
      outcome: entry.outcome ?? ('DONE' as const),
      actorId: actor.kind === 'user' ? actor.id : null,
      actorName: actor.kind === 'user' ? actor.userName : null,
      apiKeyId: entry.apiKey?.id ?? (actor.kind === 'user' ? actor.apiKey?.id : null) ?? null,
      apiKeyName: entry.apiKey?.name ?? (actor.kind === 'user' ? actor.apiKey?.name : null) ?? null,
      targetUserId: entry.targetUser?.id ?? null,
      targetUserName: entry.targetUser?.userName ?? null,
      tokenId: entry.token?.id ?? null,
      serialNumber: entry.token?.serialNumber ?? null,
      requestId: request.id,
      address: request.address,
      details: textDetails(entry.details ?? {}),
    })),
  );
}

function textDetails(details: NonNullable<AuditEntry['details']>): Record<string, string> {
  const filled = Object.entries(details).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  return Object.fromEntries(filled.map(([name, value]) => [name, String(value).slice(0, 500)]));
}
