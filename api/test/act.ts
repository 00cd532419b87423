import { getNamedType, isUnionType } from 'graphql';
import { schema } from '../src/schema.ts';
import type { Person } from './kit.ts';

/**
 * One mutation with its input, as this person. Answers the member of the result union with what it tells, or
 * `{ refused: code }` when GraphQL answers an error instead.
 * @param success what to select of the success
 */
// biome-ignore lint/suspicious/noExplicitAny: tests select what they look at
export async function act(person: Person, name: string, input: object, success = '__typename'): Promise<any> {
  const Name = name[0]!.toUpperCase() + name.slice(1);
  const result = getNamedType(schema.getMutationType()!.getFields()[name]!.type);
  const members = isUnionType(result) ? result.getTypes().map((type) => type.name) : [];
  const { data, errors } = await person.graphql(
    `mutation ($input: ${Name}Input!) { ${name}(input: $input) { __typename
      ... on ${Name}Success { ${success} }
      ... on UserError { code message params { name value } }
      ${members.includes('InvalidInput') ? '... on InvalidInput { fields { path code } }' : ''}
      ${members.includes('LimitReached') ? '... on LimitReached { limit }' : ''} } }`,
    { input },
  );
  return errors ? { refused: errors[0]!.extensions.code } : data[name];
}
