import { sql } from 'drizzle-orm';
import { expect, vi } from 'vitest';
import type { Role } from '../src/auth/permissions.ts';
import { updateUser } from '../src/features/users/update-user.ts';
import { graphql, type Person, startTestApi, type TestApi } from './kit.ts';
import { type MailServer, type ReceivedMail, startMailServer } from './mail-server.ts';

export type MailScene = {
  api: TestApi;
  server: MailServer;
  /** Makes somebody with an address: `<name>@example.org`, another one, or with null none. */
  person(name: string, roles?: Role[], email?: string | null): Promise<Person>;
  /** Does the queue once, and answers what has arrived since this was asked last. */
  arrived(): Promise<ReceivedMail[]>;
  /** What waits in the queue to be mailed, once the worker has written down what became of what it did. */
  jobs(): Promise<object[]>;
  /** As if the pauses until the next try were over. */
  dueNow(): Promise<void>;
  /** Takes the mail server away; what it got is kept. */
  down(): Promise<void>;
  /** Brings one back at the same address. */
  up(): Promise<void>;
  close(): Promise<void>;
};

/** An API that hands its mails to a real mail server. */
export async function startMailScene(env: NodeJS.ProcessEnv = {}): Promise<MailScene> {
  const server = await startMailServer();
  const port = Number(new URL(server.url).port);
  const api = await startTestApi(undefined, { SMTP_URL: server.url, ...env });
  let seen = 0;
  const scene: MailScene = {
    api,
    server,
    async person(name, roles = [], email = `${name}@example.org`) {
      const made = await api.person(name, roles);
      if (email) await updateUser(api.system, { userId: made.id, email });
      return made;
    },
    async arrived() {
      await api.work();
      const fresh = scene.server.mails.slice(seen);
      seen = scene.server.mails.length;
      return fresh;
    },
    async jobs() {
      // `runOnce` comes back while the end of the last job is still being written.
      await vi.waitFor(async () => {
        const held = await api.deps.db.execute(
          sql`SELECT id FROM graphile_worker.jobs WHERE locked_at IS NOT NULL`,
        );
        expect([...held]).toEqual([]);
      }, 10_000);
      return [
        ...(await api.deps.db.execute(
          sql`SELECT * FROM graphile_worker.jobs WHERE task_identifier = 'send_mail'`,
        )),
      ];
    },
    async dueNow() {
      await scene.jobs();
      await api.deps.db.execute(sql`UPDATE graphile_worker._private_jobs SET run_at = now()`);
    },
    down: () => scene.server.close(),
    async up() {
      scene.server = await startMailServer(port);
      seen = 0;
    },
    async close() {
      await api.close();
      await scene.server.close();
    },
  };
  return scene;
}

/** All that a mail says, as it is read: the wire breaks lines in the middle of words. */
export const wordsOf = (mail: ReceivedMail | undefined): string =>
  [mail!.subject, mail!.text, mail!.html, JSON.stringify([...mail!.headers])].join('\n');

/** Somebody without a session. */
export const nobody = ({ url }: { url: string }): Person => ({
  id: '',
  userName: '',
  cookie: '',
  graphql: (document, variables) => graphql(url, undefined, document, variables),
});
