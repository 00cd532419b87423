import { eq } from 'drizzle-orm';
import { permissionsOf } from '../../auth/permissions.ts';
import { isSelf } from '../../auth/actor.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { ErrorParam } from '../../graphql/failures.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { DeviceBindingEnum, Token } from '../tokens/token-type.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { User } from '../users/user-type.ts';
import { isNoneFree } from './decide-requests.ts';
import { listDeciders } from './deciders.ts';
import { type Decider, hindranceFor, verbsFor } from './may-decide.ts';
import { hintsOf, type RequestHint } from './request-hints.ts';
import { requestStatuses, statusAt, waitedFor, waitsFor } from './request-state.ts';
import { type RequestDecisionRow, type TokenRequestRow, tokenRequests } from './table.ts';

export const TokenRequestKindEnum = builder.enumType('TokenRequestKind', {
  description: 'What is asked for. The server tells NEW from ADDITIONAL.',
  values: valuesOf({
    NEW: 'The person has no token that counts.',
    ADDITIONAL: 'They have one already.',
    REPLACEMENT: 'In place of a token that is broken, lost or ends soon.',
  }),
});
export const TokenRequestStatusEnum = builder.enumType('TokenRequestStatus', {
  description:
    'PENDING and DEFERRED wait for an approver. APPROVED: waits for the distribution step, or, with a token, for its activation. COMPLETED: the token is in use.',
  values: valuesOf<(typeof requestStatuses)[number]>({
    PENDING: 'Waits for an approver, also between two approvals.',
    DEFERRED: 'Put off by an approver; may still be approved or rejected.',
    APPROVED: 'Waits for the distribution step; once it has a token, for its activation.',
    WAITING_FOR_TOKEN: 'Approved, and no token is free; goes on by itself when one is.',
    REJECTED: 'An approver said no. End.',
    CANCELLED: 'Taken back by its requester. End.',
    EXPIRED: 'Nobody decided in time. End.',
    FAILED: 'Approved, and could not be carried out; `failure` says why. End.',
    COMPLETED: 'The token is in use. End.',
  }),
});
export const RequestVerbEnum = builder.enumType('RequestVerb', {
  description: 'What can be decided about a request.',
  values: valuesOf({
    APPROVE: 'One approval step.',
    REJECT: 'Ends the request.',
    DEFER: 'Leaves the decision for later.',
    DISTRIBUTE: 'The distribution step: gives a token.',
  }),
});
export const ReplacementReasonEnum = builder.enumType('ReplacementReason', {
  description: 'Why a token is to be replaced.',
  values: valuesOf({
    BROKEN: 'It works no longer.',
    LOST: 'It was lost or stolen.',
    EXPIRING: 'Its last valid day is near or over.',
  }),
});
export const RequestWaitsForEnum = builder.enumType('RequestWaitsFor', {
  description: 'Whom or what an open request waits for.',
  values: valuesOf<(typeof waitedFor)[number]>({
    APPROVER: 'The next approval.',
    DISTRIBUTOR: 'The distribution step.',
    TOKEN: 'A token that is free.',
    ACTIVATION: 'The requester, who has to activate the token.',
  }),
});

const maySeeAll = ({ viewer }: GraphQLContext): boolean => viewer?.permissions.has('REQUESTS_READ') === true;

/** Whether what administrators tell each other about a request is for the viewer: not for who made it. */
const mayJudge = (context: GraphQLContext, { requesterId }: TokenRequestRow): boolean =>
  maySeeAll(context) && context.viewer?.id !== requesterId;

/** A request if the viewer may see it: who made it, or with REQUESTS_READ anybody. */
export async function visibleRequest(context: GraphQLContext, id: string): Promise<TokenRequestRow | null> {
  const { viewer, deps } = context;
  if (!viewer) return null;
  const [row] = await deps.db.select().from(tokenRequests).where(eq(tokenRequests.id, id));
  return row && (isSelf(viewer, row.requesterId) || maySeeAll(context)) ? row : null;
}

const RequestDecision = builder.objectRef<RequestDecisionRow>('RequestDecision').implement({
  description: 'One decision about a request.',
  fields: (t) => ({
    step: t.exposeInt('step', {
      description: '1 for the first approval; the distribution step after the last.',
    }),
    verb: t.field({ type: RequestVerbEnum, description: 'What was decided.', resolve: ({ verb }) => verb }),
    by: t.field({
      type: User,
      description: 'For the requester by name only.',
      resolve: async ({ byId }, _args, { loaders }) => (await loaders.user.load(byId))!,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was decided.' }),
    comment: t.exposeString('comment', {
      nullable: true,
      description: 'What the requester was told; null: nothing.',
    }),
    note: t.string({
      nullable: true,
      description: 'Only administrators see it: null for the requester.',
      resolve: async ({ note, requestId }, _args, context) => {
        const request = note === null ? null : await visibleRequest(context, requestId);
        return request && mayJudge(context, request) ? note : null;
      },
    }),
  }),
});

const RequestHintRef = builder.objectRef<RequestHint>('RequestHint').implement({
  description: 'A short word beside a request, with what it means.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable literal; docs/error-codes.md lists all.' }),
    message: t.exposeString('message', {
      description: 'A few words in English, for instance «over the limit of 3».',
    }),
    params: t.field({
      type: [ErrorParam],
      description: 'Numbers of the message.',
      resolve: ({ params }) =>
        Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
    }),
  }),
});

export const TokenRequest = nodeRef<TokenRequestRow>('TokenRequest', visibleRequest);

const decisionsOf = ({ loaders }: GraphQLContext, { id }: TokenRequestRow) =>
  loaders.requestDecisions.load(id);

TokenRequest.implement({
  description: "A user's wish for a token, decided by approvers.",
  interfaces: [Node],
  fields: (t) => ({
    kind: t.field({
      type: TokenRequestKindEnum,
      description: 'What is asked for.',
      resolve: ({ kind }) => kind,
    }),
    status: t.field({
      type: TokenRequestStatusEnum,
      description: 'Where it stands now.',
      resolve: (row, _args, { deps }) => statusAt(row, deps.clock.now()),
    }),
    requester: t.field({
      type: User,
      description: 'Who asks.',
      resolve: async ({ requesterId }, _args, { loaders }) => (await loaders.user.load(requesterId))!,
    }),
    profile: t.field({
      type: TokenProfile,
      description: 'What kind of token is asked for; an approver may change it.',
      resolve: async ({ profileId }, _args, { loaders }) => (await loaders.tokenProfile.load(profileId))!,
    }),
    reason: t.exposeString('reason', {
      description: 'Why, in the words of the requester; 1 to 500 characters.',
    }),
    replacementReason: t.field({
      type: ReplacementReasonEnum,
      nullable: true,
      description: 'Why a token is to be replaced; null if none is.',
      resolve: ({ replacementReason }) => replacementReason,
    }),
    replaces: t.field({
      type: Token,
      nullable: true,
      description:
        'The token that is to be replaced; null if none is, it is no longer theirs, or the caller may not see it.',
      resolve: (row, _args, context) => tokenOf(context, row, row.replacesTokenId),
    }),
    token: t.field({
      type: Token,
      nullable: true,
      description: 'The token that was given; null: none yet, or the caller may not see it.',
      resolve: (row, _args, context) => tokenOf(context, row, row.tokenId),
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: 'What the token is to be called; null: nothing.',
    }),
    deviceBinding: t.field({
      type: DeviceBindingEnum,
      description: 'Which device may take the token.',
      resolve: ({ deviceBinding }) => deviceBinding,
    }),
    deviceId: t.exposeString('deviceId', {
      nullable: true,
      description: 'With DEVICE: id of that device, in lower case without separators. Null else.',
    }),
    decisions: t.field({
      type: [RequestDecision],
      description: 'Oldest first.',
      resolve: (row, _args, context) => decisionsOf(context, row),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it expires if nobody decides.',
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed, rejected, cancelled, expired or failed.',
      resolve: (row, _args, { deps }) =>
        statusAt(row, deps.clock.now()) === 'EXPIRED' ? (row.endedAt ?? row.expiresAt) : row.endedAt,
    }),
    approvalSteps: t.exposeInt('approvalSteps', {
      description: 'How many approvals it needs: 0 to 4, by the policy of when it was made.',
    }),
    approvalsGiven: t.exposeInt('approvalsGiven', { description: 'How many of them it has.' }),
    distributionStep: t.exposeBoolean('distributionStep', {
      description: 'Whether a token distributor gives the token after the last approval.',
    }),
    waitsFor: t.field({
      type: RequestWaitsForEnum,
      nullable: true,
      description: 'Whom or what an open request waits for.',
      resolve: (row, _args, { deps }) => waitsFor(row, deps.clock.now()),
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it failed.' }),
    hints: t.field({
      type: [RequestHintRef],
      description: 'For administrators; empty for the requester.',
      resolve: async (row, _args, context) => (mayJudge(context, row) ? hintsFor(context, row) : []),
    }),
    mayDecide: t.field({
      type: [RequestVerbEnum],
      description: 'What the viewer may do with it now.',
      resolve: async (row, _args, context) => (await powersOver(context, row)).verbs,
    }),
    whyNot: t.string({
      nullable: true,
      description:
        'Why the viewer may not decide it; null when they may, or when there is nothing to decide.',
      resolve: async (row, _args, context) => (await powersOver(context, row)).whyNot,
    }),
  }),
});

/** A token of a request: for administrators, and for the requester as long as it is theirs. */
async function tokenOf(context: GraphQLContext, { requesterId }: TokenRequestRow, id: string | null) {
  const token = id ? await context.loaders.token.load(id) : null;
  return token && (token.ownerId === requesterId || context.viewer?.permissions.has('TOKENS_READ'))
    ? token
    : null;
}

/** What is the same for all requests of one answer. */
type Common = { settings: Settings; deciders: Decider[]; noneFree: Map<string, Promise<boolean>> };
const commons = new WeakMap<GraphQLContext, Promise<Common>>();

function commonOf(context: GraphQLContext): Promise<Common> {
  const load = async () => ({
    settings: await readSettings(context.deps.db),
    deciders: await listDeciders(context.deps.db),
    noneFree: new Map<string, Promise<boolean>>(),
  });
  const known = commons.get(context) ?? load();
  commons.set(context, known);
  return known;
}

/** Forgets what was loaded for an answer; a subscription gives many. */
export const forgetCommon = (context: GraphQLContext): void => void commons.delete(context);

async function hintsFor(context: GraphQLContext, request: TokenRequestRow): Promise<RequestHint[]> {
  const { settings, deciders, noneFree } = await commonOf(context);
  const { loaders, deps } = context;
  const stock = noneFree.get(request.profileId) ?? isNoneFree(deps, request.profileId);
  noneFree.set(request.profileId, stock);
  return hintsOf(
    {
      request,
      decisions: await decisionsOf(context, request),
      requester: await requesterOf(context, request),
      owned: await loaders.tokensOf.load(request.requesterId),
      replaced: request.replacesTokenId ? await loaders.token.load(request.replacesTokenId) : null,
      deciders,
      settings,
      isNoneFree: await stock,
    },
    deps.clock.now(),
  );
}

/** What the viewer may do with a request now, and why not. */
async function powersOver(context: GraphQLContext, request: TokenRequestRow) {
  const at = context.deps.clock.now();
  const verbs = verbsFor(request, at);
  if (verbs.length === 0 || !context.viewer) return { verbs: [], whyNot: null };
  const requester = await requesterOf(context, request);
  const decisions = await decisionsOf(context, request);
  const hindrance = hindranceFor(request, context.viewer, requester, decisions, at);
  return hindrance ? { verbs: [], whyNot: hindrance.message } : { verbs, whyNot: null };
}

const requesterOf = async (
  { loaders }: GraphQLContext,
  { requesterId }: TokenRequestRow,
): Promise<Decider> => ({
  id: requesterId,
  permissions: permissionsOf(await loaders.roles.load(requesterId)),
});
