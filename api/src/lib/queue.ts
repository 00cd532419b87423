import { sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';

/** Work that is done behind the doors, and what it is about. */
export type Tasks = {
  /** Sends a mail of the outbox. */
  send_mail: { mailId: string };
  /** Gives tokens to approved requests that wait for one. */
  serve_waiting_requests: Record<string, never>;
  /** Goes on with a job; one at a time on all instances, so that mails and requests never wait for it. */
  run_job: { jobId: string };
};
export type Task = keyof Tasks;

/** Tries of a task; the pauses grow from seconds to hours, so the last of a mail lies about a day after the first. */
export const MAX_ATTEMPTS: Record<Task, number> = { send_mail: 14, serve_waiting_requests: 5, run_job: 25 };

/** Tasks of one queue are done one after the other. */
const QUEUE: Partial<Record<Task, string>> = { run_job: 'jobs' };

/**
 * Puts work into the queue in the caller's transaction: it is done if, and only if, that commits. Of work with the same
 * `key` that has not begun there is one.
 */
export async function enqueue<Name extends Task>(
  tx: Queryable,
  task: Name,
  payload: Tasks[Name],
  key: string,
): Promise<void> {
  await tx.execute(sql`SELECT graphile_worker.add_job(${task}::text, payload := ${JSON.stringify(payload)}::text::json,
    queue_name := ${QUEUE[task] ?? null}::text, max_attempts := ${MAX_ATTEMPTS[task]}::int, job_key := ${key}::text)`);
}
