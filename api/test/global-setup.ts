import { migrate } from '../src/db/migrate.ts';
import { startTestCluster } from './postgres.ts';

/** One PostgreSQL for the whole run of the api's tests; vitest calls what is returned at the end. */
export default function setup(): Promise<() => Promise<void>> {
  return startTestCluster(migrate);
}
