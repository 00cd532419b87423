import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';
import { deviceDefinitions } from '../device-definitions/table.ts';

export const tokenProfiles = pgTable(
  'token_profiles',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    deviceDefinitionId: uuid('device_definition_id')
      .notNull()
      .references(() => deviceDefinitions.id),
    deliveryMethod: text('delivery_method')
      .$type<'CT_KIP_QR' | 'CT_KIP_URL' | 'CTF' | 'FILE' | 'OTPAUTH_QR'>()
      .notNull(),
    algorithm: text('algorithm').$type<'SECURID' | 'TOTP'>().notNull(),
    tokencodeLength: integer('tokencode_length').notNull(),
    tokencodeInterval: integer('tokencode_interval').notNull(),
    /** TOTP only. */
    hashAlgorithm: text('hash_algorithm').$type<'SHA1' | 'SHA256' | 'SHA512'>(),
    pinStyle: text('pin_style').$type<'NONE' | 'PINPAD' | 'FOB'>().notNull(),
    seedConfirmation: text('seed_confirmation').$type<'OWNER' | 'FIRST_USE'>().notNull(),
    /** Null for QR. */
    activationCodeMinutes: integer('activation_code_minutes'),
    acceptSilentDevices: boolean('accept_silent_devices').notNull(),
    retiredAt: moment('retired_at'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('token_profiles_name_key').on(t.nameKey),
    index('token_profiles_device_definition').on(t.deviceDefinitionId),
  ],
);

export type TokenProfileRow = typeof tokenProfiles.$inferSelect;
