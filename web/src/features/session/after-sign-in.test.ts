import { expect, test } from 'vitest';
import { afterSignIn } from './after-sign-in.ts';

test('after sign-in one gets to where one wanted to go, a mailed ticket to its page alone', () => {
  expect(afterSignIn(undefined, '')).toBe('/');
  expect(afterSignIn('/my', '')).toBe('/my');
  expect(afterSignIn('/activate', 'ticket')).toBe('/activate#ticket');
  expect(afterSignIn('/activate', '#ticket')).toBe('/activate#ticket');
  expect(afterSignIn('/activate', '')).toBe('/activate');
  expect(afterSignIn('/admin', '#ticket')).toBe('/admin');
});
