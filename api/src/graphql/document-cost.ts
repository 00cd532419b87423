import { type DocumentNode, GraphQLError, type GraphQLSchema, isListType, isNonNullType } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';

/** The dearest screen costs about 3 000: fifty tokens with owner, profile and distributions. */
export const MOST_COST = 30_000;
/** A list whose length nobody asks for: roles, tokens of a person, delivery methods. */
const USUAL_LIST = 10;
/** What a paged list gives when its document does not say. */
const USUAL_PAGE = 50;

/** Fields that hash a password, which takes a twentieth of a second of a processor. */
const hashing = new Set(['createUser', 'setUserPassword']);
const HASH_COST = 1000;

/** A field costs 1 and what is selected below it; a list as many times that as rows were asked for. */
const estimate: ComplexityEstimator = ({ type: parent, field, args, childComplexity }) => {
  // The schema is in memory.
  if (parent.name.startsWith('__')) return 1 + childComplexity;
  if (hashing.has(field.name)) return HASH_COST + childComplexity;
  const isPaged = field.args.some(({ name }) => name === 'first');
  if (isPaged) {
    const wanted = (args['first'] as number | null) ?? (args['last'] as number | null) ?? USUAL_PAGE;
    return 1 + Math.max(1, Math.abs(wanted)) * childComplexity;
  }
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  // Of a page the rows were counted where it was asked for.
  const isRows = isListType(type) && (field.name === 'nodes' || field.name === 'edges');
  return 1 + (isListType(type) && !isRows ? USUAL_LIST : 1) * childComplexity;
};

/**
 * What an operation costs with its variables, before it runs.
 * @throws GraphQLError QUERY_TOO_COSTLY that says cost and limit; BAD_USER_INPUT for variables that do not fit
 */
export function requireCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>,
): number {
  let cost: number;
  try {
    cost = getComplexity({
      schema,
      query: document,
      ...(operationName ? { operationName } : {}),
      variables,
      estimators: [estimate],
    });
  } catch (error) {
    // The caller's variables do not fit, which is found here first. Their values may be secrets: told to them, not logged.
    if (!(error instanceof GraphQLError)) throw error;
    throw new GraphQLError(error.message, {
      ...(error.nodes ? { nodes: error.nodes } : {}),
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
  if (cost <= MOST_COST) return cost;
  throw new GraphQLError(
    `This document costs ${cost}; ${MOST_COST} is the most. Ask for fewer rows, or for less of each.`,
    { extensions: { code: 'QUERY_TOO_COSTLY', cost, limit: MOST_COST, http: { status: 400 } } },
  );
}
