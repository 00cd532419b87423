import DataLoader from 'dataloader';
import { inArray } from 'drizzle-orm';
import type { Role } from '../auth/permissions.ts';
import { rolesOf } from '../auth/session.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../features/device-definitions/table.ts';
import { type DistributionRow, distributions } from '../features/distribution/table.ts';
import { inOrder, type RequestDecisionRow, requestDecisions } from '../features/requests/table.ts';
import { usedProfiles } from '../features/token-profiles/profile-rules.ts';
import { type TokenProfileRow, tokenProfiles } from '../features/token-profiles/table.ts';
import { tokens } from '../features/tokens/table.ts';
import { loadTokenViews, selectTokens, type TokenView, viewOf } from '../features/tokens/token-view.ts';
import { type UserRow, users } from '../features/users/table.ts';
import { momentOf } from '../lib/clock.ts';
import type { Deps } from '../lib/deps.ts';

export type Loaders = {
  user: DataLoader<string, UserRow | null>;
  roles: DataLoader<string, Role[]>;
  token: DataLoader<string, TokenView | null>;
  /** By the owner's id; by serial number. */
  tokensOf: DataLoader<string, TokenView[]>;
  tokenProfile: DataLoader<string, TokenProfileRow | null>;
  /** Whether anything was ever distributed with it. */
  tokenProfileUsed: DataLoader<string, boolean>;
  deviceDefinition: DataLoader<string, DeviceDefinitionRow | null>;
  distribution: DataLoader<string, DistributionRow | null>;
  /** By the request's id, oldest first. */
  requestDecisions: DataLoader<string, RequestDecisionRow[]>;
};

const byId = <Row extends { id: string }>(query: (ids: string[]) => Promise<Row[]>) =>
  new DataLoader<string, Row | null>(async (ids) => {
    const rows = new Map((await query([...ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });

/** One statement for all rows of a kind that a request touches, instead of one for each. */
export function createLoaders({ db, clock }: Deps): Loaders {
  return {
    user: byId((ids) => db.select().from(users).where(inArray(users.id, ids))),
    roles: new DataLoader(async (ids) => {
      const roles = await rolesOf(db, ids);
      return ids.map((id) => roles.get(id) ?? []);
    }),
    token: byId((ids) => loadTokenViews(db, ids, momentOf(clock))),
    tokensOf: new DataLoader(async (ids) => {
      const rows = await selectTokens(db)
        .where(inArray(tokens.ownerId, [...ids]))
        .orderBy(tokens.serialKey);
      const views = rows.map((row) => viewOf(row, momentOf(clock)));
      return ids.map((id) => views.filter(({ ownerId }) => ownerId === id));
    }),
    tokenProfile: byId((ids) => db.select().from(tokenProfiles).where(inArray(tokenProfiles.id, ids))),
    tokenProfileUsed: new DataLoader(async (ids) => {
      const used = await usedProfiles(db, ids);
      return ids.map((id) => used.has(id));
    }),
    deviceDefinition: byId((ids) =>
      db.select().from(deviceDefinitions).where(inArray(deviceDefinitions.id, ids)),
    ),
    requestDecisions: new DataLoader(async (ids) => {
      const rows = await db
        .select()
        .from(requestDecisions)
        .where(inArray(requestDecisions.requestId, [...ids]))
        .orderBy(...inOrder);
      return ids.map((id) => rows.filter(({ requestId }) => requestId === id));
    }),
    distribution: byId((ids) => db.select().from(distributions).where(inArray(distributions.id, ids))),
  };
}

/** Has everything read anew: a subscription lives longer than one answer. */
export function clearLoaders(loaders: Loaders): void {
  for (const loader of Object.values(loaders)) loader.clearAll();
}
