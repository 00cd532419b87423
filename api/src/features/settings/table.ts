import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, moment } from '../../db/columns.ts';

export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
});

/** A value sealed under the master key at the first start: the wrong key is noticed before it does harm. */
export const masterKeyCanary = pgTable('master_key_canary', {
  id: text('id').primaryKey(),
  sealed: bytea('sealed').notNull(),
});

/** What the newest check of an address found, so that pages can warn without checking again. One row an address. */
export const addressChecks = pgTable('address_checks', {
  url: text('url').primaryKey(),
  findings: jsonb('findings').notNull(),
  checkedAt: moment('checked_at').notNull(),
});
