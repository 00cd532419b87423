import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import type { Finding } from './finding.ts';

/** What the newest check of an address found, so that pages can warn without checking again. One row an address. */
export const addressChecks = pgTable('address_checks', {
  url: text('url').primaryKey(),
  findings: jsonb('findings').$type<Finding[]>().notNull(),
  checkedAt: moment('checked_at').notNull(),
});
