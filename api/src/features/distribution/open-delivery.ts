import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { type DeviceDefinitionRow, deviceDefinitions } from '../device-definitions/table.ts';
import { type TokenProfileRow, tokenProfiles } from '../token-profiles/table.ts';
import { type DistributionRow, distributions } from './table.ts';

export type OpenDelivery = {
  distribution: DistributionRow;
  profile: TokenProfileRow;
  definition: DeviceDefinitionRow;
};

/** The newest distribution of a token by one of these methods and in one of these states, with what it goes by. */
export async function findDelivery(
  tx: Transaction,
  tokenId: string,
  methods: readonly DistributionRow['deliveryMethod'][],
  states: readonly DistributionRow['state'][],
): Promise<OpenDelivery | undefined> {
  const [row] = await tx
    .select({ distribution: distributions, profile: tokenProfiles, definition: deviceDefinitions })
    .from(distributions)
    .innerJoin(tokenProfiles, eq(tokenProfiles.id, distributions.profileId))
    .innerJoin(deviceDefinitions, eq(deviceDefinitions.id, tokenProfiles.deviceDefinitionId))
    .where(
      and(
        eq(distributions.tokenId, tokenId),
        inArray(distributions.deliveryMethod, [...methods]),
        inArray(distributions.state, [...states]),
      ),
    )
    .orderBy(desc(distributions.createdAt))
    .limit(1);
  return row;
}
