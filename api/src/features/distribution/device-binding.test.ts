import { describe, expect, it } from 'vitest';
import { bindingRefusal, countsInCtf } from './device-binding.ts';

const guid = '556f1985-33dd-442c-9155-3a0e994f21b1';
const rule = {
  deviceBinding: 'CLASS',
  boundDeviceId: null,
  deviceClass: guid,
  acceptSilentDevices: false,
} as const;
const silent = { class: undefined, id: undefined };

describe('device binding', () => {
  it('to a class lets that class and silent devices pass', () => {
    expect(bindingRefusal(rule, { class: `{${guid.toUpperCase()}}`, id: 'x' })).toBeUndefined();
    expect(bindingRefusal(rule, silent)).toBeUndefined();
    expect(bindingRefusal(rule, { class: 'a01c4380-fc01-4df0-b113-7fb98ec74694', id: 'x' })).toBe(
      'device class',
    );
  });

  it('to the first device asks for the class only', () => {
    expect(bindingRefusal({ ...rule, deviceBinding: 'FIRST' }, { class: guid, id: 'x' })).toBeUndefined();
    expect(bindingRefusal({ ...rule, deviceBinding: 'FIRST' }, { class: 'other', id: 'x' })).toBe(
      'device class',
    );
  });

  it('to one device compares ids without grouping and case', () => {
    const one = { ...rule, deviceBinding: 'DEVICE', boundDeviceId: '0123 4567 89ab cdef 0123 4567' } as const;
    expect(bindingRefusal(one, { class: undefined, id: '0123456789ABCDEF01234567' })).toBeUndefined();
    expect(bindingRefusal(one, { class: guid, id: '0123-4567-89AB-CDEF-0123-4567' })).toBeUndefined();
    expect(bindingRefusal(one, { class: guid, id: '1123456789ABCDEF01234567' })).toBe('device id');
  });

  it('to one device refuses a silent one unless the profile accepts it', () => {
    const one = { ...rule, deviceBinding: 'DEVICE', boundDeviceId: 'abc' } as const;
    expect(bindingRefusal(one, silent)).toBe('no device id');
    expect(bindingRefusal({ ...one, acceptSilentDevices: true }, silent)).toBeUndefined();
    expect(bindingRefusal({ ...one, acceptSilentDevices: true }, { class: null, id: 'other' })).toBe(
      'device id',
    );
  });
});

it.each([
  ['A1B2', true],
  ['s-1-5-21-7', true],
  ['wxyz-wxyz', false],
  ['g1-g2-g3', false],
  [`${'z'.repeat(32)}abcd`, false],
])('a CTF string can be bound to the id %s: %s', (id, can) => {
  expect(countsInCtf(id)).toBe(can);
});
