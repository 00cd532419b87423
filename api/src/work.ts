import { EventEmitter } from 'node:events';
import { sql } from 'drizzle-orm';
import { Logger, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Sql } from 'postgres';
import type { JobKind } from './features/jobs/create-job.ts';
import { type JobRunner, runJob } from './features/jobs/run-job.ts';
import { importJob } from './features/token-import/import-job.ts';
import { sendMail } from './features/notifications/send-mail.ts';
import { serveWaitingRequests } from './features/requests/serve-waiting-requests.ts';
import type { ActionDeps } from './lib/deps.ts';
import { inLittleMemory } from './lib/little-memory.ts';
import type { Task, Tasks } from './lib/queue.ts';

const AT_ONCE = 2;
const POLL_MS = 2000;
/** The first job may be taken a moment before the sign of life stands. */
const GRACE_SECONDS = 30;
// First half of the advisory locks by which running pools of workers are known.
const WORKER_LOCK = 79_626_569;

const jobRunners: Record<JobKind, JobRunner> = { IMPORT_TOKENS: importJob };

/** What each task of the queue does. */
export const tasksOf = (deps: ActionDeps): TaskList =>
  ({
    send_mail: (payload, { job }) =>
      sendMail(deps, { ...(payload as Tasks['send_mail']), isLastTry: job.attempts >= job.max_attempts }),
    serve_waiting_requests: () => serveWaitingRequests(deps),
    run_job: (payload, { job }) =>
      inLittleMemory(() =>
        runJob(deps, jobRunners, {
          ...(payload as Tasks['run_job']),
          isLastTry: job.attempts >= job.max_attempts,
        }),
      ),
  }) satisfies Record<Task, TaskList[string]>;

/** Does the work of the queue until it is stopped; any number of processes may. Answers how to stop. */
export async function startWork(
  deps: ActionDeps,
  sqlClient: Sql,
  databaseUrl: string,
): Promise<() => Promise<void>> {
  const presence = await sqlClient.reserve();
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => {
    void presence`SELECT pg_advisory_lock(${WORKER_LOCK}, hashtext(${workerPool.id}))`.catch(
      (error: unknown) => deps.log.warn({ err: error }, 'The workers could not give a sign of life'),
    );
  });
  const runner = await run({
    events,
    connectionString: databaseUrl,
    concurrency: AT_ONCE,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList: tasksOf(deps),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') deps.log.warn(message);
      else deps.log.debug(message);
    }),
  });
  return async () => {
    await runner.stop();
    presence.release();
  };
}

/**
 * Frees work that a process held which is no more: the queue itself would wait four hours. A process that lives holds an
 * advisory lock for its pool of workers.
 */
export async function freeAbandonedWork({ db }: ActionDeps): Promise<void> {
  await db.execute(sql`SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by))
    FROM graphile_worker.jobs
    WHERE locked_at < clock_timestamp() - ${`${GRACE_SECONDS} s`}::interval AND NOT EXISTS (SELECT 1 FROM pg_locks
      WHERE locktype = 'advisory' AND classid = ${WORKER_LOCK} AND objid = (hashtext(locked_by)::bigint & 4294967295)::oid)
    HAVING count(*) > 0`);
}
