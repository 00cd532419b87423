import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { Token, visibleToken } from '../tokens/token-type.ts';
import { User, visibleUser } from '../users/user-type.ts';
import { auditActions } from './actions.ts';
import {
  type AuditEventRow,
  listAuditEvents,
  listTokenHistory,
  listUserHistory,
} from './list-audit-events.ts';
import { auditEvents } from './table.ts';

const AuditOutcome = builder.enumType('AuditOutcome', {
  description: 'How something ended.',
  values: valuesOf({
    DONE: 'It was done.',
    REFUSED: 'Somebody tried, and was refused.',
    FAILED: 'Symbolon tried and could not, for example to send a mail.',
  }),
});
const NamedValue = builder.objectRef<{ name: string; value: string }>('NamedValue').implement({
  description: 'A fact of an event.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is; «… before» is how it was until then.' }),
    value: t.exposeString('value', { description: 'As text, at most 500 characters.' }),
  }),
});

const AuditEvent = nodeRef<AuditEventRow>('AuditEvent', async ({ deps, viewer }, id) => {
  if (!viewer?.permissions.has('AUDIT_READ')) return null;
  const [row] = await deps.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.id, Number(id)));
  return row ?? null;
});

AuditEvent.implement({
  description: 'Something that happened. Names are as they were then; the table only grows.',
  interfaces: [Node],
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    action: t.exposeString('action', {
      description: 'What happened, as `object.verb`; `auditActions` lists all.',
    }),
    outcome: t.field({
      type: AuditOutcome,
      description: 'Whether it was done.',
      resolve: ({ outcome }) => outcome,
    }),
    actor: t.field({
      type: User,
      nullable: true,
      description:
        'Who did it; null if no user did (a phone, Symbolon itself, somebody not signed in), or none that the caller may see.',
      resolve: ({ actorId }, _args, context) => (actorId ? visibleUser(context, actorId) : null),
    }),
    targetUser: t.field({
      type: User,
      nullable: true,
      description: 'To whom it was done; null if to no user, or to none that the caller may see.',
      resolve: ({ targetUserId }, _args, context) =>
        targetUserId ? visibleUser(context, targetUserId) : null,
    }),
    token: t.field({
      type: Token,
      nullable: true,
      description: 'To which token it was done; null if to none, or to none that the caller may see.',
      resolve: ({ tokenId }, _args, context) => (tokenId ? visibleToken(context, tokenId) : null),
    }),
    actorName: t.exposeString('actorName', {
      nullable: true,
      description: 'User name of who did it, as it was then; null if no user did.',
    }),
    apiKeyName: t.exposeString('apiKeyName', {
      nullable: true,
      description: 'Name of the API key with which the actor came, or which was refused.',
    }),
    targetUserName: t.exposeString('targetUserName', {
      nullable: true,
      description: 'User name of whom it was done to, as it was then; null if to no user.',
    }),
    serialNumber: t.exposeString('serialNumber', {
      nullable: true,
      description: 'Serial number of the token it was done to; null if to none.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The same for all events of one request to the server.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'IP address from which the request came; empty where Symbolon acted by itself.',
    }),
    details: t.field({
      type: [NamedValue],
      description: 'Facts and changes, before and after, without secrets.',
      resolve: ({ details }) => Object.entries(details).map(([name, value]) => ({ name, value })),
    }),
  }),
});

const AuditEventConnection = connectionType('AuditEvent', AuditEvent);
const AuditEventFilter = builder.inputType('AuditEventFilter', {
  description:
    'Which events a list shows: those that match all that is given. Names are compared whole, without case, as they were when it happened.',
  fields: (t) => ({
    action: t.string({ description: 'One of `auditActions`.' }),
    actorUserName: t.string({ description: 'User name of who did it.' }),
    targetUserName: t.string({ description: 'User name of whom it was done to.' }),
    serialNumber: t.string({ description: 'The whole serial number, with or without spaces.' }),
    from: t.field({ type: 'DateTime', description: 'At this moment or later.' }),
    to: t.field({ type: 'DateTime', description: 'Before this moment.' }),
    outcome: t.field({ type: AuditOutcome, description: 'Only events that ended so.' }),
  }),
});

builder.queryFields((t) => ({
  auditEvents: t.field({
    type: AuditEventConnection,
    permission: 'AUDIT_READ',
    description: 'Newest first.',
    args: { ...pageArgs(t), filter: t.arg({ type: AuditEventFilter }) },
    resolve: (_root, args, { deps }) => listAuditEvents(deps, args, args.filter ?? {}),
  }),
  auditActions: t.stringList({
    permission: 'AUDIT_READ',
    description: 'Every audit action there is, for filters.',
    resolve: () => [...auditActions],
  }),
}));

builder.objectField(User, 'history', (t) =>
  t.field({
    type: AuditEventConnection,
    permission: 'HISTORY_READ',
    description: 'What was done to or by this user, newest first.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (user, args, { deps }) => listUserHistory(deps, user.id, args),
  }),
);

builder.objectField(Token, 'history', (t) =>
  t.field({
    type: AuditEventConnection,
    permission: 'HISTORY_READ',
    description: 'What was done to this token, newest first.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: (token, args, { deps }) => listTokenHistory(deps, token.id, args),
  }),
);
