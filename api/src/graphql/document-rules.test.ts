import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { limitDepth } from './document-rules.ts';

const schema = buildSchema('type Query { a: Query  b: Int }');
const judge = (text: string) => validate(schema, parse(text), [limitDepth]).map(({ message }) => message);

it('judges a chain of fragments that doubles at each step at once, and refuses it', () => {
  const chain = Array.from(
    { length: 200 },
    (_, at) => `fragment f${at} on Query { ...f${at + 1} ...f${at + 1} }`,
  );
  const [message] = judge(`query { ...f0 } ${chain.join(' ')} fragment f200 on Query { b }`);
  expect(message).toBe('A document selects 1000 fields at most.');
});

it('refuses depth that is hidden in fragments, and stands a cycle', () => {
  const chain = Array.from({ length: 20 }, (_, at) => `fragment f${at} on Query { a { ...f${at + 1} } }`);
  expect(judge(`query { ...f0 } ${chain.join(' ')} fragment f20 on Query { b }`)).toEqual([
    'Selections nest 16 deep at most.',
  ]);
  expect(judge('query { ...f } fragment f on Query { a { ...f } }')).toEqual([]);
});

it('refuses fragments that nest without a field between them', () => {
  const inline = `query { ${'... { '.repeat(1500)} b ${'}'.repeat(1500)} }`;
  expect(judge(inline)).toEqual(['With fragments, selections nest 100 deep at most.']);
  const chain = Array.from({ length: 150 }, (_, at) => `fragment f${at} on Query { ...f${at + 1} }`);
  expect(judge(`query { ...f0 } ${chain.join(' ')} fragment f150 on Query { b }`)).toEqual([
    'With fragments, selections nest 100 deep at most.',
  ]);
});

it('lets introspection through', () => {
  expect(judge(getIntrospectionQuery())).toEqual([]);
});
