import { boolean, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../../db/columns.ts';

export const deviceDefinitions = pgTable(
  'device_definitions',
  {
    id: uuid('id').primaryKey(),
    deviceType: text('device_type').notNull(),
    deviceTypeKey: text('device_type_key').notNull(),
    /** Class GUID, lower case. */
    deviceClass: text('device_class').notNull(),
    deliveryMethods: text('delivery_methods').array().notNull(),
    algorithms: text('algorithms').array().notNull(),
    tokencodeLengths: integer('tokencode_lengths').array().notNull(),
    tokencodeIntervals: integer('tokencode_intervals').array().notNull(),
    pinStyles: text('pin_styles').array().notNull(),
    /** Delivery method → link template. */
    linkTemplates: jsonb('link_templates').$type<Record<string, string>>().notNull(),
    codeFormat: text('code_format').$type<'DIGITS' | 'OCTETS'>().notNull(),
    tellsDeviceId: boolean('tells_device_id').notNull(),
    serverKeyBits: integer('server_key_bits').notNull(),
    /** Which CT-KIP the app speaks: RSA's SOAP dialect, or RFC 4758. */
    dialect: text('dialect').$type<'RSA' | 'RFC'>().notNull().default('RSA'),
    /** RFC dialect: whether `rsa-1_5` is accepted from an app that cannot do `rsa-oaep-mgf1p`. */
    allowsRsa15: boolean('allows_rsa_1_5').notNull().default(false),
    /** Hash functions that the app can use for TOTP. */
    hashAlgorithms: text('hash_algorithms').array().notNull().default(['SHA1']),
    appDownloadUrl: text('app_download_url'),
    /** What the app runs on; links by mail go to iOS and Android only. */
    platform: text('platform').$type<'IOS' | 'ANDROID' | 'OTHER'>().notNull().default('OTHER'),
    shipped: boolean('shipped').notNull(),
    source: text('source').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [uniqueIndex('device_definitions_device_type_key').on(t.deviceTypeKey)],
);

export type DeviceDefinitionRow = typeof deviceDefinitions.$inferSelect;
