import { expect, test } from 'vitest';
import { createLimits } from './limits.ts';

test('sockets of one address are limited, and a closed one makes room once', () => {
  const limits = createLimits();
  const open = Array.from({ length: 100 }, () => limits.openSocket('192.0.2.1'));
  expect(limits.openSocket('192.0.2.1')).toBeUndefined();
  expect(limits.openSocket('192.0.2.2')).toBeDefined();
  open[0]!();
  open[0]!();
  expect(limits.openSocket('192.0.2.1')).toBeDefined();
  expect(limits.openSocket('192.0.2.1')).toBeUndefined();
});
