import {
  and,
  asc,
  type Column,
  count,
  desc,
  getTableColumns,
  gt,
  type InferSelectModel,
  lt,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { invalidInput } from '../lib/failure.ts';
import type { Database } from './client.ts';

export type PageArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 200;
/** Counting a million rows takes long; past this a count is left out. */
const COUNT_UP_TO = 10_000;

export type Edge<T> = { cursor: string; node: T };
export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};
export type Connection<T> = {
  edges: Edge<T>[];
  pageInfo: PageInfo;
  totalCount: () => Promise<number | null>;
};

/** One page of a list ordered by a unique column. */
export type KeysetPlan = {
  where: SQL | undefined;
  orderBy: SQL[];
  /** One row more than the page; it tells whether there is another page. */
  limit: number;
  backwards: boolean;
  size: number;
};

const badPage = (path: string, message: string) => invalidInput({ path, code: 'page.invalid', message });
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const encode = (key: string | number) => Buffer.from(String(key)).toString('base64url');
const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString();

/**
 * A number that stands in the statement's text, for Drizzle still a number. As a parameter it would have Postgres plan
 * the statement anew at each call, because it knows too little of the limit to keep a plan.
 */
const literal = (number: number): number => sql.raw(String(number)) as unknown as number;

/**
 * Where, order and limit for one page. `column` is unique and sorts the list; one row more than the page tells
 * whether there is another page.
 * @throws Failure InvalidInput for a page size outside 1 to 200, first beside last, or a cursor that is not ours
 */
export function planPage(column: Column, direction: 'asc' | 'desc', args: PageArgs): KeysetPlan {
  const backwards = args.last !== null && args.last !== undefined;
  const isBoth = backwards && args.first !== null && args.first !== undefined;
  if (isBoth) throw badPage('first', 'Ask for the first rows or for the last ones, not for both.');
  const size = (backwards ? args.last : args.first) ?? PAGE_DEFAULT;
  if (!Number.isInteger(size) || size < 1 || size > PAGE_MAX) {
    throw badPage('first', `A page has 1 to ${PAGE_MAX} rows.`);
  }
  const ascending = (direction === 'asc') !== backwards;
  const key = (cursor: string) => {
    const text = decode(cursor);
    if (text.includes('\0') || encode(text) !== cursor)
      throw badPage('after', 'This cursor is not of this list.');
    const isForeign =
      (column.dataType.startsWith('number') && !/^\d{1,18}$/.test(text)) ||
      (column.getSQLType() === 'uuid' && !uuid.test(text));
    if (isForeign) throw badPage('after', 'This cursor is not of this list.');
    return column.dataType.startsWith('number') ? Number(text) : text;
  };
  const beyond = (cursor: string, up: boolean) => (up ? gt(column, key(cursor)) : lt(column, key(cursor)));
  const conditions = [
    args.after ? beyond(args.after, direction === 'asc') : undefined,
    args.before ? beyond(args.before, direction !== 'asc') : undefined,
  ];
  return {
    where: and(...conditions),
    orderBy: [ascending ? asc(column) : desc(column)],
    limit: literal(size + 1),
    backwards,
    size,
  };
}

/** A connection from the rows that a plan's query answered. `count` runs only when `totalCount` is selected. */
export function connectionOf<Row>(
  plan: KeysetPlan,
  args: PageArgs,
  rows: Row[],
  key: (row: Row) => string | number,
  count: () => Promise<number | null>,
): Connection<Row> {
  const more = rows.length > plan.size;
  const page = rows.slice(0, plan.size);
  if (plan.backwards) page.reverse();
  const edges = page.map((node) => ({ cursor: encode(key(node)), node }));
  return {
    edges,
    totalCount: count,
    pageInfo: {
      hasNextPage: plan.backwards ? Boolean(args.before) : more,
      hasPreviousPage: plan.backwards ? more : Boolean(args.after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** How many rows match; null for more than 10,000. */
export async function countRows(
  db: Database,
  table: PgTable,
  matches: SQL | undefined,
): Promise<number | null> {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(table)
    .where(matches)
    .limit(COUNT_UP_TO + 1)
    .as('some');
  const [row] = await db.select({ count: count() }).from(some);
  return row && row.count <= COUNT_UP_TO ? row.count : null;
}

type List<Table extends PgTable> = {
  table: Table;
  /** A unique column, which sorts the list. */
  key: keyof InferSelectModel<Table> & string;
  direction: 'asc' | 'desc';
  matches?: SQL | undefined;
};

/**
 * One page of a table's rows that match.
 * @throws Failure InvalidInput as `planPage` does
 */
export async function pageOf<Table extends PgTable>(
  { db }: { db: Database },
  { table, key, direction, matches }: List<Table>,
  args: PageArgs,
): Promise<Connection<InferSelectModel<Table>>> {
  const plan = planPage(getTableColumns(table)[key]!, direction, args);
  const rows = await db
    .select()
    .from(table as PgTable)
    .where(and(matches, plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return connectionOf(
    plan,
    args,
    rows as InferSelectModel<Table>[],
    (row) => row[key] as string | number,
    () => countRows(db, table, matches),
  );
}

/** Letters that LIKE would read as wildcards are escaped. */
export const likeAnywhere = (search: string): string => `%${search.replace(/[\\%_]/g, '\\$&')}%`;
