import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, print, visit } from 'graphql';

const list = fileURLToPath(new URL('../../../web/dist/documents.json', import.meta.url));
let known: ReadonlySet<string> | undefined;
const hashes = new WeakMap<DocumentNode, string>();

/**
 * The name of a document: SHA-256 of it as it is printed, base64url. Layout does not count, nor does `__typename`, which
 * Apollo's client adds everywhere. `web/inline-documents.ts` names the documents of our pages in the same way.
 */
export function documentHash(document: DocumentNode): string {
  const bare = visit(document, {
    Field: ({ name }) => (name.value === '__typename' ? null : undefined),
  });
  return createHash('sha256').update(print(bare)).digest('base64url');
}

/** Whether a document is one of our own pages; they are listed when the pages are built. */
export function isKnownDocument(document: DocumentNode): boolean {
  known ??= new Set(existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as string[]) : []);
  // Apollo parses a text once and gives the same document for it again.
  const hash = hashes.get(document) ?? documentHash(document);
  hashes.set(document, hash);
  return known.has(hash);
}
