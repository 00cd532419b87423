import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import { tokens } from '../tokens/table.ts';

/** Wrong passcodes from API callers in the last 24 hours: so many, and the token is LOCKED for them. */
export const wrongPasscodes = pgTable(
  'wrong_passcodes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id, { onDelete: 'cascade' }),
    at: moment('at').notNull(),
  },
  (t) => [index('wrong_passcodes_token').on(t.tokenId, t.at)],
);

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
