import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import type { Plugin } from 'vite';

const call = /graphql\(\s*`([^`]*)`,?\s*\)/g;
const importOfTag = /^import \{ graphql \} from '[./]+\/gql';$/m;

/**
 * Puts each GraphQL document, parsed, where it is written. Codegen's `graphql()` looks documents up in one table of all
 * of them, which every page would have to load; its types are all that is kept of it.
 */
export function inlineDocuments(): Plugin {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const hashes = new Set<string>();
  let source = '';
  return {
    name: 'inline-documents',
    enforce: 'pre',
    configResolved: ({ root }) => {
      source = join(root, 'src');
    },
    buildStart: () => {
      for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
        if (!/\.tsx?$/.test(name) || name.startsWith('gql')) continue;
        for (const [, text] of readFileSync(join(source, name), 'utf8').matchAll(call)) {
          for (const definition of definitionsOf(text!)) {
            if (definition.kind === Kind.FRAGMENT_DEFINITION)
              fragments.set(definition.name.value, definition);
          }
        }
      }
    },
    transform: (code, id) => {
      if (!/\/src\/.*\.tsx?$/.test(id) || !importOfTag.test(code)) return undefined;
      const inlined = code.replace(call, (_, text: string) => {
        const definitions = withFragments(definitionsOf(text), fragments);
        hashes.add(documentHash({ kind: Kind.DOCUMENT, definitions }));
        return `(${JSON.stringify({ kind: Kind.DOCUMENT, definitions })})`;
      });
      return { code: inlined.replace(importOfTag, ''), map: null };
    },
    generateBundle() {
      const source = JSON.stringify([...hashes].toSorted());
      this.emitFile({ type: 'asset', fileName: 'documents.json', source });
    },
  };
}

/** The name by which the server knows a document of ours (`api/src/http/known-documents.ts`). */
function documentHash(document: DocumentNode): string {
  const bare = visit(document, {
    Field: ({ name }) => (name.value === '__typename' ? null : undefined),
  });
  return createHash('sha256').update(print(bare)).digest('base64url');
}

/** The definitions of a document. */
const definitionsOf = (text: string): readonly DefinitionNode[] =>
  parse(text, { noLocation: true }).definitions;

/** A document's own definitions and all fragments that they spread, directly or not. */
function withFragments(
  own: readonly DefinitionNode[],
  known: ReadonlyMap<string, FragmentDefinitionNode>,
): DefinitionNode[] {
  const all = [...own];
  for (const definition of all) {
    visit(definition, {
      FragmentSpread: ({ name }) => {
        const fragment = known.get(name.value);
        if (!fragment) throw new Error(`There is no fragment ${name.value}.`);
        if (
          !all.some((other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name.value)
        ) {
          all.push(fragment);
        }
      },
    });
  }
  return all;
}
