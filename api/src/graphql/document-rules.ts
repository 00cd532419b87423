import { type ASTNode, type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Deep enough for introspection and every screen; a document that nests users in tokens in users … is not. */
const MAX_DEPTH = 16;

const refusal = (message: string, nodes: ASTNode) =>
  new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/** A document with a hundred aliases of `verifyPasscode` would be a hundred guesses in one request. */
export function onePasscodePerDocument(context: ValidationContext): ASTVisitor {
  let found = 0;
  return {
    Field(node) {
      if (node.name.value !== 'verifyPasscode') return;
      found += 1;
      if (found === 2) context.reportError(refusal('Ask for one verifyPasscode per document.', node));
    },
  };
}

/** Refuses documents whose selections nest too deep; fragments count where they stand, so a chain of them, too. */
export function limitDepth(context: ValidationContext): ASTVisitor {
  const fields = (depth: number, fragments: readonly string[], node: { selectionSet?: unknown }): boolean => {
    if (depth > MAX_DEPTH) return false;
    const { selections } = (node.selectionSet ?? { selections: [] }) as {
      selections: { kind: string; name?: { value: string }; selectionSet?: unknown }[];
    };
    return selections.every((selection) => {
      if (selection.kind === 'Field') return fields(depth + 1, fragments, selection);
      if (selection.kind === 'InlineFragment') return fields(depth, fragments, selection);
      const name = selection.name!.value;
      const fragment = context.getFragment(name);
      // A cycle is another rule's finding.
      return !fragment || fragments.includes(name) || fields(depth, [...fragments, name], fragment);
    });
  };
  return {
    OperationDefinition(node) {
      if (!fields(0, [], node))
        context.reportError(refusal(`Selections nest ${MAX_DEPTH} deep at most.`, node));
    },
  };
}
