import type { ObjectRef } from '@pothos/core';
import { type Builder, builder } from './builder.ts';
import type { Connection, Edge, PageInfo } from '../db/keyset.ts';

type SchemaTypes = Builder['$inferSchemaTypes'];
type FieldBuilder = PothosSchemaTypes.RootFieldBuilder<SchemaTypes, unknown>;

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether rows follow behind this page. Ask for them with `first` and `after: endCursor`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether rows stand before this page. Ask for them with `last` and `before: startCursor`.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'Cursor of the first row of the page; null when it is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Cursor of the last row of the page; null when it is empty.',
    }),
  }),
});

/** `<Name>Connection` and `<Name>Edge` over a type, in the contract's form. */
export function connectionType<T>(
  name: string,
  type: ObjectRef<SchemaTypes, T>,
): ObjectRef<SchemaTypes, Connection<T>> {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: `A ${name} in a list, with its place.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description:
          'Marks the place in the order, for `after` and `before`; stays right when rows come and go.',
      }),
      node: t.field({ type, description: `The ${name}.`, resolve: ({ node }) => node as never }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    description: `One page of a list of ${name}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        description: 'The rows of the page, each with its cursor.',
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [type],
        description: 'The rows of the page, without cursors.',
        resolve: ({ edges }) => edges.map(({ node }) => node) as never,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'Whether there is more, and from where to ask on.',
        resolve: ({ pageInfo }) => pageInfo,
      }),
      totalCount: t.int({
        nullable: true,
        description: 'Rows of the whole list. Costs a count; null where that would be too dear.',
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
