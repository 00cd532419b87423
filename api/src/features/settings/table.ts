import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea } from '../../db/columns.ts';

export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
});

/** A value sealed under the master key at the first start: the wrong key is noticed before it does harm. */
export const masterKeyCanary = pgTable('master_key_canary', {
  id: text('id').primaryKey(),
  sealed: bytea('sealed').notNull(),
});
