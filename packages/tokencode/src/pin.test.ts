import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addPin, prependPin, splitPasscode, subtractPin } from './pin.ts';

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(''));
const pins = digits(4, 8);

test('adds without carry, right-aligned', () => {
  expect(addPin('98488053', '1234')).toBe('98489287');
  expect(addPin('98488053', '87654321')).toBe('75032374');
  expect(addPin('98488053', '0000')).toBe('98488053');
});

test('of a PIN longer than the code only the last digits count', () => {
  expect(addPin('111560', '12345678')).toBe(addPin('111560', '345678'));
});

test('what was added can be taken away', () => {
  fc.assert(
    fc.property(digits(6, 8), pins, (code, pin) => {
      expect(subtractPin(addPin(code, pin), pin)).toBe(code);
    }),
  );
});

test('what was put in front can be split off', () => {
  fc.assert(
    fc.property(digits(6, 6), pins, (tokencode, pin) => {
      expect(splitPasscode(prependPin(tokencode, pin), 6)).toEqual({ pin, tokencode });
    }),
  );
  expect(splitPasscode('111560', 6)).toEqual({ pin: '', tokencode: '111560' });
});

test.each(['', '11156', '1111560', '123456789111560', '1234 111560', 'x234111560'])(
  'no passcode: %j',
  (passcode) => {
    expect(splitPasscode(passcode, 6)).toBeUndefined();
  },
);

test.each(['', '123', '123456789', '12a4'])('refuses the PIN %j', (pin) => {
  expect(() => addPin('111560', pin)).toThrow(expect.objectContaining({ code: 'PIN' }));
  expect(() => prependPin('111560', pin)).toThrow(expect.objectContaining({ code: 'PIN' }));
});
