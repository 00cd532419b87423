import type { ApiKeyState } from '../../gql/graphql';
import { listSearch } from '../../lib/list-search.ts';

export const apiKeyStates: ApiKeyState[] = ['ACTIVE', 'EXPIRED', 'REVOKED'];

/** What the address holds: filters and page. */
export type AllKeysQuery = { search?: string; after?: string; before?: string; state?: ApiKeyState };

/** Reads the address; what it does not know is left out. */
export function readAllKeysQuery(given: Record<string, unknown>): AllKeysQuery {
  const state = apiKeyStates.find((known) => known === given['state']);
  return { ...listSearch(given), ...(state ? { state } : {}) };
}
