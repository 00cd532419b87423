import { timingSafeEqual } from 'node:crypto';

/** Where to look for a code. All counts are steps of the token's interval. */
export type StepSearch = {
  /** The code of a step, as `securidCodes` or `totpCodes` gives it for one token. */
  codes: (step: number) => string;
  /** Digits that the token shows. */
  digits: number;
  intervalSeconds: number;
  /** The server's time, unix seconds. */
  at: number;
  /** Steps by which the token's clock was seen to be ahead (negative: behind). */
  drift: number;
  /** How far to look on both sides of the expected step. */
  window: number;
  /** The last step that was accepted: codes of it and of earlier ones are spent. */
  after?: number | undefined;
};

/** A step whose code is the wanted one. */
export type FoundStep = {
  /** Number of the interval, counted from 1970-01-01T00:00:00Z. Keep it as the next search's `after`. */
  step: number;
  /** Steps from the expected time (clock + drift). */
  offset: number;
  /** Steps from the server's clock. Keep it as the next search's `drift`. */
  drift: number;
};

/**
 * What a search found: `match` may be accepted; `replayed` fits a step that is spent (and no unspent one);
 * `none` fits nothing in the window.
 */
export type StepAnswer = ({ outcome: 'match' | 'replayed' } & FoundStep) | { outcome: 'none' };

/**
 * Finds the step of the window whose tokencode is `code`, the nearest to the expected time first. A code that is
 * no string of `digits` digits fits nothing. Codes are compared in constant time; which step fits is no secret.
 * To accept is the caller's: one conditional UPDATE of the last step, so that a code counts once.
 * @throws TokencodeError for a token or a time that cannot be
 */
export function findStep(search: StepSearch & { code: string }): StepAnswer {
  const spent = search.after ?? -1;
  let replayed: FoundStep | undefined;
  for (const found of matches(search)) {
    if (found.step > spent) return { outcome: 'match', ...found };
    replayed ??= found;
  }
  return replayed ? { outcome: 'replayed', ...replayed } : { outcome: 'none' };
}

/**
 * All unspent steps of the window whose tokencode is `code`, the nearest first. For windows so wide that several
 * steps can share a code (±720 steps with 6 digits: about one search in 700 meets a stranger), where only a
 * second code decides.
 */
export function findSteps(search: StepSearch & { code: string }): FoundStep[] {
  const spent = search.after ?? -1;
  return [...matches(search)].filter((found) => found.step > spent);
}

/**
 * The second half of the wide search, «wait for the next code and type it too»: the step behind one of `steps` that shows
 * `code`, unless it is spent. The wait ends with this code, whatever it was.
 * @param search.steps what `findSteps` answered for the code before
 */
export function findNextStep(
  search: Omit<StepSearch, 'window'> & { code: string; steps: readonly number[] },
): FoundStep | undefined {
  const fits = codeMatcher(search, search.code);
  const now = Math.floor(search.at / search.intervalSeconds);
  const spent = search.after ?? -1;
  const step = search.steps.map((before) => before + 1).find((next) => next > spent && fits(next));
  return step === undefined ? undefined : { step, offset: step - now - search.drift, drift: step - now };
}

function* matches(search: StepSearch & { code: string }): Generator<FoundStep> {
  const now = Math.floor(search.at / search.intervalSeconds);
  const fits = codeMatcher(search, search.code);
  for (const offset of nearestFirst(search.window)) {
    const drift = search.drift + offset;
    if (fits(now + drift)) yield { step: now + drift, offset, drift };
  }
}

/** 0, -1, 1, -2, 2 …: of two equally near steps the earlier one, since a code is typed after it is read. */
function* nearestFirst(window: number): Generator<number> {
  yield 0;
  for (let distance = 1; distance <= window; distance++) yield* [-distance, distance];
}

function codeMatcher(
  { codes, digits }: Pick<StepSearch, 'codes' | 'digits'>,
  code: string,
): (step: number) => boolean {
  if (code.length !== digits || !/^\d+$/.test(code)) return () => false;
  const wanted = Buffer.from(code, 'latin1');
  return (step) => step >= 0 && timingSafeEqual(Buffer.from(codes(step), 'latin1'), wanted);
}
