import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingSeverities } from '../features/addresses/finding.ts';
import { auditActions } from '../features/audit/actions.ts';
import { toldCodes } from '../http/graphql.ts';

const api = join(import.meta.dirname, '..');
const page = readFileSync(join(api, '../../docs/error-codes.md'), 'utf8');

/** Where words of the same form stand that are no codes of errors. */
const OTHER_VOCABULARIES = ['features/audit/actions.ts', 'features/addresses/finding-texts.ts'];
const sources = readdirSync(api, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !OTHER_VOCABULARIES.includes(path))
  .map((path) => readFileSync(join(api, path), 'utf8'));
// What a reader of token files says of a row is told as it is.
sources.push(readFileSync(join(api, '../../packages/token-files/src/token-record.ts'), 'utf8'));

/** Text behind which a literal is the code of a failure, even where an audit action is called the same. */
const FAILURE = /(?:new Failure\(\s*'\w+',|\b(?:refuse|unsupported)\(|\bcode:)\s*$/;
const others = new Set<string>([...auditActions, ...Object.keys(findingSeverities)]);
const isFileName = (literal: string) => /\.(?:html|pid|log|lock)$/.test(literal);

/** Every literal of the form `object.what` that is nothing else, so that a code is found wherever it is written. */
function* dottedCodes(source: string): Generator<string> {
  for (const { 1: literal, index } of source.matchAll(/'([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)'/g)) {
    if (isFileName(literal!)) continue;
    if (!others.has(literal!) || FAILURE.test(source.slice(Math.max(0, index - 80), index))) yield literal!;
  }
}

/** Node's own codes of failed connections. */
const isOfSystem = (code: string) => /^E[A-Z]+$/.test(code);

const matchesOf = (pattern: RegExp) =>
  sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1]!));
const sorted = (codes: Iterable<string>) => [...new Set(codes)].toSorted();

/** First and second cell of the rows under a heading. */
function rowsUnder(heading: string): [code: string, second: string][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([\w.]+)` \| ?([^|]*)\|/gm)].map(([, code, second]) => [
    code!,
    second!.trim(),
  ]);
}
const codesUnder = (...headings: string[]) =>
  headings.flatMap((heading) => rowsUnder(heading).map(([code]) => code));

describe('docs/error-codes.md', () => {
  it('lists every code of failures, fields and the doors beside GraphQL, and none that is gone', () => {
    const failures = codesUnder('Failures').filter((code) => code.includes('.'));
    const listed = [...failures, ...codesUnder('Rows of a job', 'Fields', '`/auth` and `/files`')];
    expect(sorted(listed)).toEqual(sorted(sources.flatMap((source) => [...dottedCodes(source)])));
    expect(listed.length).toBe(new Set(listed).size);
  });

  it('names the type of failure that each code comes with', () => {
    const types = new Map(rowsUnder('Failures'));
    for (const source of sources) {
      for (const [, kind, code] of source.matchAll(/new Failure\(\s*'(\w+)',\s*'([\w.]+)'/g))
        expect(types.get(code!), code).toContain(`\`${kind}\``);
    }
  });

  it('lists every extensions.code', () => {
    const answered = matchesOf(/(?:\bcode: |\brefusal\()'([A-Z]+(?:_[A-Z]+)*)'/g);
    const codes = [...toldCodes, ...answered.filter((code) => !isOfSystem(code))];
    expect(sorted(codesUnder('Errors'))).toEqual(sorted(codes));
  });

  it('lists every hint beside a request', () => {
    expect(sorted(codesUnder('Hints'))).toEqual(sorted(matchesOf(/\bhint\('(\w+)'/g)));
  });
});
