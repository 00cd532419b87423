import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import { activations, activationTickets } from '../activation/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { users } from '../users/table.ts';
import type { MailEvent } from './mail-events.ts';

/** The outbox. A mail is written in the transaction of what it tells, and rendered when it is sent. */
export const mails = pgTable(
  'mails',
  {
    /** Version 7; also the left half of the Message-ID, so that a mail sent twice is known as one. */
    id: uuid('id').primaryKey(),
    event: text('event').$type<MailEvent>().notNull(),
    /** NOT_SENT: no mail server is set. FAILED: given up after the last try. */
    state: text('state').$type<'QUEUED' | 'SENT' | 'FAILED' | 'NOT_SENT'>().notNull(),
    userId: uuid('user_id').references(() => users.id),
    address: text('address').notNull(),
    /** Whose own text is used, if it has one. */
    profileId: uuid('profile_id').references(() => tokenProfiles.id, { onDelete: 'set null' }),
    /** Values of the template's variables; never a secret. */
    values: jsonb('values').$type<Record<string, string>>().notNull(),
    /** From these the secret variables are derived while the mail is sent. */
    ticketId: uuid('ticket_id').references(() => activationTickets.id),
    activationId: uuid('activation_id').references(() => activations.id),
    /** What is told once only. */
    onceKey: text('once_key'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    createdAt: moment('created_at').notNull(),
    sentAt: moment('sent_at'),
  },
  (t) => [
    index('mails_state').on(t.state, t.id),
    index('mails_address').on(t.address, t.createdAt),
    uniqueIndex('mails_once').on(t.onceKey).where(sql`once_key IS NOT NULL`),
  ],
);

/** Texts that differ from the shipped ones; for all profiles, or for one. */
export const mailTemplates = pgTable(
  'mail_templates',
  {
    id: uuid('id').primaryKey(),
    event: text('event').$type<MailEvent>().notNull(),
    profileId: uuid('profile_id').references(() => tokenProfiles.id, { onDelete: 'cascade' }),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
  },
  (t) => [
    uniqueIndex('mail_templates_general').on(t.event).where(sql`profile_id IS NULL`),
    uniqueIndex('mail_templates_profile').on(t.event, t.profileId),
  ],
);

export type MailRow = typeof mails.$inferSelect;
export type MailTemplateRow = typeof mailTemplates.$inferSelect;
