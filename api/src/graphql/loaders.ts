import DataLoader from 'dataloader';
import { desc, inArray } from 'drizzle-orm';
import type { Role } from '../auth/permissions.ts';
import { rolesOf } from '../auth/session.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../features/device-definitions/table.ts';
import { type DistributionRow, distributions } from '../features/distribution/table.ts';
import { type TokenProfileRow, tokenProfiles } from '../features/token-profiles/table.ts';
import { type TokenRow, type TokenSeedRow, tokenSeeds, tokens } from '../features/tokens/table.ts';
import { type UserRow, users } from '../features/users/table.ts';
import type { Deps } from '../lib/deps.ts';

/** A token's generations: at most one of each. */
export type Seeds = { live: TokenSeedRow | undefined; provisional: TokenSeedRow | undefined };

export type Loaders = {
  user: DataLoader<string, UserRow | null>;
  roles: DataLoader<string, Role[]>;
  token: DataLoader<string, TokenRow | null>;
  seeds: DataLoader<string, Seeds>;
  tokenProfile: DataLoader<string, TokenProfileRow | null>;
  deviceDefinition: DataLoader<string, DeviceDefinitionRow | null>;
  distribution: DataLoader<string, DistributionRow | null>;
  newestDistribution: DataLoader<string, DistributionRow | null>;
};

const byId = <Row extends { id: string }>(query: (ids: string[]) => Promise<Row[]>) =>
  new DataLoader<string, Row | null>(async (ids) => {
    const rows = new Map((await query([...ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });

/** One statement for all rows of a kind that a request touches, instead of one for each. */
export function createLoaders({ db }: Deps): Loaders {
  return {
    user: byId((ids) => db.select().from(users).where(inArray(users.id, ids))),
    roles: new DataLoader(async (ids) => {
      const roles = await rolesOf(db, ids);
      return ids.map((id) => roles.get(id) ?? []);
    }),
    token: byId((ids) => db.select().from(tokens).where(inArray(tokens.id, ids))),
    seeds: new DataLoader(async (ids) => {
      const rows = await db.select().from(tokenSeeds).where(inArray(tokenSeeds.tokenId, [...ids]));
      return ids.map((id) => ({
        live: rows.find((row) => row.tokenId === id && row.state === 'LIVE'),
        provisional: rows.find((row) => row.tokenId === id && row.state === 'PROVISIONAL'),
      }));
    }),
    tokenProfile: byId((ids) => db.select().from(tokenProfiles).where(inArray(tokenProfiles.id, ids))),
    deviceDefinition: byId((ids) => db.select().from(deviceDefinitions).where(inArray(deviceDefinitions.id, ids))),
    distribution: byId((ids) => db.select().from(distributions).where(inArray(distributions.id, ids))),
    newestDistribution: new DataLoader(async (ids) => {
      const rows = await db
        .selectDistinctOn([distributions.tokenId])
        .from(distributions)
        .where(inArray(distributions.tokenId, [...ids]))
        .orderBy(distributions.tokenId, desc(distributions.createdAt));
      const byToken = new Map(rows.map((row) => [row.tokenId, row]));
      return ids.map((id) => byToken.get(id) ?? null);
    }),
  };
}
