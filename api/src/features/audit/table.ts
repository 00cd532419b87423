import { bigint, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';

/** Only grows: a trigger refuses UPDATE, DELETE and TRUNCATE. Names are kept as they were when it happened. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment('at').notNull(),
    action: text('action').notNull(),
    outcome: text('outcome').$type<'DONE' | 'REFUSED' | 'FAILED'>().notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name'),
    /** The API key with which the actor came, and its name then. */
    apiKeyId: uuid('api_key_id'),
    apiKeyName: text('api_key_name'),
    targetUserId: uuid('target_user_id'),
    targetUserName: text('target_user_name'),
    tokenId: uuid('token_id'),
    serialNumber: text('serial_number'),
    requestId: text('request_id'),
    address: text('address'),
    details: jsonb('details').$type<Record<string, string>>().notNull(),
  },
  (t) => [
    index('audit_events_action').on(t.action, t.id),
    index('audit_events_actor').on(t.actorId, t.id),
    index('audit_events_target_user').on(t.targetUserId, t.id),
    index('audit_events_token').on(t.tokenId, t.id),
    index('audit_events_serial').on(t.serialNumber, t.id),
    index('audit_events_at').on(t.at),
  ],
);
