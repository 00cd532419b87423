import { countedAddress } from '@symbolon/serving/counted-address';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Viewer } from '../auth/session.ts';
import { readSetting } from '../features/settings/read-settings.ts';
import { requireCost } from '../graphql/document-cost.ts';
import type { Deps } from '../lib/deps.ts';
import { isKnownDocument } from './known-documents.ts';

/** A minute of one caller on one instance. A console at work stays under a tenth of it. */
const perMinute = { documents: 1200, cost: 600_000 } as const;

/** One document of one caller, parsed and valid. */
export type Asked = {
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  viewer: Viewer | undefined;
  address: string;
};

/**
 * Judges documents before they run, for POST and socket alike: who may look at the schema, which documents are taken,
 * what they cost, and how many come. Each instance counts for itself: what it guards is its own time.
 */
export function createDocumentGuard(deps: Deps, schema: GraphQLSchema): (asked: Asked) => Promise<void> {
  const documents = new RateLimiterMemory({ points: perMinute.documents, duration: 60 });
  const costs = new RateLimiterMemory({ points: perMinute.cost, duration: 60 });
  return async (asked) => {
    const { document, operationName, variables, viewer } = asked;
    const operation = getOperationAST(document, operationName);
    if (!viewer && operation && asksForSchema(document, operation.selectionSet)) {
      throw new GraphQLError('Sign in to look at the schema.', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    }
    if (viewer && !viewer.apiKey && !isKnownDocument(document)) await requireForeignAllowed(deps);
    const cost = requireCost(schema, document, operationName, variables);
    const caller = principal(asked);
    await take(documents, caller, 1);
    await take(costs, caller, cost);
  };
}

function principal({ viewer, address }: Asked): string {
  if (!viewer) return `address ${countedAddress(address)}`;
  return viewer.apiKey ? `key ${viewer.apiKey.id}` : `user ${viewer.id}`;
}

async function take(limiter: RateLimiterMemory, caller: string, points: number): Promise<void> {
  try {
    await limiter.consume(caller, points);
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    const retryAfterSeconds = Math.max(
      1,
      Math.ceil((refused as { msBeforeNext: number }).msBeforeNext / 1000),
    );
    throw new GraphQLError(`Too many documents. Try again in ${retryAfterSeconds} seconds.`, {
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds, http: { status: 429 } },
    });
  }
}

async function requireForeignAllowed({ db }: Deps): Promise<void> {
  if (await readSetting(db, 'takesForeignDocuments')) return;
  throw new GraphQLError(
    'Only documents of our own pages are taken here from people who are signed in. Use an API key.',
    { extensions: { code: 'FORBIDDEN', http: { status: 403 } } },
  );
}

/** Whether an operation selects `__schema` or `__type`, also through fragments. */
function asksForSchema(document: DocumentNode, set: SelectionSetNode): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const entered = new Set<string>();
  const search = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return ['__schema', '__type'].includes(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return search(selection.selectionSet);
      const { value: name } = selection.name;
      const fragment = fragments.get(name);
      if (!fragment || entered.has(name)) return false;
      entered.add(name);
      return search(fragment.selectionSet);
    });
  return search(set);
}
