// Loads every feature's wiring, then builds the schema. Importing a file adds its fields to the builder.
import './graphql/scalars.ts';
import './auth/schema.ts';
import './features/users/schema.ts';
import './features/api-keys/schema.ts';
import './features/sessions/schema.ts';
import './features/device-definitions/schema.ts';
import './features/token-profiles/schema.ts';
import './features/tokens/schema.ts';
import './features/files/schema.ts';
import './features/jobs/schema.ts';
import './features/token-import/schema.ts';
import './features/token-export/schema.ts';
import './features/distribution/schema.ts';
import './features/activation/schema.ts';
import './features/passcodes/schema.ts';
import './features/self-service/schema.ts';
import './features/requests/schema.ts';
import './features/notifications/schema.ts';
import './features/settings/schema.ts';
import './features/addresses/schema.ts';
import './features/audit/schema.ts';
import { builder } from './graphql/builder.ts';

/** The whole GraphQL schema; `schema.graphql` is its print. */
export const schema = builder.toSchema();
