import type { Permission } from '../src/auth/permissions.ts';
import { act } from './act.ts';
import type { GraphqlAnswer, Person } from './kit.ts';

export type MadeKey = { id: string; key: string };

/** Makes an API key as this person. */
export async function keyOf(
  person: Person,
  permissions: Permission[],
  more: { name?: string; expiresAt?: Date } = {},
): Promise<MadeKey> {
  const input = { name: 'CI', permissions, ...more };
  const made = await act(person, 'createApiKey', input, 'key apiKey { id }');
  if (!made.key) throw new Error(`No key: ${JSON.stringify(made)}`);
  return { id: made.apiKey.id, key: made.key };
}

export type KeyAnswer = GraphqlAnswer & { status: number; headers: Headers };

/** One GraphQL request as a program with this key sends it: no cookie, no Origin, unless `headers` say so. */
export async function withKey(
  url: string,
  key: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<KeyAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as GraphqlAnswer;
  return { ...answer, status: response.status, headers: response.headers };
}

/** A person's key as somebody whom `act` takes. */
export const asProgram = (url: string, person: Person, { key }: MadeKey): Person => ({
  ...person,
  cookie: '',
  graphql: (document, variables) => withKey(url, key, document, variables),
});
