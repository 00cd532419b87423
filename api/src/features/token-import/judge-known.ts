import { timingSafeEqual } from 'node:crypto';
import type { TokenRecord } from '@symbolon/token-files/token-record';
import type { Deps } from '../../lib/deps.ts';
import type { TokenRow } from '../tokens/table.ts';
import type { Owners } from './file-owners.ts';
import type { ImportInput } from './import-row.ts';

/** By which a seed is known again without being opened. */
export const seedHashOf = (deps: Deps, { serialNumber, seed }: TokenRecord): Uint8Array =>
  deps.vault.lookupHash(`imported seed ${serialNumber.toLowerCase()}`, seed);

const isSame = (one: Uint8Array | null, other: Uint8Array) =>
  one !== null && one.length === other.length && timingSafeEqual(one, other);

/**
 * Why a token that is here already is left as it is; undefined where the file's takes its place. Never touched are tokens of
 * administrators and those that replace another or were replaced; one that is somebody's or works today needs the second
 * choice.
 */
export function judgeKnown(
  deps: Deps,
  input: ImportInput,
  token: TokenRecord,
  former: TokenRow,
  owners: Owners,
): { count: 'identical' | 'otherSeed'; code: string; message: string } | undefined {
  const isIdentical =
    isSame(former.importedSeedHash, seedHashOf(deps, token)) &&
    former.onDevice === (input.seeds === 'IN_USE') &&
    former.managedElsewhere === (input.seeds === 'ELSEWHERE');
  if (isIdentical)
    return { count: 'identical', code: 'row.identical', message: 'The same token is here already.' };
  const known = (code: string, message: string) => ({ count: 'otherSeed' as const, code, message });
  if (input.onDuplicate === 'SKIP')
    return known('row.known', 'A token with this serial number is here already, with another seed or use.');
  if (former.algorithm !== token.algorithm)
    return known(
      'row.other_algorithm',
      'A token with this serial number is here already, of another algorithm.',
    );
  if (owners.isAdministrator(former.ownerId))
    return known('row.administrator', 'It is the token of an administrator, which an import never touches.');
  if (former.replacedAt || former.replacesTokenId)
    return known(
      'row.replacement',
      'It replaces another token or was replaced, so an import never touches it.',
    );
  if ((former.ownerId || owners.isLive(former.id)) && !input.overwriteAssigned)
    return known(
      'row.assigned',
      'It is assigned or in use. Import again and choose to overwrite such tokens, too.',
    );
  return undefined;
}
