import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type Connection, type PageArgs, pageOf } from '../../db/keyset.ts';
import type { Deps } from '../../lib/deps.ts';
import { auditEvents } from './table.ts';

export type AuditEventRow = typeof auditEvents.$inferSelect;

export type AuditEventFilter = {
  action?: string | null | undefined;
  actorUserName?: string | null | undefined;
  targetUserName?: string | null | undefined;
  serialNumber?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
  outcome?: AuditEventRow['outcome'] | null | undefined;
};

/** Audit events, newest first. Names are compared without case, as they were when it happened. */
export function listAuditEvents(
  deps: Deps,
  args: PageArgs,
  filter: AuditEventFilter,
): Promise<Connection<AuditEventRow>> {
  const sameName = (column: typeof auditEvents.actorName, name: string | null | undefined) =>
    name ? sql`lower(${column}) = ${name.trim().toLowerCase()}` : undefined;
  const matches = and(
    filter.action ? eq(auditEvents.action, filter.action) : undefined,
    filter.outcome ? eq(auditEvents.outcome, filter.outcome) : undefined,
    sameName(auditEvents.actorName, filter.actorUserName),
    sameName(auditEvents.targetUserName as never, filter.targetUserName),
    filter.serialNumber ? eq(auditEvents.serialNumber, filter.serialNumber.replaceAll(' ', '')) : undefined,
    filter.from ? gte(auditEvents.at, filter.from) : undefined,
    filter.to ? lt(auditEvents.at, filter.to) : undefined,
  );
  return page(deps, args, matches);
}

/** What was done to or by a user, newest first. */
export const listUserHistory = (
  deps: Deps,
  userId: string,
  args: PageArgs,
): Promise<Connection<AuditEventRow>> =>
  page(deps, args, sql`(${auditEvents.targetUserId} = ${userId} OR ${auditEvents.actorId} = ${userId})`);

/** What was done to a token, newest first. */
export const listTokenHistory = (
  deps: Deps,
  tokenId: string,
  args: PageArgs,
): Promise<Connection<AuditEventRow>> => page(deps, args, eq(auditEvents.tokenId, tokenId));

const page = (deps: Deps, args: PageArgs, matches: SQL | undefined): Promise<Connection<AuditEventRow>> =>
  pageOf(deps, { table: auditEvents, key: 'id', direction: 'desc', matches }, args);
