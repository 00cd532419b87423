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
  close(): Promise<void>;
};

/** An API that hands its mails to a real mail server. */
export async function startMailScene(env: NodeJS.ProcessEnv = {}): Promise<MailScene> {
  const server = await startMailServer();
  const api = await startTestApi(undefined, { SMTP_URL: server.url, ...env });
  let seen = 0;
  return {
    api,
    server,
    async person(name, roles = [], email = `${name}@example.org`) {
      const made = await api.person(name, roles);
      if (email) await updateUser(api.system, { userId: made.id, email });
      return made;
    },
    async arrived() {
      await api.work();
      const fresh = server.mails.slice(seen);
      seen = server.mails.length;
      return fresh;
    },
    async close() {
      await api.close();
      await server.close();
    },
  };
}

/** Somebody without a session. */
export const nobody = ({ url }: { url: string }): Person => ({
  id: '',
  userName: '',
  cookie: '',
  graphql: (document, variables) => graphql(url, undefined, document, variables),
});
