import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations as migrateQueue } from 'graphile-worker';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { StartRefused } from '@symbolon/serving/start-refused';

const migrationsFolder = fileURLToPath(new URL('migrations', import.meta.url));
// Any number serves that nothing else locks in this database.
const MIGRATION_LOCK = 79_626_567;

/**
 * Brings the database up to this version, under a lock: several instances may start at once.
 * @throws StartRefused when the database cannot be reached or is of a newer version
 */
export async function migrate(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    await sql`SELECT pg_advisory_lock(${MIGRATION_LOCK})`.catch((error: Error) => {
      throw new StartRefused(`The database cannot be reached (${reasonOf(error)}). Check DATABASE_URL.`);
    });
    await refuseNewer(sql);
    await runMigrations(drizzle({ client: sql }), { migrationsFolder });
    await migrateQueue({ connectionString: url, logger: new Logger(() => () => undefined) });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function refuseNewer(sql: postgres.Sql): Promise<void> {
  const [table] = await sql`SELECT to_regclass('drizzle.__drizzle_migrations') AS name`;
  if (!table?.['name']) return;
  const known = new Set(readdirSync(migrationsFolder));
  const applied = await sql<{ name: string | null }[]>`SELECT name FROM drizzle.__drizzle_migrations`;
  const unknown = applied.filter(({ name }) => name && !known.has(name));
  if (unknown.length > 0) {
    throw new StartRefused(
      'The database was made by a newer version of Symbolon. Start that version; nothing was changed.',
    );
  }
}

/** The cause in a few words; an address without a password. */
function reasonOf(error: Error & { code?: string; errors?: Error[] }): string {
  return error.message || error.errors?.map(({ message }) => message).join(', ') || error.code || 'no answer';
}
