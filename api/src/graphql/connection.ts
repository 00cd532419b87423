import type { ObjectRef } from '@pothos/core';
import { type Builder, builder } from './builder.ts';
import type { Connection, Edge, PageInfo } from '../db/keyset.ts';

type SchemaTypes = Builder['$inferSchemaTypes'];
type FieldBuilder = PothosSchemaTypes.RootFieldBuilder<SchemaTypes, unknown>;

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage'),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
    startCursor: t.exposeString('startCursor', { nullable: true }),
    endCursor: t.exposeString('endCursor', { nullable: true }),
  }),
});

/** `<Name>Connection` and `<Name>Edge` over a type, in the contract's form. */
export function connectionType<T>(
  name: string,
  type: ObjectRef<SchemaTypes, T>,
): ObjectRef<SchemaTypes, Connection<T>> {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      node: t.field({ type, resolve: ({ node }) => node as never }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    fields: (t) => ({
      edges: t.field({ type: [EdgeRef], resolve: ({ edges }) => edges }),
      nodes: t.field({ type: [type], resolve: ({ edges }) => edges.map(({ node }) => node) as never }),
      pageInfo: t.field({ type: PageInfoRef, resolve: ({ pageInfo }) => pageInfo }),
      totalCount: t.int({
        nullable: true,
        description: 'Costs a count; null where that would be too dear.',
        resolve: ({ totalCount }) => totalCount(),
      }),
    }),
  });
}

/** The four arguments of a keyset-paged list. */
export const pageArgs = (t: Pick<FieldBuilder, 'arg'>) => ({
  first: t.arg.int(),
  after: t.arg.string(),
  last: t.arg.int(),
  before: t.arg.string(),
});
