import { findNextStep, findStep, findSteps, type FoundStep } from '@symbolon/tokencode/find-step';
import { securidCodes } from '@symbolon/tokencode/securid';
import { totpCodes } from '@symbolon/tokencode/totp';
import { unixSeconds } from '../../lib/clock.ts';
import type { Deps } from '../../lib/deps.ts';
import { openSeed } from '../tokens/seeds.ts';
import type { TokenRow, TokenSeedRow } from '../tokens/table.ts';

/**
 * Intervals on both sides of the expected one (design §4): in the narrow window a code is accepted at once; in the wide
 * one only together with the next one.
 */
const windows = { SECURID: { narrow: 10, wide: 70 }, TOTP: { narrow: 1, wide: 10 } } as const;

/**
 * What a code is to one seed. `far`: right, but far off the expected time; the code of the step behind one of `steps` must
 * follow.
 */
export type Finding =
  | ({ outcome: 'match' | 'replayed' } & FoundStep)
  | { outcome: 'far'; steps: number[] }
  | { outcome: 'none' };

/** Looks for a code among those that one seed shows around a moment, and behind a far one that was typed before. */
export function searchPasscode(
  deps: Deps,
  { token, seed }: { token: TokenRow; seed: TokenSeedRow },
  code: string,
  at: Date,
): Finding {
  const search = {
    codes: codesOf(deps, token, seed),
    digits: seed.tokencodeLength,
    intervalSeconds: seed.tokencodeInterval,
    at: unixSeconds(at),
    drift: seed.drift,
    after: seed.lastStep ?? undefined,
    code,
  };
  const { narrow, wide } = windows[token.algorithm];
  const near = findStep({ ...search, window: narrow });
  if (near.outcome !== 'none') return near;
  const isAwaited = seed.awaitedUntil !== null && at < seed.awaitedUntil;
  const next = isAwaited && findNextStep({ ...search, steps: seed.awaitedAfterSteps ?? [] });
  if (next) return { outcome: 'match', ...next };
  const steps = findSteps({ ...search, window: wide }).map(({ step }) => step);
  return steps.length > 0 ? { outcome: 'far', steps } : { outcome: 'none' };
}

function codesOf(deps: Deps, token: TokenRow, row: TokenSeedRow): (step: number) => string {
  const shown = {
    seed: openSeed(deps, row),
    digits: row.tokencodeLength as 6 | 8,
    intervalSeconds: row.tokencodeInterval as 30 | 60,
  };
  return token.algorithm === 'TOTP'
    ? totpCodes({ ...shown, hashAlgorithm: row.hashAlgorithm ?? 'SHA1' })
    : securidCodes({ ...shown, serialNumber: token.serialNumber });
}
