import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  date,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea, moment } from '../../db/columns.ts';
import { tokenProfiles } from '../token-profiles/table.ts';
import { users } from '../users/table.ts';

export const tokens = pgTable(
  'tokens',
  {
    id: uuid('id').primaryKey(),
    serialNumber: text('serial_number').notNull(),
    /** The serial number in lower case: unique without case, and the order of lists. */
    serialKey: text('serial_key').notNull(),
    algorithm: text('algorithm').$type<'SECURID' | 'TOTP'>().notNull(),
    enabled: boolean('enabled').notNull(),
    /** Last valid day, UTC, YYYY-MM-DD. */
    expiresOn: date('expires_on', { mode: 'string' }),
    ownerId: uuid('owner_id').references(() => users.id),
    profileId: uuid('profile_id').references(() => tokenProfiles.id),
    nickname: text('nickname'),
    deviceBinding: text('device_binding').$type<'CLASS' | 'DEVICE' | 'FIRST'>(),
    boundDeviceId: text('bound_device_id'),
    createdAt: moment('created_at').notNull(),
    assignedAt: moment('assigned_at'),
    distributedAt: moment('distributed_at'),
    lastUsedAt: moment('last_used_at'),
    lostAt: moment('lost_at'),
    /** Since when its codes are LOCKED for callers other than the owner: too many wrong ones. */
    lockedAt: moment('locked_at'),
    replacedAt: moment('replaced_at'),
    /** Of another system, a cloud service: shown here, with no seed, not counted towards the limit. */
    managedElsewhere: boolean('managed_elsewhere').notNull().default(false),
    /** Imported with the word that its seed is on a device: hardware, or an app of another system. */
    onDevice: boolean('on_device').notNull().default(false),
    /** As the file says that it was imported from; null for tokens that were made here. */
    importedLength: integer('imported_length'),
    importedInterval: integer('imported_interval'),
    importedPinStyle: text('imported_pin_style').$type<'NONE' | 'PINPAD' | 'FOB'>(),
    importedHashAlgorithm: text('imported_hash_algorithm').$type<'SHA1' | 'SHA256' | 'SHA512'>(),
    /** Keyed hash of the seed that was imported last, by which a file's token is known to be the same. */
    importedSeedHash: bytea('imported_seed_hash'),
    /** The token that this one takes the place of, once it is confirmed. */
    replacesTokenId: uuid('replaces_token_id').references((): AnyPgColumn => tokens.id),
  },
  (t) => [
    uniqueIndex('tokens_serial_key').on(t.serialKey),
    index('tokens_owner').on(t.ownerId),
    index('tokens_profile').on(t.profileId),
    index('tokens_expires_on').on(t.expiresOn),
    index('tokens_replaces').on(t.replacesTokenId),
    index('tokens_free')
      .on(t.algorithm, t.expiresOn, t.id)
      .where(
        sql`owner_id IS NULL AND enabled AND lost_at IS NULL AND replaced_at IS NULL AND NOT managed_elsewhere AND NOT on_device`,
      ),
    index('tokens_unassigned').on(t.serialKey).where(sql`owner_id IS NULL`),
  ],
);

/**
 * Seed generations: at most one LIVE and one PROVISIONAL for a token; an imported token of the stock has a STOCK one, which
 * opens nothing, until it is distributed. A retired generation is deleted, so that a seed that no longer counts cannot leak.
 */
export const tokenSeeds = pgTable(
  'token_seeds',
  {
    id: uuid('id').primaryKey(),
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id, { onDelete: 'cascade' }),
    state: text('state').$type<'LIVE' | 'PROVISIONAL' | 'STOCK'>().notNull(),
    /** Sealed by the vault for table `token_seeds`, this row, purpose `seed`. */
    sealedSeed: bytea('sealed_seed').notNull(),
    tokencodeLength: integer('tokencode_length').notNull(),
    tokencodeInterval: integer('tokencode_interval').notNull(),
    pinStyle: text('pin_style').$type<'NONE' | 'PINPAD' | 'FOB'>().notNull(),
    /** TOTP only. */
    hashAlgorithm: text('hash_algorithm').$type<'SHA1' | 'SHA256' | 'SHA512'>(),
    confirmation: text('confirmation').$type<'OWNER' | 'FIRST_USE'>().notNull(),
    /** Steps that the device's clock is ahead of ours (negative: behind). */
    drift: integer('drift').notNull().default(0),
    /** Newest accepted step; a code counts once. */
    lastStep: bigint('last_step', { mode: 'number' }),
    /** Steps that a code from far off the expected time may have come from: the code of the step behind one of them must follow. */
    awaitedAfterSteps: bigint('awaited_after_steps', { mode: 'number' }).array(),
    awaitedUntil: moment('awaited_until'),
    activationId: uuid('activation_id'),
    distributionId: uuid('distribution_id'),
    device: text('device'),
    deviceId: text('device_id'),
    createdAt: moment('created_at').notNull(),
    confirmedAt: moment('confirmed_at'),
    /** It came from a file and is on its owner's device: unassigning does not delete it. */
    imported: boolean('imported').notNull().default(false),
  },
  (t) => [uniqueIndex('token_seeds_token_state').on(t.tokenId, t.state)],
);

export type TokenRow = typeof tokens.$inferSelect;
export type TokenSeedRow = typeof tokenSeeds.$inferSelect;
