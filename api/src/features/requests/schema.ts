import { permissionsNow } from '../../auth/session.ts';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { readGlobalId, rowId } from '../../graphql/ids.ts';
import { clearLoaders } from '../../graphql/loaders.ts';
import { mutation } from '../../graphql/mutation.ts';
import { readSettings } from '../settings/read-settings.ts';
import { DeviceBindingEnum, Token } from '../tokens/token-type.ts';
import { readAttention } from './attention.ts';
import { cancelTokenRequest } from './cancel-token-request.ts';
import { approveTokenRequest, deferTokenRequest, rejectTokenRequest } from './decide-request.ts';
import {
  decideTokenRequests,
  previewRequestDecisions,
  type RequestOutcome as Outcome,
} from './decide-requests.ts';
import { distributeTokenRequest } from './distribute-token-request.ts';
import { editTokenRequest } from './edit-token-request.ts';
import { listRequests } from './list-requests.ts';
import { type Reported, reportToken } from './report-token.ts';
import { requestToken } from './request-token.ts';
import {
  forgetCommon,
  ReplacementReasonEnum,
  RequestWaitsForEnum,
  RequestVerbEnum,
  TokenRequest,
  TokenRequestKindEnum,
  TokenRequestStatusEnum,
  visibleRequest,
} from './request-type.ts';
import type { TokenRequestRow } from './table.ts';
import { updateWorkflowPolicy, type WorkflowPolicy as Policy } from './update-workflow-policy.ts';
import { watchRequests } from './watch-requests.ts';
import { Attention, RequestDecisionPreview, RequestOutcome, WorkflowPolicy } from './workflow-type.ts';

const TokenRequestConnection = connectionType('TokenRequest', TokenRequest);
const TokenRequestFilter = builder.inputType('TokenRequestFilter', {
  fields: (t) => ({
    status: t.field({ type: [TokenRequestStatusEnum] }),
    kind: t.field({ type: [TokenRequestKindEnum] }),
    search: t.string({ description: "Any part of the requester's names, or of the reason." }),
    profileId: t.id(),
    waitsFor: t.field({ type: [RequestWaitsForEnum] }),
    mine: t.boolean({ description: 'Own requests only.' }),
    forMe: t.boolean({ description: 'Only those that wait for a decision which the viewer may make.' }),
  }),
});

const requestId = (id: string): string => rowId('TokenRequest', id);

builder.queryFields((t) => ({
  tokenRequests: t.field({
    type: TokenRequestConnection,
    permission: 'SIGNED_IN',
    description: 'Oldest first. Without REQUESTS_READ one sees own requests only.',
    args: { ...pageArgs(t), filter: t.arg({ type: TokenRequestFilter }) },
    resolve: (_root, { filter, ...args }, { deps }) =>
      listRequests(deps, args, {
        ...filter,
        profileId: filter?.profileId ? rowId('TokenProfile', filter.profileId) : null,
      }),
  }),
  tokenRequest: t.field({
    type: TokenRequest,
    nullable: true,
    permission: 'SIGNED_IN',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      const read = readGlobalId(id);
      return read?.typename === 'TokenRequest' ? visibleRequest(context, read.id) : null;
    },
  }),
  previewRequestDecisions: t.field({
    type: RequestDecisionPreview,
    permission: 'REQUESTS_APPROVE',
    description: 'What `decideTokenRequests` would do now; nothing changes.',
    args: {
      requestIds: t.arg.idList({ required: true }),
      verb: t.arg({ type: RequestVerbEnum, required: true }),
    },
    resolve: (_root, { requestIds, verb }, { deps }) =>
      previewRequestDecisions(deps, { requestIds: requestIds.map(requestId), verb }),
  }),
  workflowPolicy: t.field({
    type: WorkflowPolicy,
    permission: 'REQUESTS_READ',
    resolve: (_root, _args, { deps }) => readSettings(deps.db),
  }),
  attention: t.field({
    type: Attention,
    permission: 'SIGNED_IN',
    resolve: (_root, _args, { deps }) => readAttention(deps),
  }),
}));

type Changed = { tokenRequest: TokenRequestRow };

mutation<Changed>()('requestToken', {
  permission: 'IN_PERSON',
  description:
    'Asks for a token. The server tells NEW from ADDITIONAL; `replacesTokenId` makes it a REPLACEMENT.',
  input: (t) => ({
    profileId: t.id({ required: true }),
    reason: t.string({ required: true }),
    nickname: t.string(),
    deviceBinding: t.field({ type: DeviceBindingEnum }),
    deviceId: t.string(),
    replacesTokenId: t.id(),
    replacementReason: t.field({
      type: ReplacementReasonEnum,
      description: 'With replacesTokenId. Default: what the state of the token says.',
    }),
  }),
  success: (t) => ({
    tokenRequest: t.field({ type: TokenRequest, resolve: ({ tokenRequest }) => tokenRequest }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'LimitReached', 'Conflict'],
  run: async ({ deps }, input) => ({
    tokenRequest: await requestToken(deps, {
      ...input,
      profileId: rowId('TokenProfile', input.profileId),
      replacesTokenId: input.replacesTokenId ? rowId('Token', input.replacesTokenId) : null,
    }),
  }),
});

mutation<Changed>()('cancelTokenRequest', {
  permission: 'IN_PERSON',
  description: "Takes one's own request back, as long as no token was given for it.",
  input: (t) => ({ requestId: t.id({ required: true }) }),
  success: (t) => ({
    tokenRequest: t.field({ type: TokenRequest, resolve: ({ tokenRequest }) => tokenRequest }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Conflict'],
  run: async ({ deps }, input) => ({
    tokenRequest: await cancelTokenRequest(deps, { requestId: requestId(input.requestId) }),
  }),
});

const decisions = {
  approveTokenRequest: {
    action: approveTokenRequest,
    description:
      'Approving a step that is not the last leaves PENDING. The last one assigns and distributes a token, or leaves the request waiting for one.',
    failures: ['InvalidInput', 'NotFound', 'InvalidState', 'LimitReached', 'Conflict', 'Unsupported'],
  },
  rejectTokenRequest: {
    action: rejectTokenRequest,
    description: 'Ends the request.',
    failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Conflict'],
  },
  deferTokenRequest: {
    action: deferTokenRequest,
    description: 'Leaves the decision for later.',
    failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Conflict'],
  },
} as const;

for (const [name, { action, description, failures }] of Object.entries(decisions)) {
  mutation<Changed>()(name, {
    permission: 'REQUESTS_APPROVE',
    description,
    input: (t) => ({
      requestId: t.id({ required: true }),
      comment: t.string({ description: 'Goes to the requester by mail.' }),
      note: t.string({ description: 'Stays with the administrators.' }),
      step: t.int({ description: 'The step that the decider saw; another one by now is a Conflict.' }),
    }),
    success: (t) => ({
      tokenRequest: t.field({ type: TokenRequest, resolve: ({ tokenRequest }) => tokenRequest }),
    }),
    failures: [...failures],
    run: async ({ deps }, input) => ({
      tokenRequest: await action(deps, { ...input, requestId: requestId(input.requestId) }),
    }),
  });
}

mutation<Changed>()('distributeTokenRequest', {
  permission: 'REQUESTS_DISTRIBUTE',
  description: 'The distribution step: gives an approved request a token, a chosen one or the one that fits.',
  input: (t) => ({
    requestId: t.id({ required: true }),
    tokenId: t.id(),
    comment: t.string(),
    note: t.string(),
  }),
  success: (t) => ({
    tokenRequest: t.field({ type: TokenRequest, resolve: ({ tokenRequest }) => tokenRequest }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'LimitReached', 'Conflict', 'Unsupported'],
  run: async ({ deps }, input) => ({
    tokenRequest: await distributeTokenRequest(deps, {
      ...input,
      requestId: requestId(input.requestId),
      tokenId: input.tokenId ? rowId('Token', input.tokenId) : null,
    }),
  }),
});

mutation<Changed>()('editTokenRequest', {
  permission: 'REQUESTS_APPROVE',
  description: 'Changes profile and device of a request before it is approved; only what is given.',
  input: (t) => ({
    requestId: t.id({ required: true }),
    profileId: t.id(),
    nickname: t.string(),
    deviceBinding: t.field({ type: DeviceBindingEnum }),
    deviceId: t.string(),
  }),
  success: (t) => ({
    tokenRequest: t.field({ type: TokenRequest, resolve: ({ tokenRequest }) => tokenRequest }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState', 'Conflict'],
  run: async ({ deps }, input) => ({
    tokenRequest: await editTokenRequest(deps, {
      ...input,
      requestId: requestId(input.requestId),
      profileId: input.profileId ? rowId('TokenProfile', input.profileId) : null,
    }),
  }),
});

mutation<{ outcomes: Outcome[] }>()('decideTokenRequests', {
  permission: 'REQUESTS_APPROVE',
  description: 'Approves, rejects or defers 1 to 200 requests, each by itself.',
  input: (t) => ({
    requestIds: t.idList({ required: true }),
    verb: t.field({ type: RequestVerbEnum, required: true }),
    steps: t.intList({
      description:
        'The step of each request that the decider saw, in the order of `requestIds`; one that is at another step by now is not decided.',
    }),
    comment: t.string(),
    note: t.string(),
  }),
  success: (t) => ({ outcomes: t.field({ type: [RequestOutcome], resolve: ({ outcomes }) => outcomes }) }),
  failures: ['InvalidInput', 'NotFound'],
  run: async ({ deps }, input) => ({
    outcomes: await decideTokenRequests(deps, { ...input, requestIds: input.requestIds.map(requestId) }),
  }),
});

const TokenProblem = builder.enumType('TokenProblem', { values: ['LOST', 'BROKEN'] as const });

mutation<Reported>()('reportToken', {
  permission: 'IN_PERSON',
  description:
    'The owner reports a token as lost or broken: it stops at once, and a replacement is asked for.',
  input: (t) => ({
    tokenId: t.id({ required: true }),
    problem: t.field({ type: TokenProblem, required: true }),
    comment: t.string(),
    profileId: t.id({ description: "Of the replacement. Default: the token's own, if it can be asked for." }),
  }),
  success: (t) => ({
    token: t.field({
      type: Token,
      resolve: async ({ token }, _args, { loaders }) => (await loaders.token.clear(token.id).load(token.id))!,
    }),
    tokenRequest: t.field({
      type: TokenRequest,
      nullable: true,
      resolve: ({ tokenRequest }) => tokenRequest,
    }),
    notRequested: t.exposeString('notRequested', {
      nullable: true,
      description: 'Why no replacement was asked for.',
    }),
  }),
  failures: ['InvalidInput', 'NotFound', 'InvalidState'],
  run: ({ deps }, input) =>
    reportToken(deps, {
      ...input,
      tokenId: rowId('Token', input.tokenId),
      profileId: input.profileId ? rowId('TokenProfile', input.profileId) : null,
    }),
});

mutation<{ policy: Policy }>()('updateWorkflowPolicy', {
  permission: 'SETTINGS_MANAGE',
  description: 'Only what is given changes.',
  input: (t) => ({
    approvalSteps: t.int({ description: '0 to 4.' }),
    distributionStep: t.boolean(),
    requestDays: t.int({ description: '1 to 365.' }),
    minimumTokenDays: t.int({ description: '0 to 3650.' }),
    generateTokens: t.boolean(),
    generatedTokenDays: t.int({ description: '30 to 3650.' }),
    officeHoursFrom: t.int({ description: '0 to 23.' }),
    officeHoursTo: t.int({ description: '1 to 24.' }),
    officeTimeZone: t.string({ description: 'IANA name.' }),
  }),
  success: (t) => ({ policy: t.field({ type: WorkflowPolicy, resolve: ({ policy }) => policy }) }),
  failures: ['InvalidInput'],
  run: async ({ deps }, input) => ({ policy: await updateWorkflowPolicy(deps, input) }),
});

builder.subscriptionField('tokenRequestsChanged', (t) =>
  t.field({
    type: TokenRequest,
    permission: 'SIGNED_IN',
    description: 'First the open requests that the viewer may see, then every one that changes.',
    subscribe: (_root, _args, context) =>
      watchRequests(context.deps, async () => {
        // Loaded anew each time: a role may have been taken away since the last news.
        clearLoaders(context.loaders);
        forgetCommon(context);
        return (await permissionsNow(context.deps, context.viewer!)).has('REQUESTS_READ');
      }),
    resolve: (row) => row,
  }),
);
