import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import { tokens } from '../tokens/table.ts';

/** Wrong passcodes in a row, per caller and token: from the fifth on, answers to that pair are delayed. */
export const passcodeFailures = pgTable(
  'passcode_failures',
  {
    caller: text('caller').notNull(),
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id, { onDelete: 'cascade' }),
    failures: integer('failures').notNull(),
    lastFailureAt: moment('last_failure_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caller, t.tokenId] })],
);
