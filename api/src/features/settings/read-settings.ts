import { inArray } from 'drizzle-orm';
import type { Queryable } from '../../db/client.ts';
import { settings } from './table.ts';

/** What administrators set for the whole installation. */
export type Settings = {
  /** 1 to 3. */
  maxTokensPerUser: number;
  /** Minutes a QR code lives, 1 to 10. */
  qrMinutes: number;
  /** Minutes a mailed link lives. */
  linkMinutes: number;
  /** QR code fallback: whether people may have a link mailed to them. */
  allowActivationLinkByEmail: boolean;
  /** Whether such a mail holds the address and the activation code themselves, as in the model. */
  codeInMail: boolean;
  requestsEnabled: boolean;
  activationEnabled: boolean;
  /** Whether people signed in by browser may run GraphQL documents that are not of our own pages. */
  takesForeignDocuments: boolean;
  testEnabled: boolean;
  /** Whether people may ask for tokens as files or CTF strings, and take them themselves. */
  allowFileDelivery: boolean;
  /** Days before its end when a token may be replaced as expiring. */
  expiringDays: number;
  /** Row id of the profile that is preselected, if any. */
  defaultProfileId: string | null;
  /** 0 to 4; 0: approved by itself. */
  approvalSteps: number;
  distributionStep: boolean;
  /** Days until an undecided request expires. */
  requestDays: number;
  /** Days of life that a picked token must have left. */
  minimumTokenDays: number;
  /** Whether a token is made when none is free, and for how many days it is valid. */
  generateTokens: boolean;
  generatedTokenDays: number;
  /** Monday to Friday, whole hours 0 to 24 in the time zone. */
  officeHoursFrom: number;
  officeHoursTo: number;
  /** IANA name. */
  officeTimeZone: string;
};

export const defaultSettings: Settings = {
  maxTokensPerUser: 3,
  qrMinutes: 5,
  linkMinutes: 60,
  allowActivationLinkByEmail: false,
  codeInMail: false,
  requestsEnabled: true,
  activationEnabled: true,
  takesForeignDocuments: true,
  testEnabled: true,
  allowFileDelivery: false,
  expiringDays: 30,
  defaultProfileId: null,
  approvalSteps: 1,
  distributionStep: false,
  requestDays: 14,
  minimumTokenDays: 30,
  generateTokens: false,
  generatedTokenDays: 1095,
  officeHoursFrom: 7,
  officeHoursTo: 19,
  officeTimeZone: 'UTC',
};

/** How the self-service pages look. */
export type Branding = {
  productName: string;
  /** #rrggbb; null: as shipped. */
  primaryColor: string | null;
  /** A data: URL. */
  logo: string | null;
};

export const defaultBranding: Branding = { productName: 'Symbolon', primaryColor: null, logo: null };

/** The installation's settings; what was never set is as shipped. */
export const readSettings = (db: Queryable): Promise<Settings> => read(db, defaultSettings);

/** One of them, for what is asked at every request. */
export const readSetting = async <Key extends keyof Settings>(
  db: Queryable,
  key: Key,
): Promise<Settings[Key]> => (await read(db, { [key]: defaultSettings[key] } as Pick<Settings, Key>))[key];

/** Kept apart from the other settings, which are read far more often than a logo. */
export const readBranding = (db: Queryable): Promise<Branding> => read(db, defaultBranding);

async function read<Values extends object>(db: Queryable, defaults: Values): Promise<Values> {
  const rows = await db
    .select()
    .from(settings)
    .where(inArray(settings.key, Object.keys(defaults)));
  const known = rows.map(({ key, value }) => {
    // A product called «2024» is read as a number.
    const isText = typeof defaults[key as keyof Values] === 'string';
    return [key, isText ? String(value) : value];
  });
  return { ...defaults, ...(Object.fromEntries(known) as Partial<Values>) };
}
