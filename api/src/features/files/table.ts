import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, moment } from '../../db/columns.ts';
import { users } from '../users/table.ts';

/**
 * Files that people brought, and files that we made for them. Their octets lie sealed in `file_chunks` and are deleted as
 * soon as nobody may take them any more; the row stays as a record.
 */
export const files = pgTable(
  'files',
  {
    id: uuid('id').primaryKey(),
    /** UPLOAD: brought by POST /files. ONE_TIME: made here, holds seeds, claimed once. */
    kind: text('kind').$type<'UPLOAD' | 'ONE_TIME'>().notNull(),
    /**
     * WRITING: its octets are coming. READY: an import may take it, or its maker claim it. CLAIMED: its address was given
     * out. USED: an import has it. GONE: nothing is left of its octets.
     */
    state: text('state').$type<'WRITING' | 'READY' | 'CLAIMED' | 'USED' | 'GONE'>().notNull(),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    /** Octets. */
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Lower-case hex; empty while it is written. */
    sha256: text('sha256').notNull(),
    createdBy: uuid('created_by').references(() => users.id),
    createdAt: moment('created_at').notNull(),
    /** When its octets are deleted, whatever its state. */
    expiresAt: moment('expires_at').notNull(),
    /** Keyed hash of the ticket in the address of a claimed file. */
    ticketHash: bytea('ticket_hash'),
  },
  (t) => [
    index('files_expires').on(t.expiresAt).where(sql`state <> 'GONE'`),
    index('files_open').on(t.createdBy).where(sql`state IN ('WRITING', 'READY')`),
    index('files_ticket').on(t.ticketHash),
  ],
);

export const fileChunks = pgTable(
  'file_chunks',
  {
    fileId: uuid('file_id')
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
    /** From 0 on. */
    position: integer('position').notNull(),
    /** Sealed by the vault for table `file_chunks`, `<file>:<position>`, purpose `octets`. */
    sealed: bytea('sealed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.position] })],
);

export type FileRow = typeof files.$inferSelect;
