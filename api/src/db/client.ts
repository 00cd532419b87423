import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql, type TransactionSql } from 'postgres';

export type Database = PostgresJsDatabase;
/** A transaction, or the database itself where one statement is enough. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Queryable = Database | Transaction;

export type DatabaseClient = { db: Database; sql: Sql; close(): Promise<void> };

/** A statement that takes longer holds up others; it is stopped, and its transaction undone. */
const STATEMENT_SECONDS = 15;

/** Connects lazily; `poolSize` connections, and one more once something listens. */
export function connect(url: string, poolSize = 10): DatabaseClient {
  const sql = postgres(url, {
    max: poolSize,
    onnotice: () => {},
    connect_timeout: 10,
    connection: { statement_timeout: STATEMENT_SECONDS * 1000 },
  });
  return { db: drizzle({ client: preparing(sql) }), sql, close: () => sql.end({ timeout: 5 }) };
}

/**
 * The same client, preparing each statement once per connection. Drizzle does so only for what is given a name, and
 * everything else costs a second round trip, in which Postgres parses it anew.
 */
function preparing<Client extends Sql | TransactionSql>(client: Client): Client {
  return new Proxy(client, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver);
      if (property === 'unsafe') {
        return (text: string, args: never[], options: object) =>
          target.unsafe(text, args, { ...options, prepare: true });
      }
      if (property === 'begin' || property === 'savepoint') {
        return (work: (tx: TransactionSql) => unknown) =>
          (value as (run: (tx: TransactionSql) => unknown) => unknown).call(target, (tx) =>
            work(preparing(tx)),
          );
      }
      return value;
    },
  });
}
