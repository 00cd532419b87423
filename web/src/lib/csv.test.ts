import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('Cells with commas, quotes and line ends are quoted', () => {
  expect(csvOf([['a', 'b,c', 'd"e', 'f\ng', '']])).toBe('a,"b,c","d""e","f\ng",\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('A formula is defused: %j', (formula) => {
  const written = csvOf([[formula]]);
  expect(written.replace(/^"/, '').startsWith("'")).toBe(true);
});

test('Serial numbers stay as they are', () => {
  expect(csvOf([['000123456789']])).toBe('000123456789\r\n');
});
