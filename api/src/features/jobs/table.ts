import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { apiKeys } from '../../auth/table.ts';
import { bytea, moment } from '../../db/columns.ts';
import { files } from '../files/table.ts';
import { users } from '../users/table.ts';

export const jobStates = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const;
export type JobState = (typeof jobStates)[number];

/** Long work with progress. What it does lies in batches: each with its rows, its log and its progress in one transaction. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'IMPORT_TOKENS'>().notNull(),
    name: text('name').notNull(),
    state: text('state').$type<JobState>().notNull(),
    /** Rows in all; null while counting. */
    total: integer('total'),
    done: integer('done').notNull(),
    skipped: integer('skipped').notNull(),
    failed: integer('failed').notNull(),
    /** Rows for its log so far; the log holds the first `MOST_LOGGED` of them. */
    logged: integer('logged').notNull().default(0),
    /** English sentence that says how it ended. */
    message: text('message'),
    /** What it was asked for, without secrets. */
    input: jsonb('input').notNull(),
    /** What it needs to know and nobody may read: sealed by the vault for table `jobs`, this row, purpose `secret`. */
    sealedSecret: bytea('sealed_secret'),
    fileId: uuid('file_id').references(() => files.id),
    outputFileId: uuid('output_file_id').references(() => files.id),
    /** Rows gone through and committed: where it goes on after a kill. */
    position: integer('position').notNull(),
    /** Since when, and from which row on, it works without a break: by these its pace is told. */
    pacedSince: moment('paced_since'),
    pacedFrom: integer('paced_from'),
    /** Counts by what became of rows: new, identical, … */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
    createdBy: uuid('created_by').references(() => users.id),
    /** The API key with which a program asked for it: it works with no more rights than that. */
    apiKeyId: uuid('api_key_id').references(() => apiKeys.id),
    apiKeyName: text('api_key_name'),
    /** Of the request that made it; the audit rows of its work carry them, too. */
    requestId: text('request_id').notNull(),
    address: text('address').notNull(),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    cancelRequestedAt: moment('cancel_requested_at'),
  },
  (t) => [index('jobs_unfinished').on(t.state).where(sql`state IN ('QUEUED', 'RUNNING')`)],
);

/** Rows of a job's input that it did not take as they were, and why. */
export const jobRows = pgTable(
  'job_rows',
  {
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    /** Place in the input, from 1 on. */
    position: integer('position').notNull(),
    /** One-based line of the input file, where it has lines. */
    line: integer('line'),
    serialNumber: text('serial_number'),
    /** SKIPPED: left out. FAILED: wrong in itself. NOTED: taken, but not as a whole. */
    outcome: text('outcome').$type<'SKIPPED' | 'FAILED' | 'NOTED'>().notNull(),
    code: text('code').notNull(),
    message: text('message').notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.position] })],
);

export type JobRow = typeof jobs.$inferSelect;
export type JobLogRow = typeof jobRows.$inferSelect;
