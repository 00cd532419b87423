import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';

export type Database = PostgresJsDatabase;
/** A transaction, or the database itself where one statement is enough. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Queryable = Database | Transaction;

export type DatabaseClient = { db: Database; sql: Sql; close(): Promise<void> };

/** Connects lazily; `poolSize` connections, and one more once something listens. */
export function connect(url: string, poolSize = 10): DatabaseClient {
  const sql = postgres(url, { max: poolSize, onnotice: () => {}, connect_timeout: 10 });
  return { db: drizzle({ client: sql }), sql, close: () => sql.end({ timeout: 5 }) };
}
