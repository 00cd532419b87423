import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type FindingCode, finding, findingSeverities, severityOf } from './finding.ts';
import { findingText } from './finding-texts.ts';

const codes = Object.keys(findingSeverities) as FindingCode[];
const catalogue = JSON.parse(
  readFileSync(new URL('../../../../web/src/messages/en/addresses.json', import.meta.url), 'utf8'),
) as { finding: Record<string, Record<string, { text: string; todo?: string }>> };
const listed = readFileSync(new URL('../../../../docs/addresses.md', import.meta.url), 'utf8');

/** Names of the parameters of a message, ICU or ours; what ICU says in their place is left out. */
const named = (text: string) =>
  [...text.replace(/, (select|plural), (\w+ \{[^}]*\} ?)+/g, '').matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name!)
    .toSorted();

/** The text with each parameter's name in its place, for comparing. */
const plain = new Proxy({} as Record<string, string>, {
  get: (_target, name) => `{${String(name)}}`,
});

test.each(codes)('%s is said in the same places in the API, the consoles and the docs', (code) => {
  const [group, name] = code.split('.') as [string, string];
  const words = catalogue.finding[group]?.[name];
  const { message, advice } = findingText({ code, params: plain });
  expect(words, 'the catalogue of the consoles').toBeDefined();
  expect(named(message.replace('behind', '{direction}')), code).toEqual(named(words!.text));
  expect(words!.todo !== undefined, 'something to do').toBe(advice !== null);
  expect(listed).toContain(`\`${code}\``);
});

test('the consoles have no words for what there is not', () => {
  const there = Object.entries(catalogue.finding).flatMap(([group, names]) =>
    Object.keys(names).map((name) => `${group}.${name}`),
  );
  expect(there.toSorted()).toEqual(codes.toSorted());
});

test('whoever has to act is told how', () => {
  for (const code of codes) {
    const one = finding(code);
    const mustAct = severityOf(one) === 'ERROR' || severityOf(one) === 'WARNING';
    expect(findingText(one).advice !== null, code).toBe(mustAct);
  }
});
