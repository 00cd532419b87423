import { expect, it } from 'vitest';
import { groupSerialNumber } from './serial-number.ts';

it('groups twelve digits by four and leaves other serial numbers alone', () => {
  expect(groupSerialNumber('000123456789')).toBe('0001 2345 6789');
  expect(groupSerialNumber('ABC-1')).toBe('ABC-1');
});
