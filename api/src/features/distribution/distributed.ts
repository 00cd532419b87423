import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { DeviceDefinitionRow } from '../device-definitions/table.ts';
import type { FileRow } from '../files/table.ts';
import type { TokenProfileRow } from '../token-profiles/table.ts';
import { activationLink, ctKipUrl } from './activation-link.ts';
import type { FilePasswordInput } from './file-password.ts';
import type { DistributionRow } from './table.ts';

export type DistributeTokenInput = {
  tokenId: string;
  profileId: string;
  /** Default CLASS. */
  deviceBinding?: 'CLASS' | 'DEVICE' | 'FIRST' | null | undefined;
  /** With DEVICE only. */
  deviceId?: string | null | undefined;
  nickname?: string | null | undefined;
  /** Required when the token has a live seed. */
  formerSeed?: 'KEEP_UNTIL_CONFIRMED' | 'STOP_NOW' | null | undefined;
  /** URL only. Default DIGITS. */
  activationCodeKind?: 'DIGITS' | 'LONG' | 'OWN' | null | undefined;
  ownActivationCode?: string | null | undefined;
  /** FILE of SDTID only: whether apps refuse to hand the token on. Default true. */
  copyProtected?: boolean | null | undefined;
  /** The same key from the same person answers the same distribution again. */
  idempotencyKey?: string | null | undefined;
} & FilePasswordInput;

/** For URL: what to send, by two different ways. For CTF the string, for FILE the file to claim. For QR: nothing secret. */
export type Distributed = {
  distribution: DistributionRow;
  activationCode: string | null;
  ctKipUrl: string | null;
  link: string | null;
  ctfUrl: string | null;
  file: FileRow | null;
};

export type Profile = TokenProfileRow & { definition: DeviceDefinitionRow };

/** The answer for a distribution that has nothing to tell, or nothing any more. */
export const showsNothing = (distribution: DistributionRow): Distributed => ({
  distribution,
  activationCode: null,
  ctKipUrl: null,
  link: null,
  ctfUrl: null,
  file: null,
});

/** The answer for a URL distribution whose code is `code`. */
export const showsCode = async (
  tx: Transaction,
  deps: ActionDeps,
  distribution: DistributionRow,
  profile: Profile,
  code: string,
): Promise<Distributed> => ({
  ...showsNothing(distribution),
  activationCode: code,
  ctKipUrl: ctKipUrl(deps, profile.definition),
  link: await activationLink(tx, deps, profile.definition, { deliveryMethod: 'CT_KIP_URL', code }),
});
