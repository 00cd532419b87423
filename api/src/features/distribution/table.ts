import { boolean, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { bytea, moment } from '../../db/columns.ts';
import { files } from '../files/table.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { tokens } from '../tokens/table.ts';
import { users } from '../users/table.ts';

export const distributions = pgTable(
  'distributions',
  {
    id: uuid('id').primaryKey(),
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => tokenProfiles.id),
    deliveryMethod: text('delivery_method')
      .$type<'CT_KIP_QR' | 'CT_KIP_URL' | 'CTF' | 'FILE' | 'OTPAUTH_QR'>()
      .notNull(),
    /** EXPIRED is stored too, but a PENDING one past its time is expired whether or not the row says so. */
    state: text('state')
      .$type<'PENDING' | 'ACTIVATED' | 'CONFIRMED' | 'EXPIRED' | 'SUPERSEDED' | 'REVOKED' | 'DELIVERED'>()
      .notNull(),
    deviceBinding: text('device_binding').$type<'CLASS' | 'DEVICE' | 'FIRST'>().notNull(),
    boundDeviceId: text('bound_device_id'),
    /** DIGITS and LONG are derived again when they are shown; OWN is known by its lookup hash only. */
    codeKind: text('code_kind').$type<'DIGITS' | 'LONG' | 'OWN' | 'OCTETS'>(),
    /** FILE and CTF. */
    filePasswordRule: text('file_password_rule').$type<
      'NONE' | 'PASSWORD' | 'USER_NAME' | 'USER_NAME_AND_PASSWORD'
    >(),
    copyProtected: boolean('copy_protected'),
    /** FILE: what was made of it. */
    fileId: uuid('file_id').references(() => files.id),
    idempotencyKey: text('idempotency_key'),
    /** Of the whole input: the same key with another is refused. */
    inputHash: bytea('input_hash'),
    createdBy: uuid('created_by').references(() => users.id),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    index('distributions_token').on(t.tokenId, t.createdAt),
    index('distributions_profile').on(t.profileId),
    uniqueIndex('distributions_one_pending').on(t.tokenId).where(sql`state = 'PENDING'`),
    uniqueIndex('distributions_idempotency').on(t.createdBy, t.idempotencyKey),
  ],
);

export type DistributionRow = typeof distributions.$inferSelect;
