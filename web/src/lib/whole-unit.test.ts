import { expect, test } from 'vitest';
import { wholeUnit } from './whole-unit.ts';

test('A time is told in the largest unit that leaves nothing over', () => {
  expect(wholeUnit(5)).toEqual({ count: 5, unit: 'minute' });
  expect(wholeUnit(90)).toEqual({ count: 90, unit: 'minute' });
  expect(wholeUnit(120)).toEqual({ count: 2, unit: 'hour' });
  expect(wholeUnit(1440)).toEqual({ count: 24, unit: 'hour' });
  expect(wholeUnit(10_080)).toEqual({ count: 7, unit: 'day' });
});
