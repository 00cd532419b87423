import { type ASTNode, type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Deep enough for introspection and every screen; a document that nests users in tokens in users … is not. */
const MAX_DEPTH = 16;
/** Counted with fragments, which select nothing by themselves: what judges a document after this calls itself for each. */
const MAX_LEVELS = 100;
/** With all fragments put in place; the largest screen selects about 60, introspection a few hundred. */
const MAX_FIELDS = 1000;

const refusal = (message: string, nodes: ASTNode) =>
  new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/**
 * Acts that a program could multiply by aliases: guesses at passcodes and tickets, codes on screens and in mails,
 * distributions. A document holds one of them, once.
 */
const once = new Set([
  'verifyPasscode',
  'startActivation',
  'sendActivationLink',
  'openActivationLink',
  'distributeToken',
  'distributeTokenRequest',
  'takeTokenFile',
  'createApiKey',
]);

/** A document with a hundred aliases of `verifyPasscode` would be a hundred guesses in one request. */
export function onceInDocument(context: ValidationContext): ASTVisitor {
  const perFragment = new Map<string, number>();
  // With the fragments put in place: a fragment that is spread twice runs twice.
  const countIn = (set: SelectionSet | undefined): number =>
    (set?.selections ?? []).reduce((sum, { kind, name, selectionSet }) => {
      if (kind === 'FragmentSpread') return sum + ofFragment(name!.value);
      const own = kind === 'Field' && once.has(name!.value) ? 1 : 0;
      return sum + own + countIn(selectionSet);
    }, 0);
  const ofFragment = (name: string): number => {
    const known = perFragment.get(name);
    if (known !== undefined) return known;
    // Stands for itself while it is counted: a cycle is another rule's finding.
    perFragment.set(name, 0);
    const count = countIn(context.getFragment(name)?.selectionSet as SelectionSet | undefined);
    perFragment.set(name, count);
    return count;
  };
  let found = 0;
  return {
    OperationDefinition(node) {
      found += countIn(node.selectionSet as SelectionSet);
      if (found > 1)
        context.reportError(refusal(`Ask for one of ${[...once].join(', ')} in a document, once.`, node));
    },
  };
}

type Selection = { kind: string; name?: { value: string }; selectionSet?: SelectionSet | undefined };
type SelectionSet = { readonly selections: readonly Selection[] };
type Size = { depth: number; levels: number; fields: number };

/**
 * Refuses documents that nest too deep or, with their fragments put in place, select too much. Each fragment is measured
 * once: a chain of fragments that spread the next one twice must not cost more to judge than to send.
 */
export function limitDepth(context: ValidationContext): ASTVisitor {
  const known = new Map<string, Size>();
  const ofFragment = (name: string): Size => {
    const measured = known.get(name);
    if (measured) return measured;
    // Stands for itself while it is measured: a cycle is another rule's finding.
    known.set(name, { depth: 0, levels: 0, fields: 0 });
    const size = sizeOf(context.getFragment(name)?.selectionSet);
    known.set(name, size);
    return size;
  };
  const sizeOf = (set: SelectionSet | undefined): Size => {
    let [depth, levels, fields] = [0, 0, 0];
    for (const { kind, name, selectionSet } of set?.selections ?? []) {
      const inner = kind === 'FragmentSpread' ? ofFragment(name!.value) : sizeOf(selectionSet);
      const own = kind === 'Field' ? 1 : 0;
      depth = Math.max(depth, inner.depth + own);
      levels = Math.max(levels, inner.levels + 1);
      fields += inner.fields + own;
    }
    return { depth, levels, fields };
  };
  return {
    OperationDefinition(node) {
      const { depth, levels, fields } = sizeOf(node.selectionSet as SelectionSet);
      if (depth > MAX_DEPTH) context.reportError(refusal(`Selections nest ${MAX_DEPTH} deep at most.`, node));
      if (fields > MAX_FIELDS)
        context.reportError(refusal(`A document selects ${MAX_FIELDS} fields at most.`, node));
      if (levels > MAX_LEVELS)
        context.reportError(refusal(`With fragments, selections nest ${MAX_LEVELS} deep at most.`, node));
    },
  };
}
