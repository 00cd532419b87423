import { describe, expect, it } from 'vitest';
import { weaknessOf } from './own-code.ts';

const about = ['alice', '000123456789'];

describe('an activation code of the administrator’s own choice', () => {
  it.each(['River-77-Lamp', '8053917264', 'x7Kq-p2Mz-91'])('%s is taken', (code) => {
    expect(weaknessOf(code, about)).toBeUndefined();
  });

  it.each([
    ['too short', 'ab12-c'],
    ['hyphens do not count', 'a-b-c-d-e'],
    ['few digits', '805391726'],
    ['other characters', 'River 77 Lamp'],
    ['the same again', 'aaaaaaaabb'],
    ['a pattern again', 'k7mqx9k7mqx9'],
    ['a row', 'zz12345kq'],
    ['a row downwards', 'kq98765zz'],
    ['a word', 'my-Password-7'],
    ['the user name', 'x9-Alice-3kz'],
    ['the serial number', '000123456789'],
    ['too long', 'x7Kqp2Mz91x8Kqp3Mz92x9Kqp4Mz93xAB'],
  ])('%s is refused', (_why, code) => {
    expect(weaknessOf(code, about)).toBeTypeOf('string');
  });
});
