import { permissionsNow } from '../../auth/session.ts';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
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
  description: 'Which requests a list shows: those that match all that is given.',
  fields: (t) => ({
    status: t.field({ type: [TokenRequestStatusEnum], description: 'In one of these.' }),
    kind: t.field({ type: [TokenRequestKindEnum], description: 'Of one of these.' }),
    search: t.string({ description: "Any part of the requester's names, or of the reason." }),
    profileId: t.id({ description: 'Id of the token profile that is asked for.' }),
    waitsFor: t.field({ type: [RequestWaitsForEnum], description: 'Open ones that wait for one of these.' }),
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
    description:
      'A request by its id; null when there is none that the caller may see: who made it, or REQUESTS_READ.',
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
      verb: t.arg({ type: RequestVerbEnum, required: true, description: 'APPROVE, REJECT or DEFER.' }),
    },
    resolve: (_root, { requestIds, verb }, { deps }) =>
      previewRequestDecisions(deps, { requestIds: requestIds.map(requestId), verb }),
  }),
  workflowPolicy: t.field({
    type: WorkflowPolicy,
    permission: 'REQUESTS_READ',
    description: 'How requests that are made from now on are decided.',
    resolve: (_root, _args, { deps }) => readSettings(deps.db),
  }),
  attention: t.field({
    type: Attention,
    permission: 'SIGNED_IN',
    description: 'How much waits for the caller to act.',
    resolve: (_root, _args, { deps }) => readAttention(deps),
  }),
}));

type Changed = { tokenRequest: TokenRequestRow };

mutation<Changed>()('requestToken', {
  permission: 'IN_PERSON',
  description: 'Asks for a token.',
  about: { input: 'The server tells NEW from ADDITIONAL; `replacesTokenId` makes it a REPLACEMENT.' },
  input: (t) => ({
    profileId: t.id({ required: true }),
    reason: t.string({ required: true, description: 'Why, for the approvers; 1 to 500 characters.' }),
    nickname: t.string({ description: 'What the token is to be called; at most 50 characters.' }),
    deviceBinding: t.field({
      type: DeviceBindingEnum,
      description: 'Default CLASS; another only where `mayChooseDevice` of the offer allows it.',
    }),
    deviceId: t.string({
      description:
        'With DEVICE only, and then required: the id that the app shows, 4 to 128 letters and digits.',
    }),
    replacesTokenId: t.id({ description: 'Id of a token of one’s own that is to be replaced.' }),
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
    about: { input: '`comment` goes to the requester by mail; `note` stays with the administrators.' },
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
    tokenId: t.id({
      description: 'Id of a token without an owner. Default: of those that fit, the one that ends first.',
    }),
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
    profileId: t.id({ description: 'Id of a token profile that can be asked for.' }),
    nickname: t.string({ description: 'At most 50 characters; empty: none.' }),
    deviceBinding: t.field({ type: DeviceBindingEnum, description: 'Which device may take the token.' }),
    deviceId: t.string({ description: 'With DEVICE only: 4 to 128 letters and digits. Default: as it was.' }),
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
    verb: t.field({ type: RequestVerbEnum, required: true, description: 'APPROVE, REJECT or DEFER.' }),
    steps: t.intList({
      description:
        'The step of each request that the decider saw, in the order of `requestIds`; one that is at another step by now is not decided.',
    }),
    comment: t.string(),
    note: t.string(),
  }),
  success: (t) => ({
    outcomes: t.field({
      type: [RequestOutcome],
      description: 'What became of each request: one that could not be decided keeps no other from it.',
      resolve: ({ outcomes }) => outcomes,
    }),
  }),
  failures: ['InvalidInput', 'NotFound'],
  run: async ({ deps }, input) => ({
    outcomes: await decideTokenRequests(deps, { ...input, requestIds: input.requestIds.map(requestId) }),
  }),
});

const TokenProblem = builder.enumType('TokenProblem', {
  description: 'What is wrong with a token.',
  values: valuesOf({
    LOST: 'Lost or stolen. The token becomes LOST.',
    BROKEN: 'Works no longer. The token becomes DISABLED.',
  }),
});

mutation<Reported>()('reportToken', {
  permission: 'IN_PERSON',
  description:
    'The owner reports a token as lost or broken: it stops at once, and a replacement is asked for.',
  input: (t) => ({
    tokenId: t.id({ required: true }),
    problem: t.field({ type: TokenProblem, required: true, description: 'What is wrong with it.' }),
    comment: t.string({
      description: 'What happened; at most 400 characters. Becomes part of the reason of the request.',
    }),
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
      description: 'The replacement that was asked for; null: none, and `notRequested` says why.',
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
    distributionStep: t.boolean({
      description: 'Whether a token distributor gives the token after the last approval.',
    }),
    requestDays: t.int({ description: '1 to 365.' }),
    minimumTokenDays: t.int({ description: '0 to 3650.' }),
    generateTokens: t.boolean({ description: 'Whether a token is made when none is free.' }),
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
