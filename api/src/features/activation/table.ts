import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytea, moment } from '../../db/columns.ts';
import { distributions } from '../distribution/table.ts';
import { tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';

/**
 * One activation code and what became of it. A QR distribution gets one for each time its owner opens the dialog;
 * a URL distribution gets one when it is made, so that CT-KIP treats both alike.
 */
export const activations = pgTable(
  'activations',
  {
    id: uuid('id').primaryKey(),
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id),
    distributionId: uuid('distribution_id')
      .notNull()
      .references(() => distributions.id),
    /** Owner of the token when the code was made; another owner later spends nothing with it. */
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id),
    /** EXPIRED is stored too, but an OPEN one past its time is expired whether or not the row says so. */
    state: text('state')
      .$type<'OPEN' | 'CONTACTED' | 'ACTIVATED' | 'CONFIRMED' | 'EXPIRED' | 'CANCELLED'>()
      .notNull(),
    /** Which derivation of the code: counts up when a derived code is already in use by another. */
    codeAttempt: integer('code_attempt').notNull(),
    /** HMAC of the code under the lookup subkey. */
    codeLookup: bytea('code_lookup').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** When the first pass of the newest CT-KIP run was answered. */
    sessionStartedAt: moment('session_started_at'),
    /** First passes that were answered. */
    runs: integer('runs').notNull().default(0),
    failedPasses: integer('failed_passes').notNull().default(0),
    /** Refusals that were audited one by one; the rest is only counted. */
    refusals: integer('refusals').notNull().default(0),
    /** What the phone that activated said of itself. */
    device: text('device'),
    /** Masked address to which it was mailed as a link; such a one is no QR code. */
    sentTo: text('sent_to'),
    /** Until when the first code may be typed, of an otpauth activation: its seed is made with it, and no phone contacts us. */
    confirmUntil: moment('confirm_until'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('activations_live_code').on(t.codeLookup).where(sql`state IN ('OPEN','CONTACTED')`),
    uniqueIndex('activations_one_open').on(t.tokenId).where(sql`state IN ('OPEN','CONTACTED')`),
    index('activations_code').on(t.codeLookup),
    index('activations_token').on(t.tokenId, t.createdAt),
    index('activations_distribution').on(t.distributionId),
  ],
);

/**
 * A mailed link to an activation. The ticket is derived from the row's id and kept as a lookup hash only; it is spent by
 * showing the phone's link once.
 */
export const activationTickets = pgTable(
  'activation_tickets',
  {
    id: uuid('id').primaryKey(),
    activationId: uuid('activation_id')
      .notNull()
      .references(() => activations.id),
    /** HMAC of the ticket under the lookup subkey. */
    lookup: bytea('lookup').notNull(),
    /** Wrong numbers typed so far; the third ends the ticket. */
    failedTries: integer('failed_tries').notNull().default(0),
    createdAt: moment('created_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (t) => [
    uniqueIndex('activation_tickets_lookup').on(t.lookup),
    index('activation_tickets_activation').on(t.activationId),
  ],
);

/** Protocol state between the two passes, so that any instance may answer either. */
export const ctKipSessions = pgTable(
  'ct_kip_sessions',
  {
    /** The SessionID as sent. */
    id: text('id').primaryKey(),
    activationId: uuid('activation_id')
      .notNull()
      .references(() => activations.id),
    dialect: text('dialect').$type<'RSA' | 'RFC'>().notNull(),
    serverKeyId: uuid('server_key_id')
      .notNull()
      .references(() => ctKipServerKeys.id),
    serverNonce: bytea('server_nonce').notNull(),
    /** RFC dialect: the names that ServerHello chose. */
    keyType: text('key_type'),
    encryptionAlgorithm: text('encryption_algorithm'),
    macAlgorithm: text('mac_algorithm'),
    deviceClass: text('device_class'),
    deviceId: text('device_id'),
    deviceName: text('device_name'),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
    /** SHA-256 of the second request, and our answer to it: a lost reply is sent again for 60 s. */
    finishRequestHash: bytea('finish_request_hash'),
    finishReply: bytea('finish_reply'),
  },
  (t) => [
    index('ct_kip_sessions_activation').on(t.activationId),
    index('ct_kip_sessions_started').on(t.startedAt),
  ],
);

/** One key serves one dialect, scheme and size only. */
export const ctKipServerKeys = pgTable(
  'ct_kip_server_keys',
  {
    id: uuid('id').primaryKey(),
    dialect: text('dialect').$type<'RSA' | 'RFC'>().notNull(),
    scheme: text('scheme').notNull(),
    bits: integer('bits').notNull(),
    modulus: bytea('modulus').notNull(),
    /** PKCS#8 DER, sealed by the vault for table `ct_kip_server_keys`, this row, purpose `private-key`. */
    sealedPrivateKey: bytea('sealed_private_key').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [uniqueIndex('ct_kip_server_keys_use').on(t.dialect, t.scheme, t.bits)],
);

export type ActivationRow = typeof activations.$inferSelect;
export type ActivationTicketRow = typeof activationTickets.$inferSelect;
export type CtKipSessionRow = typeof ctKipSessions.$inferSelect;
