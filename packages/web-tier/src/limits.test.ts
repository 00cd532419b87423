import { expect, test } from 'vitest';
import { countedAddress, createLimits } from './limits.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, counted) => {
  expect(countedAddress(address)).toBe(counted);
});

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
