import SchemaBuilder from '@pothos/core';
import './common-descriptions.ts';
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
  plugins: ['permission', 'commonDescriptions'],
  defaultFieldNullability: false,
});

builder.queryType({
  description:
    'What can be asked. What the caller may not see is null, just as what does not exist; a field that the caller may never ask for is an error, `FORBIDDEN`.',
});
builder.mutationType({
  description:
    'What can be done. Each mutation takes one `input` and answers its success or a failure (`UserError`); those that take several tokens change all of them or none.',
});
builder.subscriptionType({
  description:
    'Over WebSocket, `graphql-transport-ws`. Each subscription first sends the present state, then every change, and completes at an end state; EXPIRED is sent when it happens.',
});
