import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vectorTokens } from '../test/vector-tokens.ts';
import { findNextStep, findStep, findSteps } from './find-step.ts';
import { securidCodes, securidStep, securidTokencodeAtStep } from './securid.ts';
import { totpCodes } from './totp.ts';

const token = vectorTokens.A;
const at = 1_700_000_000;
const now = securidStep(at, 60);
const codeOf = (step: number) => securidTokencodeAtStep({ ...token, step });
const { digits, intervalSeconds } = token;
const search = { codes: securidCodes(token), digits, intervalSeconds, at, drift: 0, window: 10 };

describe('findStep', () => {
  test('finds the code of now', () => {
    expect(findStep({ ...search, code: '98488053' })).toEqual({
      outcome: 'match',
      step: now,
      offset: 0,
      drift: 0,
    });
  });

  test('finds every step of the window and none beyond it', () => {
    for (let offset = -10; offset <= 10; offset++) {
      const found = { outcome: 'match', step: now + offset, offset, drift: offset };
      expect(findStep({ ...search, code: codeOf(now + offset) })).toEqual(found);
    }
    expect(findStep({ ...search, code: codeOf(now + 11) })).toEqual({ outcome: 'none' });
    expect(findStep({ ...search, code: codeOf(now - 11) })).toEqual({ outcome: 'none' });
  });

  test('looks around the remembered drift, and says the new one', () => {
    const found = { outcome: 'match', step: now + 35, offset: 5, drift: 35 };
    expect(findStep({ ...search, drift: 30, code: codeOf(now + 35) })).toEqual(found);
    expect(findStep({ ...search, drift: 30, code: codeOf(now) })).toEqual({ outcome: 'none' });
  });

  test('tells a spent code from a wrong one', () => {
    expect(findStep({ ...search, after: now, code: codeOf(now) })).toMatchObject({
      outcome: 'replayed',
      step: now,
    });
    expect(findStep({ ...search, after: now, code: codeOf(now - 3) }).outcome).toBe('replayed');
    expect(findStep({ ...search, after: now, code: codeOf(now + 1) }).outcome).toBe('match');
    expect(findStep({ ...search, after: now, code: '00000000' })).toEqual({ outcome: 'none' });
  });

  test.each(['', '9848805', '984880530', '9848805x', '98488053\n', '٩٨٤٨٨٠٥٣', ' 98488053'])(
    'refuses %j',
    (code) => {
      expect(findStep({ ...search, code })).toEqual({ outcome: 'none' });
    },
  );

  test('stays quiet where the window reaches before 1970', () => {
    expect(findStep({ ...search, at: 60, code: codeOf(0) })).toMatchObject({ outcome: 'match', offset: -1 });
    expect(findStep({ ...search, at: 60, code: '00000000' })).toEqual({ outcome: 'none' });
  });

  test('whatever it matches is in the window, unspent, and shows the code', () => {
    const offsets = fc.integer({ min: -90, max: 90 });
    fc.assert(
      fc.property(
        offsets,
        offsets,
        offsets,
        fc.integer({ min: 0, max: 70 }),
        (shown, drift, spent, window) => {
          const code = codeOf(now + shown);
          const answer = findStep({ ...search, drift, window, after: now + spent, code });
          const inside = Math.abs(shown - drift) <= window;
          expect(answer.outcome).toBe(inside ? (shown > spent ? 'match' : 'replayed') : 'none');
          if (answer.outcome !== 'none')
            expect(answer).toMatchObject({ step: now + shown, offset: shown - drift });
        },
      ),
    );
  });
});

describe('where two steps share a code', () => {
  const shared = findShared();
  const around = {
    codes: securidCodes(vectorTokens.D),
    digits: vectorTokens.D.digits,
    intervalSeconds: vectorTokens.D.intervalSeconds,
    at: shared.first * 30 + 30 * 5,
    drift: 0,
    window: 2000,
    code: shared.code,
  };

  test('the nearest comes first', () => {
    expect(findSteps(around).map((found) => found.step)).toEqual([shared.first, shared.second]);
    expect(findStep(around)).toMatchObject({ step: shared.first });
  });

  test('a spent one does not hide an unspent one', () => {
    expect(findStep({ ...around, after: shared.first })).toMatchObject({
      outcome: 'match',
      step: shared.second,
    });
    expect(findSteps({ ...around, after: shared.first })).toHaveLength(1);
  });

  test('the next code decides', () => {
    const code = securidTokencodeAtStep({ ...vectorTokens.D, step: shared.second + 1 });
    const steps = findSteps(around).map(({ step }) => step);
    expect(findNextStep({ ...around, code, steps })).toMatchObject({ step: shared.second + 1 });
  });
});

describe('findNextStep', () => {
  const steps = findSteps({ ...search, window: 70, code: codeOf(now - 70) }).map(({ step }) => step);

  test('answers the step behind', () => {
    const found = { step: now - 69, offset: -69, drift: -69 };
    expect(findNextStep({ ...search, code: codeOf(now - 69), steps })).toEqual(found);
    expect(findNextStep({ ...search, drift: -60, code: codeOf(now - 69), steps })).toEqual({
      ...found,
      offset: -9,
    });
  });

  test('wants them next to each other and in order', () => {
    for (const step of [now - 70, now - 68, now - 71, now])
      expect(findNextStep({ ...search, code: codeOf(step), steps })).toBeUndefined();
  });

  test('takes no spent step', () => {
    expect(findNextStep({ ...search, after: now - 69, code: codeOf(now - 69), steps })).toBeUndefined();
  });
});

test('TOTP is looked for alike', () => {
  const totp = {
    seed: new Uint8Array(20).fill(3),
    hashAlgorithm: 'SHA1',
    digits: 6,
    intervalSeconds: 30,
  } as const;
  const codes = totpCodes(totp);
  const step = Math.floor(at / 30);
  const wanted = { codes, digits: 6, intervalSeconds: 30, at, drift: 0, window: 1 };
  expect(findStep({ ...wanted, code: codes(step + 1) })).toMatchObject({ outcome: 'match', offset: 1 });
  expect(findStep({ ...wanted, code: codes(step + 2) })).toEqual({ outcome: 'none' });
});

function findShared(): { code: string; first: number; second: number } {
  const seen = new Map<string, number>();
  for (let step = 56_000_000; ; step++) {
    const code = securidTokencodeAtStep({ ...vectorTokens.D, step });
    const first = seen.get(code);
    if (first !== undefined && step - first < 1900) return { code, first, second: step };
    seen.set(code, step);
  }
}
