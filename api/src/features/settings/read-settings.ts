import type { Queryable } from '../../db/client.ts';
import { settings } from './table.ts';

export type Settings = {
  /** 1 to 3. */
  maxTokensPerUser: number;
  /** Minutes a QR code lives. */
  qrMinutes: number;
};

export const defaultSettings: Settings = { maxTokensPerUser: 3, qrMinutes: 5 };

/** The installation's settings; what was never set is as shipped. */
export async function readSettings(db: Queryable): Promise<Settings> {
  const rows = await db.select().from(settings);
  const known = rows.filter(({ key }) => key in defaultSettings).map(({ key, value }) => [key, value]);
  return { ...defaultSettings, ...(Object.fromEntries(known) as Partial<Settings>) };
}
