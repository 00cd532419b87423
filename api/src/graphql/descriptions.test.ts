import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isInterfaceType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../schema.ts';

/** Everything of a type that a reader of the schema meets, by its path. */
function* partsOf(type: GraphQLNamedType): Generator<[path: string, description: string | null | undefined]> {
  yield [type.name, type.description];
  if (isEnumType(type)) {
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      yield [`${type.name}.${field.name}`, field.description];
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      yield [path, field.description];
      for (const argument of field.args) yield [`${path}(${argument.name}:)`, argument.description];
    }
  }
}

it('the schema describes every type, field, argument, input field and enum value', () => {
  const own = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  const parts = own.flatMap((type) => [...partsOf(type)]);
  expect(parts.length).toBeGreaterThan(1000);
  const silent = parts.filter(([, description]) => !description?.trim()).map(([path]) => path);
  expect(silent).toEqual([]);
});

it('each description ends as a sentence does', () => {
  const parts = Object.values(schema.getTypeMap()).flatMap((type) =>
    isIntrospectionType(type) ? [] : [...partsOf(type)],
  );
  const unfinished = parts.filter(([, text]) => text && !/[.»…]$/.test(text.trim())).map(([path]) => path);
  expect(unfinished).toEqual([]);
});
