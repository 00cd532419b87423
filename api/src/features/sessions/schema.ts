import { isSelf } from '../../auth/actor.ts';
import type { SessionViewer, Viewer } from '../../auth/session.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { User } from '../users/user-type.ts';
import { deviceWords } from './device-words.ts';
import { endOtherSessions, endOwnSession } from './end-own-sessions.ts';
import { type ListedSession, listOwnSessions } from './list-own-sessions.ts';

const inSession = (viewer: Viewer | undefined): viewer is SessionViewer =>
  viewer !== undefined && !viewer.apiKey && !viewer.mustChangePassword;

const UserSession = nodeRef<ListedSession>('UserSession', async ({ deps, viewer }, id) => {
  if (!inSession(viewer)) return null;
  return (await listOwnSessions(deps, viewer.id)).find((session) => session.id === id);
});

UserSession.implement({
  description: 'Where a person is signed in. Seen by nobody else.',
  interfaces: [Node],
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person signed in.' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'Written at most once a minute.' }),
    expiresAt: t.expose('endsAt', {
      type: 'DateTime',
      description: 'When it ends if nothing more happens.',
    }),
    address: t.exposeString('address', { description: 'From where the person signed in.' }),
    device: t.string({
      nullable: true,
      description:
        'What the browser says of itself, in a few words («Firefox on Windows»); null if nothing known.',
      resolve: ({ userAgent }) => deviceWords(userAgent),
    }),
    current: t.boolean({
      description: 'The session in which this is asked.',
      resolve: ({ id }, _args, { viewer }) => viewer?.sessionId === id,
    }),
  }),
});

builder.objectField(User, 'sessions', (t) =>
  t.field({
    type: [UserSession],
    nullable: true,
    permission: 'SIGNED_IN',
    description: 'Where the viewer is signed in, last used first. Null for anybody else, and for API keys.',
    resolve: (user, _args, { deps, viewer }) =>
      isSelf(viewer, user.id) ? listOwnSessions(deps, user.id) : null,
  }),
);

mutation<{ endedId: string }>()('endSession', {
  permission: 'IN_PERSON',
  description: "Ends one of one's own sessions at once, with its sockets.",
  input: (t) => ({ sessionId: t.id({ required: true }) }),
  success: (t) => ({
    sessionId: t.id({ description: 'Id of the session that has ended.', resolve: ({ endedId }) => endedId }),
  }),
  failures: ['InvalidInput', 'NotFound'],
  run: async (context, input) => {
    await endOwnSession(inPerson(context), { sessionId: rowId('UserSession', input.sessionId) });
    return { endedId: input.sessionId };
  },
});

mutation<{ ended: number }>()('endOtherSessions', {
  permission: 'IN_PERSON',
  description: "Ends all of one's own sessions but this one, with their sockets.",
  input: (t) => ({ except: t.idList({ description: 'Sessions that stay, too.' }) }),
  success: (t) => ({ ended: t.exposeInt('ended', { description: 'How many sessions ended.' }) }),
  failures: ['InvalidInput', 'NotFound'],
  run: async (context, { except }) => ({
    ended: await endOtherSessions(inPerson(context), {
      except: except?.map((id) => rowId('UserSession', id)),
    }),
  }),
});

/** Deps whose actor is known to have a session: IN_PERSON was asked before. */
const inPerson = ({ deps, viewer }: GraphQLContext) => ({ ...deps, actor: viewer as SessionViewer });
