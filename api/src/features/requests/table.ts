import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import { distributions } from '../distribution/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';

/** A user's wish for a token, with the workflow that held when it was made. */
export const tokenRequests = pgTable(
  'token_requests',
  {
    /** Version 7, so the order of ids is the order in which people asked. */
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'NEW' | 'ADDITIONAL' | 'REPLACEMENT'>().notNull(),
    /** EXPIRED is stored too, but an undecided one past its time is expired whether or not the row says so. */
    status: text('status')
      .$type<
        | 'PENDING'
        | 'DEFERRED'
        | 'APPROVED'
        | 'WAITING_FOR_TOKEN'
        | 'REJECTED'
        | 'CANCELLED'
        | 'EXPIRED'
        | 'FAILED'
        | 'COMPLETED'
      >()
      .notNull(),
    requesterId: uuid('requester_id')
      .notNull()
      .references(() => users.id),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => tokenProfiles.id),
    reason: text('reason').notNull(),
    replacementReason: text('replacement_reason').$type<'BROKEN' | 'LOST' | 'EXPIRING'>(),
    replacesTokenId: uuid('replaces_token_id').references(() => tokens.id),
    nickname: text('nickname'),
    deviceBinding: text('device_binding').$type<'CLASS' | 'DEVICE' | 'FIRST'>().notNull(),
    deviceId: text('device_id'),
    approvalSteps: integer('approval_steps').notNull(),
    distributionStep: boolean('distribution_step').notNull(),
    approvalsGiven: integer('approvals_given').notNull().default(0),
    tokenId: uuid('token_id').references(() => tokens.id),
    distributionId: uuid('distribution_id').references(() => distributions.id),
    /** Why it failed, in a sentence. */
    failure: text('failure'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    index('token_requests_status').on(t.status, t.id),
    index('token_requests_requester').on(t.requesterId, t.id),
    index('token_requests_profile').on(t.profileId),
    index('token_requests_token').on(t.tokenId),
    index('token_requests_distribution').on(t.distributionId),
    index('token_requests_replaces').on(t.replacesTokenId),
    uniqueIndex('token_requests_one_open')
      .on(t.requesterId, t.kind)
      .where(
        sql`status IN ('PENDING','DEFERRED','WAITING_FOR_TOKEN') OR (status = 'APPROVED' AND token_id IS NULL)`,
      ),
  ],
);

/** What was decided, by whom; the table only grows. */
export const requestDecisions = pgTable(
  'request_decisions',
  {
    id: uuid('id').primaryKey(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => tokenRequests.id),
    /** 1 for the first approval; the distribution step comes after the last. */
    step: integer('step').notNull(),
    verb: text('verb').$type<'APPROVE' | 'REJECT' | 'DEFER' | 'DISTRIBUTE'>().notNull(),
    byId: uuid('by_id')
      .notNull()
      .references(() => users.id),
    at: moment('at').notNull(),
    /** Goes to the requester by mail. */
    comment: text('comment'),
    /** For administrators only. */
    note: text('note'),
  },
  (t) => [
    index('request_decisions_request').on(t.requestId, t.at),
    uniqueIndex('request_decisions_once_a_step').on(t.requestId, t.step).where(sql`verb <> 'DEFER'`),
    uniqueIndex('request_decisions_different_people').on(t.requestId, t.byId).where(sql`verb = 'APPROVE'`),
  ],
);

/** The order of decisions: step by step, and within a step what put it off before what decided it. */
export const inOrder = [
  requestDecisions.step,
  sql`${requestDecisions.verb} <> 'DEFER'`,
  requestDecisions.at,
  requestDecisions.id,
];

export type TokenRequestRow = typeof tokenRequests.$inferSelect;
export type RequestDecisionRow = typeof requestDecisions.$inferSelect;
