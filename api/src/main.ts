import { once } from 'node:events';
import { sql as raw } from 'drizzle-orm';
import { isLoopback } from '@symbolon/serving/environment';
import { isLoopbackUrl, readConfig } from './config.ts';
import { connect, type DatabaseClient } from './db/client.ts';
import { startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { expireActivations } from './features/activation/expire-activations.ts';
import { checkAddressesWhenDue } from './features/addresses/check-addresses-when-due.ts';
import { createMailTransport } from './features/notifications/mail-transport.ts';
import { sweepFiles } from './features/files/one-time-file.ts';
import { requeueLostJobs } from './features/jobs/requeue-lost-jobs.ts';
import { sweepJobs } from './features/jobs/sweep-jobs.ts';
import { expireRequests } from './features/requests/expire-requests.ts';
import { serveWaitingRequests } from './features/requests/serve-waiting-requests.ts';
import { tellExpiring } from './features/tokens/tell-expiring.ts';
import type { FirstSignIn } from './first-sign-in.ts';
import { prepareInstallation } from './first-start.ts';
import { createBus } from './lib/bus.ts';
import { type AdjustableClock, createClock } from './lib/clock.ts';
import type { ActionDeps, Deps } from './lib/deps.ts';
import { createLog } from './lib/log.ts';
import { systemRandom } from './lib/random.ts';
import { StartRefused } from '@symbolon/serving/start-refused';
import { createVault } from './lib/vault.ts';
import { checkMasterKey, readMasterKey } from './master-key.ts';
import { createServer } from './server.ts';
import { freeAbandonedWork, startWork } from './work.ts';

const MINUTE = 60_000;
const say = (sentence: string) => process.stdout.write(`${sentence}\n`);

/** What is undone at the end, newest first; a failed start undoes what it did. */
const undo: (() => unknown)[] = [];
let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const step of undo.reverse()) await step();
  })();
  return stopping;
}

async function openDatabase(config: ReturnType<typeof readConfig>, log: ReturnType<typeof createLog>) {
  if (config.databaseUrl) return { url: config.databaseUrl, dataDir: config.dataDir, firstStart: false };
  const embedded = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (line) => log.debug(line),
    say,
  });
  undo.push(() => embedded.stop());
  return embedded;
}

async function start(verb: string): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const database = await openDatabase(config, log);
  await migrate(database.url);
  if (verb === 'migrate') {
    say('The database is up to date.');
    return stop();
  }
  const client = connect(database.url);
  undo.push(() => client.close());
  const vault = createVault(await readMasterKey(config, systemRandom, database.dataDir), systemRandom);
  await checkMasterKey(client.db, vault);
  const clock = createClock();
  if (!config.test) await followDatabaseClock(client, clock);
  const bus = await createBus(client.sql);
  const demo =
    config.demo ??
    (!config.databaseUrl && !config.production && database.firstStart && isLoopback(config.listen));
  const deps: Deps = {
    config: { ...config, demo },
    db: client.db,
    bus,
    clock,
    random: systemRandom,
    vault,
    log,
    mail: config.mail.smtp ? createMailTransport(config.mail.smtp, config.mail.signing) : null,
  };
  if (deps.mail) undo.push(() => deps.mail?.close());
  const system: ActionDeps = { ...deps, actor: { kind: 'system' }, request: { id: 'start', address: '' } };
  const firstSignIns = await prepareInstallation(system, { demo });

  if (verb !== 'serve') {
    undo.push(await startWork(system, client.sql, database.url));
    await freeAbandonedWork(system);
  }
  const timer = setInterval(() => void everyMinute(system, client, clock, verb), MINUTE);
  undo.push(() => clearInterval(timer));
  if (verb === 'work') {
    say('Symbolon does the work behind the consoles. Ctrl-C stops it.');
    return;
  }
  const check = () => void lookAtAddresses(system, { now: true });
  const server = await createServer(deps, { onCertificateChange: check });
  undo.push(() => server.close());
  server.http.listen(config.port, config.listen);
  await once(server.http, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new StartRefused(listenRefusal(error, config.port, config.listen));
  });
  announce(deps, firstSignIns);
  check();
}

/** Tidies up, unless this process only serves, and follows the database's clock; what fails is tried again. */
async function everyMinute(system: ActionDeps, client: DatabaseClient, clock: AdjustableClock, verb: string) {
  try {
    if (verb !== 'serve') await tidyUp(system);
    // From where phones are served: work alone may run where our addresses cannot be reached.
    if (verb !== 'work') void lookAtAddresses(system, { now: false });
    if (!system.config.test) await followDatabaseClock(client, clock);
  } catch (error) {
    system.log.warn({ err: error }, 'The work of a minute failed; it is tried again');
  }
}

async function tidyUp(system: ActionDeps): Promise<void> {
  await freeAbandonedWork(system);
  await expireActivations(system);
  await expireRequests(system);
  await sweepFiles(system);
  await sweepJobs(system);
  await requeueLostJobs(system);
  await serveWaitingRequests(system);
  await tellExpiring(system);
}

/** Checks our own addresses, beside everything else: nobody waits for it. */
async function lookAtAddresses(system: ActionDeps, when: { now: boolean }): Promise<void> {
  await checkAddressesWhenDue(system, when).catch((error: unknown) => {
    if (!stopping) system.log.warn({ err: error }, 'The addresses could not be checked');
  });
}

function listenRefusal(error: NodeJS.ErrnoException, port: number, address: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what uses it, or set PORT to another one.`;
  if (error.code === 'EACCES')
    return `Port ${port} needs rights that this user lacks. Set PORT to one above 1023.`;
  return `The address ${address}:${port} cannot be used (${error.message}).`;
}

/** Instances agree on the time by following the database's clock. */
async function followDatabaseClock(client: DatabaseClient, clock: AdjustableClock): Promise<void> {
  const before = Date.now();
  const [row] = await client.db.execute<{ ms: string }>(
    raw`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms`,
  );
  const after = Date.now();
  clock.setOffset(Math.round(Number(row!.ms) - (before + after) / 2));
}

function announce({ config }: Deps, firstSignIns: FirstSignIn[]): void {
  say(`\nSymbolon is ready: ${config.adminUrl}`);
  if (firstSignIns.length > 0) {
    say('\nSign in with (shown once):');
    for (const { userName, password } of firstSignIns) say(`  ${userName.padEnd(8)} ${password}`);
  }
  if (isLoopbackUrl(config.publicUrl)) {
    say(
      '\nPhones cannot reach localhost. Set SYMBOLON_PUBLIC_URL for them, or try the command-line authenticator:',
    );
    say('  npm run authenticator -- --help');
  }
  if (config.insecureHttp)
    say('\nPlain HTTP is allowed (SYMBOLON_INSECURE_HTTP): passwords can be read on the way.');
  say('\nCtrl-C stops everything; nothing is lost.');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void stop().then(() => process.exit(0));
  });
}

start(process.argv[2] ?? 'start').catch(async (error: unknown) => {
  const sentence =
    error instanceof StartRefused ? error.message : `Symbolon could not start: ${String(error)}`;
  process.stderr.write(`${sentence}\n`);
  if (!(error instanceof StartRefused)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
  await stop().catch(() => undefined);
  process.exit(1);
});
