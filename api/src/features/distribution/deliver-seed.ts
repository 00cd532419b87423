import { LAST_DAY_OF_DIGITS } from '@symbolon/token-files/ctf/limits';
import type { TokenRecord } from '@symbolon/token-files/token-record';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { keepOneTimeFile } from '../files/one-time-file.ts';
import type { FileRow } from '../files/table.ts';
import { addProvisionalSeed, newSeed } from '../tokens/seeds.ts';
import type { TokenRow } from '../tokens/table.ts';
import type { UserRow } from '../users/table.ts';
import type { Profile } from './distributed.ts';
import { type DistributionRow, distributions } from './table.ts';
import { tokenFile, tokenString, zipOf } from './token-string.ts';

/** A file for whoever acts, to be claimed once; or a string that is answered this once. */
export type DeliveredSeed = { distribution: DistributionRow; file: FileRow | null; ctfUrl: string | null };

/** In a file or string every token has a last day: that of one which has none here. */
const LAST_DAY = '2043-12-31';

/** What the app is told; the server goes by the token's own. A string of digits cannot say a later one. */
function lastDayIn(deliveryMethod: Profile['deliveryMethod'], expiresOn: string | null): string {
  const day = expiresOn ?? LAST_DAY;
  return deliveryMethod === 'CTF' && day > LAST_DAY_OF_DIGITS ? LAST_DAY_OF_DIGITS : day;
}

/**
 * Makes a new seed for a token and writes it into a file or string: here the seed does travel, so it is provisional until a
 * code of it was accepted. The caller has locked the token, ended what was open, and checked the rest.
 */
export async function deliverSeed(
  tx: Transaction,
  deps: ActionDeps,
  input: {
    token: TokenRow;
    owner: UserRow;
    profile: Profile;
    distribution: DistributionRow;
    nickname: string | null;
    password: string | null;
  },
): Promise<DeliveredSeed> {
  const { token, owner, profile, distribution, password } = input;
  const made = newSeed(deps, profile);
  await addProvisionalSeed(tx, deps, {
    tokenId: token.id,
    ...made,
    confirmation: profile.seedConfirmation,
    activationId: null,
    distributionId: distribution.id,
    device: null,
    deviceId: distribution.boundDeviceId,
  });
  const deviceId = distribution.boundDeviceId ?? profile.definition.deviceClass;
  const record: TokenRecord = {
    serialNumber: token.serialNumber,
    algorithm: profile.algorithm,
    seed: made.seed,
    digits: made.tokencodeLength as 6 | 8,
    intervalSeconds: made.tokencodeInterval,
    ...(made.hashAlgorithm ? { hashAlgorithm: made.hashAlgorithm } : {}),
    pinStyle: made.pinStyle,
    expiresOn: lastDayIn(profile.deliveryMethod, token.expiresOn),
    userName: owner.userName,
    firstName: owner.givenName,
    lastName: owner.familyName,
    ...(input.nickname ? { nickname: input.nickname } : {}),
    deviceId,
    copyProtected: distribution.copyProtected ?? true,
  };
  if (profile.deliveryMethod === 'CTF') {
    const ctfUrl = tokenString(deps, profile.definition, record, { password, deviceId });
    return { distribution, file: null, ctfUrl };
  }
  const tokenInFile = await tokenFile(deps, record, { userName: owner.userName, password });
  const file = await keepOneTimeFile(tx, deps, await zipOf(`${tokenInFile.name}.zip`, [tokenInFile]));
  const [kept] = await tx
    .update(distributions)
    .set({ fileId: file.id })
    .where(eq(distributions.id, distribution.id))
    .returning();
  return { distribution: kept!, file, ctfUrl: null };
}
