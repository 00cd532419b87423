import { asc, eq, inArray } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, type FieldChecks } from '../../lib/failure.ts';
import { isHandedOn, retiredProfile } from '../token-profiles/profile-rules.ts';
import { readSettings } from '../settings/read-settings.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import { type TokenProfileRow, tokenProfiles } from '../token-profiles/table.ts';
import { isPicture } from './picture.ts';
import { type ProfileOfferRow, profileOffers } from './table.ts';

/** What an administrator says of a profile that people may ask for. */
export type OfferInput = {
  profileId: string;
  /** Default: the profile's name. */
  displayName?: string | null | undefined;
  description?: string | null | undefined;
  /** A data: URL. */
  picture?: string | null | undefined;
  helpUrl?: string | null | undefined;
  appUrl?: string | null | undefined;
  mayChooseDevice?: boolean | null | undefined;
};

export type Offer = ProfileOfferRow & { profile: TokenProfileRow };

/** Twenty of them fit into one request. */
const PICTURE_BYTES = 30 * 1024;
const MAX_OFFERS = 20;

/** What people may ask for, in order; retired profiles are left out. */
export async function listOffers(db: Queryable): Promise<Offer[]> {
  const rows = await db
    .select({ offer: profileOffers, profile: tokenProfiles })
    .from(profileOffers)
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, profileOffers.profileId))
    .orderBy(asc(profileOffers.position));
  return rows
    .filter(({ profile }) => !profile.retiredAt)
    .map(({ offer, profile }) => ({ ...offer, profile }));
}

/** Notes what is wrong with the offers of an input. */
export function checkOffers(checks: FieldChecks, offers: readonly OfferInput[]): void {
  checks.require(
    offers.length <= MAX_OFFERS && new Set(offers.map(({ profileId }) => profileId)).size === offers.length,
    'offers',
    'offers.count',
    `At most ${MAX_OFFERS} profiles, each once.`,
  );
  for (const [index, offer] of offers.entries()) {
    const at = (field: string) => `offers.${index}.${field}`;
    checks
      .require(
        /^\P{C}{0,100}$/u.test(offer.displayName ?? ''),
        at('displayName'),
        'display_name.long',
        'A display name has at most 100 characters.',
      )
      .require(
        (offer.description ?? '').length <= 500,
        at('description'),
        'description.long',
        'A description has at most 500 characters.',
      )
      .require(
        !offer.picture || isPicture(offer.picture, PICTURE_BYTES),
        at('picture'),
        'picture.invalid',
        'A picture is a PNG, JPEG or WebP of at most 30 kB.',
      )
      .require(
        isHttps(offer.helpUrl),
        at('helpUrl'),
        'url.https',
        'An https address of at most 500 characters.',
      )
      .require(
        isHttps(offer.appUrl),
        at('appUrl'),
        'url.https',
        'An https address of at most 500 characters.',
      );
  }
}

function isHttps(url: string | null | undefined): boolean {
  if (!url) return true;
  const parsed = URL.parse(url);
  return url.length <= 500 && parsed?.protocol === 'https:' && !parsed.username && !parsed.password;
}

/**
 * Replaces the list of offers. What is not said of a profile stays as it was known.
 * @throws Failure NotFound · InvalidState `token_profile.retired`
 */
export async function replaceOffers(
  tx: Transaction,
  deps: ActionDeps,
  offers: readonly OfferInput[],
): Promise<void> {
  const ids = offers.map(({ profileId }) => profileId);
  const profiles = await findProfiles(tx, ids);
  await requireFilesAllowed(tx, profiles.values());
  const before = await tx.select().from(profileOffers).orderBy(asc(profileOffers.position));
  const rows = offers.map((offer, position) => {
    const { profile, definition } = profiles.get(offer.profileId)!;
    const known = before.find(({ profileId }) => profileId === offer.profileId);
    const said = <Key extends 'description' | 'picture' | 'helpUrl' | 'appUrl'>(key: Key) =>
      offer[key] === undefined ? known?.[key] : offer[key]?.trim();
    return {
      profileId: profile.id,
      position,
      displayName: (offer.displayName ?? known?.displayName)?.trim() || profile.name,
      description: said('description') ?? '',
      picture: said('picture') || null,
      helpUrl: said('helpUrl') || null,
      appUrl: (known || offer.appUrl !== undefined ? said('appUrl') : definition.appDownloadUrl) || null,
      mayChooseDevice: offer.mayChooseDevice ?? known?.mayChooseDevice ?? false,
    };
  });
  if (JSON.stringify(rows) === JSON.stringify(before.map((row) => pickSame(row)))) return;
  await tx.delete(profileOffers);
  if (rows.length > 0) await tx.insert(profileOffers).values(rows);
  const names = (list: readonly { displayName: string }[]) =>
    list.map(({ displayName }) => displayName).join(', ') || 'none';
  await recordAudit(tx, deps, {
    action: 'self_service.offers_changed',
    details: { 'profiles before': names(before), profiles: names(rows) },
  });
}

const pickSame = (row: ProfileOfferRow) => ({
  profileId: row.profileId,
  position: row.position,
  displayName: row.displayName,
  description: row.description,
  picture: row.picture,
  helpUrl: row.helpUrl,
  appUrl: row.appUrl,
  mayChooseDevice: row.mayChooseDevice,
});

/** Files and strings are for whoever sets them up to hand on, unless people may take their own. */
async function requireFilesAllowed(tx: Transaction, found: Iterable<Found>): Promise<void> {
  const { allowFileDelivery } = await readSettings(tx);
  for (const { profile } of found) {
    if (allowFileDelivery || !isHandedOn(profile)) continue;
    throw new Failure(
      'InvalidState',
      'token_profile.files_not_allowed',
      `«${profile.name}» delivers by file or CTF, and people may not take files themselves. Allow that first.`,
      { name: profile.name },
    );
  }
}

type Found = { profile: TokenProfileRow; definition: DeviceDefinitionRow };

async function findProfiles(tx: Transaction, ids: readonly string[]): Promise<Map<string, Found>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ profile: tokenProfiles, definition: deviceDefinitions })
    .from(tokenProfiles)
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(inArray(tokenProfiles.id, [...ids]));
  const found = new Map(rows.map((row) => [row.profile.id, row]));
  for (const id of ids) {
    const row = found.get(id);
    if (!row) throw new Failure('NotFound', 'token_profile.not_found', 'There is no such token profile.');
    if (row.profile.retiredAt) throw retiredProfile(row.profile);
  }
  return found;
}
