import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../test/kit.ts';
import { connect, type DatabaseClient } from './db/client.ts';
import { mails } from './features/notifications/table.ts';
import { notify } from './features/notifications/notify.ts';
import { sendMail } from './features/notifications/send-mail.ts';
import type { ActionDeps } from './lib/deps.ts';
import type { MailMessage } from './lib/mail.ts';
import { createUser } from './features/users/create-user.ts';
import { freeAbandonedWork, startWork } from './work.ts';

let api: TestApi;
let client: DatabaseClient;
let sent: MailMessage[];
/** Mail as the program has it, with a server whose answer the test withholds. */
let deps: ActionDeps;
let answer: () => void;

beforeEach(async () => {
  api = await startTestApi();
  client = connect(api.databaseUrl, 4);
  sent = [];
  const withheld = new Promise<void>((resolve) => {
    answer = resolve;
  });
  deps = {
    ...api.system,
    mail: {
      send: async (message) => {
        sent.push(message);
        await withheld;
      },
      verify: async () => undefined,
      close: () => undefined,
    },
  };
});
afterEach(async () => {
  answer();
  await client.close();
  await api.close();
});

async function queueOne() {
  const { user } = await createUser(api.system, {
    userName: 'ada',
    givenName: 'Ada',
    familyName: 'Ash',
    email: 'ada@example.org',
  });
  await deps.db.transaction((tx) => notify(tx, deps, user, { event: 'TEST' }));
}

const makeLocksOld = () =>
  deps.db.execute(sql`UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '1 minute'`);
const lockedJobs = async () => [
  ...(await deps.db.execute(sql`SELECT id FROM graphile_worker.jobs WHERE locked_by IS NOT NULL`)),
];

it('does what is queued, and leaves a mail alone that a living worker is sending', async () => {
  const stop = await startWork(deps, client.sql, api.databaseUrl);
  await queueOne();
  await vi.waitFor(() => expect(sent).toHaveLength(1), 10_000);
  await makeLocksOld();
  await freeAbandonedWork(deps);
  expect(await lockedJobs()).toHaveLength(1);
  answer();
  await vi.waitFor(async () => expect((await deps.db.select().from(mails))[0]?.state).toBe('SENT'), 10_000);
  await stop();
  expect(sent).toHaveLength(1);
});

it('sends a mail once, however many try at the same moment', async () => {
  await queueOne();
  const [mail] = await deps.db.select().from(mails);
  const tries = [1, 2, 3].map(() => sendMail(deps, { mailId: mail!.id, isLastTry: false }));
  await vi.waitFor(() => expect(sent).toHaveLength(1), 10_000);
  answer();
  await Promise.all(tries);
  expect(sent).toHaveLength(1);
  expect((await deps.db.select().from(mails))[0]).toMatchObject({ state: 'SENT', attempts: 1 });
});

it('frees what a worker held that is no more, so that it is done soon and not in four hours', async () => {
  await queueOne();
  // What a process leaves behind that was killed in the middle of a mail.
  await deps.db.execute(
    sql`UPDATE graphile_worker._private_jobs SET locked_at = clock_timestamp(), locked_by = 'worker-of-a-dead-process', attempts = 1`,
  );
  await freeAbandonedWork(deps);
  expect(await lockedJobs(), 'not at once: it may just have begun').toHaveLength(1);
  await makeLocksOld();
  await freeAbandonedWork(deps);
  expect(await lockedJobs()).toHaveLength(0);
  answer();
  const stop = await startWork(deps, client.sql, api.databaseUrl);
  await vi.waitFor(async () => expect((await deps.db.select().from(mails))[0]?.state).toBe('SENT'), 10_000);
  await stop();
});
