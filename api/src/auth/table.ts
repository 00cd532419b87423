import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytea, moment } from '../db/columns.ts';
import { users } from '../features/users/table.ts';

export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the cookie's value, so that a copy of the table signs nobody in. */
    tokenHash: bytea('token_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    address: text('address').notNull(),
    userAgent: text('user_agent'),
  },
  (t) => [uniqueIndex('sessions_token_hash').on(t.tokenHash), index('sessions_user').on(t.userId)],
);

/** What an integrator's program signs in with: never more than its owner may at the time of use. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The permissions that its maker chose for it. */
    permissions: text('permissions').array().notNull(),
    /** The key's first characters, by which people know it again. */
    prefix: text('prefix').notNull(),
    /** SHA-256 of the key, which is 256 random bits. */
    keyHash: bytea('key_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** Written at most once a minute. */
    lastUsedAt: moment('last_used_at'),
    lastUsedAddress: text('last_used_address'),
    revokedAt: moment('revoked_at'),
  },
  (t) => [uniqueIndex('api_keys_key_hash').on(t.keyHash), index('api_keys_owner').on(t.ownerId)],
);

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** Failed attempts, counted per key (account and address, address, …) over a window. */
export const attemptCounters = pgTable('attempt_counters', {
  key: text('key').primaryKey(),
  failures: integer('failures').notNull(),
  windowStartedAt: moment('window_started_at').notNull(),
  lastFailureAt: moment('last_failure_at').notNull(),
});
