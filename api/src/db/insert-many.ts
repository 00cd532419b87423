import { type Column, type InferInsertModel, getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from './client.ts';

/**
 * Inserts rows by one statement whose text does not depend on their number: each text is prepared once and kept, on both
 * sides, as long as the connection lives. Columns are those of the first row; others get their defaults.
 */
export async function insertMany<Table extends PgTable>(
  tx: Queryable,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns: Record<string, Column> = getTableColumns(table);
  const keys = Object.keys(first).filter((key) => (first as Record<string, unknown>)[key] !== undefined);
  const names = sql.join(
    keys.map((key) => sql.identifier(columns[key]!.name)),
    sql`, `,
  );
  const json = JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        keys.map((key) => [columns[key]!.name, asJson((row as Record<string, unknown>)[key])]),
      ),
    ),
  );
  const name = sql.identifier(getTableName(table));
  await tx.execute(
    sql`INSERT INTO ${name} (${names}) SELECT ${names} FROM json_populate_recordset(NULL::${name}, ${json}::text::json)`,
  );
}

/** As Postgres reads it from JSON into the column. */
const asJson = (value: unknown): unknown =>
  value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;

/** `column IN (…)` for any number of texts, by one and the same statement. */
export const isAmong = (column: Column, values: readonly string[]) =>
  sql`${column} IN (SELECT json_array_elements_text(${JSON.stringify(values)}::text::json))`;
