import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { tokenProfiles } from '../token-profiles/table.ts';

/** Profiles that people may ask for, with what they see of them. */
export const profileOffers = pgTable('profile_offers', {
  profileId: uuid('profile_id')
    .primaryKey()
    .references(() => tokenProfiles.id, { onDelete: 'cascade' }),
  /** 0 for the first in the list. */
  position: integer('position').notNull(),
  displayName: text('display_name').notNull(),
  description: text('description').notNull(),
  /** A data: URL. */
  picture: text('picture'),
  helpUrl: text('help_url'),
  appUrl: text('app_url'),
  mayChooseDevice: boolean('may_choose_device').notNull(),
});

export type ProfileOfferRow = typeof profileOffers.$inferSelect;
