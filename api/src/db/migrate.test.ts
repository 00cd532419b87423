import postgres from 'postgres';
import { afterEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/postgres.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
afterEach(() => database.drop());

async function query<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

const tableCount = () =>
  query(async (sql) => {
    const [row] =
      await sql`SELECT count(*)::int AS count FROM information_schema.tables WHERE table_schema = 'public'`;
    return row!['count'] as number;
  });

test('several instances that start at once on an empty database make its tables once', async () => {
  database = await createTestDatabase();
  const tables = await tableCount();
  await query(async (sql) => {
    await sql`DROP SCHEMA public CASCADE`;
    await sql`CREATE SCHEMA public`;
    await sql`DROP SCHEMA drizzle CASCADE`;
  });
  await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(await tableCount()).toBe(tables);
});

test('a database of a newer version is refused in one sentence and left alone', async () => {
  database = await createTestDatabase();
  await query(
    (sql) =>
      sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at, name) VALUES ('x', 9999999999999, '29991231235959_later')`,
  );
  await expect(migrate(database.url)).rejects.toThrow(
    'The database was made by a newer version of Symbolon.',
  );
});

test('a database that cannot be reached is refused in one sentence, without the password', async () => {
  database = await createTestDatabase();
  const refused = migrate('postgres://user:secret-word@127.0.0.1:1/none');
  await expect(refused).rejects.toThrow(/^The database cannot be reached \(.*\)\. Check DATABASE_URL\.$/);
  await expect(migrate('postgres://user:secret-word@127.0.0.1:1/none')).rejects.not.toThrow('secret-word');
});
