import SchemaBuilder from '@pothos/core';
import './permission-plugin.ts';
import type { GraphQLContext } from './context.ts';

type Types = {
  Context: GraphQLContext;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Date: { Input: string; Output: string };
  };
  DefaultFieldNullability: false;
};

export type Builder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<Types>>;

/** The one builder; `features/<feature>/schema.ts` adds to it, `schema.ts` gathers them. */
export const builder: Builder = new SchemaBuilder<Types>({
  plugins: ['permission'],
  defaultFieldNullability: false,
});

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});
