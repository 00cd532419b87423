import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
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

const AuditOutcome = builder.enumType('AuditOutcome', { values: ['DONE', 'REFUSED', 'FAILED'] as const });
const NamedValue = builder.objectRef<{ name: string; value: string }>('NamedValue').implement({
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
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
    at: t.expose('at', { type: 'DateTime' }),
    action: t.exposeString('action'),
    outcome: t.field({ type: AuditOutcome, resolve: ({ outcome }) => outcome }),
    actor: t.field({
      type: User,
      nullable: true,
      resolve: ({ actorId }, _args, context) => (actorId ? visibleUser(context, actorId) : null),
    }),
    targetUser: t.field({
      type: User,
      nullable: true,
      resolve: ({ targetUserId }, _args, context) =>
        targetUserId ? visibleUser(context, targetUserId) : null,
    }),
    token: t.field({
      type: Token,
      nullable: true,
      resolve: ({ tokenId }, _args, context) => (tokenId ? visibleToken(context, tokenId) : null),
    }),
    actorName: t.exposeString('actorName', { nullable: true }),
    apiKeyName: t.exposeString('apiKeyName', {
      nullable: true,
      description: 'Name of the API key with which the actor came, or which was refused.',
    }),
    targetUserName: t.exposeString('targetUserName', { nullable: true }),
    serialNumber: t.exposeString('serialNumber', { nullable: true }),
    requestId: t.exposeString('requestId', { nullable: true }),
    address: t.exposeString('address', { nullable: true }),
    details: t.field({
      type: [NamedValue],
      description: 'Facts and changes, before and after, without secrets.',
      resolve: ({ details }) => Object.entries(details).map(([name, value]) => ({ name, value })),
    }),
  }),
});

const AuditEventConnection = connectionType('AuditEvent', AuditEvent);
const AuditEventFilter = builder.inputType('AuditEventFilter', {
  fields: (t) => ({
    action: t.string(),
    actorUserName: t.string(),
    targetUserName: t.string(),
    serialNumber: t.string(),
    from: t.field({ type: 'DateTime' }),
    to: t.field({ type: 'DateTime' }),
    outcome: t.field({ type: AuditOutcome }),
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
