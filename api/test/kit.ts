import type { AddressInfo } from 'node:net';
import { Logger, runOnce } from 'graphile-worker';
import { readConfig } from '../src/config.ts';
import { connect } from '../src/db/client.ts';
import { ensureShippedDefinitions } from '../src/features/device-definitions/seed-shipped-definitions.ts';
import { createMailTransport } from '../src/features/notifications/mail-transport.ts';
import { createUser } from '../src/features/users/create-user.ts';
import type { Role } from '../src/auth/permissions.ts';
import { createBus } from '../src/lib/bus.ts';
import { type AdjustableClock, createClock, plusSeconds } from '../src/lib/clock.ts';
import type { ActionDeps, Deps } from '../src/lib/deps.ts';
import { createLog } from '../src/lib/log.ts';
import { systemRandom } from '../src/lib/random.ts';
import { createVault } from '../src/lib/vault.ts';
import { createServer } from '../src/server.ts';
import { tasksOf } from '../src/work.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

export const ORIGIN = 'http://localhost:4000';
/** Everybody's password whom `person` makes. */
export const PASSWORD = 'test-only-password';
/** For tests only: 32 octets of 7. */
export const testMasterKey = Buffer.alloc(32, 7).toString('base64');

export type GraphqlAnswer = {
  // biome-ignore lint/suspicious/noExplicitAny: tests select what they look at
  data: any;
  errors?: { message: string; extensions: { code: string } }[];
};

export type Person = {
  id: string;
  userName: string;
  cookie: string;
  /** Sends a document as this person, with our Origin. */
  graphql(document: string, variables?: object): Promise<GraphqlAnswer>;
};

/** A real API on a database of its own: HTTP, GraphQL, and its actions. */
export type TestApi = {
  deps: Deps;
  /** For calling actions as the system. */
  system: ActionDeps;
  url: string;
  /** `freeze` stops it where it is, for tests that a slow machine must not disturb; `advance` moves it, frozen or not. */
  clock: AdjustableClock & { advance(seconds: number): void; freeze(): void };
  /** Makes a user with these roles and signs in. */
  person(userName: string, roles?: Role[]): Promise<Person>;
  databaseUrl: string;
  /** Does what is in the queue, once; what fails stays for later. */
  work(): Promise<void>;
  /** Another instance on the same database, with other settings if wanted. */
  secondInstance(env?: NodeJS.ProcessEnv): Promise<{ url: string; deps: Deps; close(): Promise<void> }>;
  close(): Promise<void>;
};

/**
 * @param given a database of the test cluster; default: a new one
 * @param env settings beside those of every test
 */
export async function startTestApi(given?: TestDatabase, env: NodeJS.ProcessEnv = {}): Promise<TestApi> {
  const database = given ?? (await createTestDatabase());
  const clock = movableClock();
  const first = await startInstance(database.url, clock, env);
  const system: ActionDeps = {
    ...first.deps,
    actor: { kind: 'system' },
    request: { id: 'test', address: '127.0.0.1' },
  };
  await ensureShippedDefinitions(system);
  const others: { close(): Promise<void> }[] = [];

  return {
    deps: first.deps,
    system,
    url: first.url,
    clock,
    person: (userName, roles = []) => signedIn(system, first.url, userName, roles),
    databaseUrl: database.url,
    work: () =>
      runOnce({
        connectionString: database.url,
        taskList: tasksOf(system),
        noHandleSignals: true,
        logger: new Logger(() => () => undefined),
      }),
    async secondInstance(env) {
      const instance = await startInstance(database.url, clock, env);
      others.push(instance);
      return instance;
    },
    async close() {
      for (const instance of [...others, first]) await instance.close();
      await database.drop();
    },
  };
}

function movableClock(): TestApi['clock'] {
  const clock = createClock();
  let ahead = 0;
  let frozen: Date | undefined;
  return {
    ...clock,
    now: () => (frozen ? plusSeconds(frozen, 0) : clock.now()),
    freeze() {
      frozen = clock.now();
    },
    advance(seconds) {
      ahead += seconds * 1000;
      clock.setOffset(ahead);
      frozen &&= plusSeconds(frozen, seconds);
    },
  };
}

async function startInstance(databaseUrl: string, clock: AdjustableClock, env: NodeJS.ProcessEnv = {}) {
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '4000',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'error',
    ...env,
  });
  const client = connect(databaseUrl, 8);
  const vault = createVault(Buffer.from(testMasterKey, 'base64'), systemRandom);
  const bus = await createBus(client.sql);
  const deps: Deps = {
    config,
    db: client.db,
    bus,
    clock,
    random: systemRandom,
    vault,
    log: createLog('error'),
    mail: config.mail.smtp ? createMailTransport(config.mail.smtp, config.mail.signing) : null,
  };
  const server = await createServer(deps);
  await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
  const { port } = server.http.address() as AddressInfo;
  return {
    deps,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await server.close();
      deps.mail?.close();
      await client.close();
    },
  };
}

async function signedIn(system: ActionDeps, url: string, userName: string, roles: Role[]): Promise<Person> {
  const { user } = await createUser(system, {
    userName,
    givenName: userName,
    familyName: 'Test',
    password: PASSWORD,
    mustChangePassword: false,
    roles,
  });
  const cookie = await signIn(url, userName, PASSWORD);
  return {
    id: user.id,
    userName,
    cookie,
    graphql: (document, variables) => graphql(url, cookie, document, variables),
  };
}

/** Signs in over HTTP and answers the cookie header; throws when refused. */
export async function signIn(
  url: string,
  username: string,
  password: string,
  origin = ORIGIN,
): Promise<string> {
  const response = await fetch(`${url}/auth/sign-in/username`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw new Error(`Sign-in of ${username}: ${response.status} ${await response.text()}`);
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

/** One GraphQL request over HTTP. */
export async function graphql(
  url: string,
  cookie: string | undefined,
  query: string,
  variables: object = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN, ...(cookie ? { Cookie: cookie } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphqlAnswer;
}
