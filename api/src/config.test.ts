import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { StartRefused } from '@symbolon/serving/start-refused';

const NO_DATABASE_URL = 'DATABASE_URL is not of the form postgres://user:password@host:port/database';

test.each([
  ['PORT', 'abc', 'PORT is no port, which is a whole number from 0 to 65535'],
  ['PORT', '70000', 'PORT is no port, which is a whole number from 0 to 65535'],
  ['PORT', '4.5', 'PORT is no port, which is a whole number from 0 to 65535'],
  ['SYMBOLON_DEMO', 'yes', 'SYMBOLON_DEMO is neither 1 nor 0'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL is none of trace, debug, info, warn, error, silent'],
  ['SYMBOLON_PUBLIC_URL', 'tokens.example', 'SYMBOLON_PUBLIC_URL is not an http or https address'],
  [
    'SYMBOLON_PUBLIC_URL',
    'https://tokens.example/phones',
    'SYMBOLON_PUBLIC_URL holds more than scheme, host and port, as in https://tokens.example:8443',
  ],
  ['DATABASE_URL', 'nonsense', NO_DATABASE_URL],
  ['DATABASE_URL', 'mysql://u:p@h/d', NO_DATABASE_URL],
  ['DATABASE_URL', 'postgres://u:p@h:99999/d', NO_DATABASE_URL],
  ['DATABASE_URL', 'postgres://u:50%@h/d', NO_DATABASE_URL],
])('%s=%s is refused in one sentence that says what is wrong', (variable, value, words) => {
  const reading = () => readConfig({ [variable]: value });
  expect(reading).toThrow(StartRefused);
  expect(reading).toThrow(new RegExp(`^The environment has settings that cannot be used: ${words}\\.$`));
});

test('all that is wrong stands in the one sentence', () => {
  expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(
    /: PORT is no port, .*; LOG_LEVEL is none of .*\.$/,
  );
});

test.each(['', '  '])('PORT=«%s» counts as unset', (value) => {
  expect(readConfig({ PORT: value }).port).toBe(4000);
});

test.each(['postgres://u:p@h:5432/d', 'postgresql://u:50%25@h/d', 'postgres:///d?host=/var/run/postgresql'])(
  '%s is taken',
  (url) => expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url),
);
