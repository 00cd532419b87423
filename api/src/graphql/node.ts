import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { globalId, readGlobalId } from './ids.ts';

type Row = { id: string | number };
type Loader = (context: GraphQLContext, id: string) => Promise<Row | null | undefined>;

const loaders = new Map<string, Loader>();
const typeOfRow = new WeakMap<object, string>();

export const Node = builder.interfaceRef<Row>('Node').implement({
  description: 'Anything with an id of its own.',
  fields: (t) => ({ id: t.id({ resolve: (row) => String(row.id) }) }),
  resolveType: (row) => typeOfRow.get(row) ?? '',
});

/**
 * A type that `node(id:)` can answer; implement it with `interfaces: [Node]`. `load` answers the row if the viewer may
 * see it, else null: the check belongs there, for there is no other between an id and the object.
 */
export function nodeRef<T extends Row>(
  name: string,
  load: (context: GraphQLContext, id: string) => Promise<T | null | undefined>,
) {
  loaders.set(name, load);
  const ref = builder.objectRef<T>(name);
  builder.objectField(ref, 'id', (t) => t.id({ resolve: (row) => globalId(name, String(row.id)) }));
  return ref;
}

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    permission: 'SIGNED_IN',
    description: 'Any object by its id; null when there is none that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const read = readGlobalId(id);
      const row = read ? await loaders.get(read.typename)?.(context, read.id) : undefined;
      if (!read || !row) return null;
      typeOfRow.set(row, read.typename);
      return row;
    },
  }),
);
