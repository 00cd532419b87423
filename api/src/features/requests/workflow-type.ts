import { builder } from '../../graphql/builder.ts';
import type { Attention as AttentionFacts } from './attention.ts';
import type { DecisionPreview, RequestOutcome as Outcome } from './decide-requests.ts';
import { TokenRequest } from './request-type.ts';
import type { WorkflowPolicy as Policy } from './update-workflow-policy.ts';

export const WorkflowPolicy = builder.objectRef<Policy>('WorkflowPolicy').implement({
  description: 'How requests are decided. Requests that are under way keep the steps they were made with.',
  fields: (t) => ({
    approvalSteps: t.exposeInt('approvalSteps', {
      description: '0 to 4, each by a different approver; 0: approved by itself.',
    }),
    distributionStep: t.exposeBoolean('distributionStep', {
      description: 'Whether a token distributor gives the token after the last approval.',
    }),
    requestDays: t.exposeInt('requestDays', { description: 'Days until an undecided request expires.' }),
    minimumTokenDays: t.exposeInt('minimumTokenDays', {
      description: 'Days of life that a picked token must have left.',
    }),
    generateTokens: t.exposeBoolean('generateTokens', {
      description: 'Whether a token is made when none is free.',
    }),
    generatedTokenDays: t.exposeInt('generatedTokenDays', {
      description: 'Days for which such a token is valid.',
    }),
    officeHoursFrom: t.exposeInt('officeHoursFrom', { description: 'Monday to Friday, whole hour.' }),
    officeHoursTo: t.exposeInt('officeHoursTo', { description: 'Monday to Friday, whole hour.' }),
    officeTimeZone: t.exposeString('officeTimeZone', { description: 'IANA name.' }),
  }),
});

export const Attention = builder.objectRef<AttentionFacts>('Attention').implement({
  description: 'What waits for the viewer; 0 where they may not look.',
  fields: (t) => ({
    requestsForMe: t.exposeInt('requestsForMe', { description: 'Requests that the viewer can decide.' }),
    requestsNobodyCanDecide: t.exposeInt('requestsNobodyCanDecide', {
      description: 'Of the 200 oldest open requests, those that no enabled user may decide.',
    }),
    requestsWaitingForToken: t.exposeInt('requestsWaitingForToken', {
      description: 'Approved requests for which no token is free.',
    }),
    failedMails: t.exposeInt('failedMails', { description: 'Mails that were given up.' }),
    addressTrouble: t.exposeInt('addressTrouble', {
      description:
        'Our addresses that phones or consoles do not reach well, or whose certificate soon expires.',
    }),
    freeTokens: t.exposeInt('freeTokens', { description: 'Tokens that a request could be given now.' }),
    failedJobs: t.exposeInt('failedJobs', { description: 'Jobs that failed within the last 7 days.' }),
  }),
});

export const RequestOutcome = builder.objectRef<Outcome>('RequestOutcome').implement({
  description: 'What was, or would be, done with one request.',
  fields: (t) => ({
    tokenRequest: t.field({
      type: TokenRequest,
      description: 'The request as it is now.',
      resolve: ({ request }) => request,
    }),
    code: t.exposeString('code', { nullable: true, description: 'Why not; null when it is done.' }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'The same in English; null when it is done.',
    }),
  }),
});

export const RequestDecisionPreview = builder.objectRef<DecisionPreview>('RequestDecisionPreview').implement({
  description: 'What a decision about many requests would do now.',
  fields: (t) => ({
    willDo: t.exposeInt('willDo', { description: 'Requests that would be decided.' }),
    tokensNeeded: t.exposeInt('tokensNeeded', { description: 'Tokens that the approvals take now.' }),
    freeTokens: t.exposeInt('freeTokens', { description: 'Tokens that could be given now.' }),
    generateTokens: t.exposeBoolean('generateTokens', {
      description: 'Whether tokens are made when none is free.',
    }),
    outcomes: t.field({
      type: [RequestOutcome],
      description: 'What would be done with each request.',
      resolve: ({ outcomes }) => outcomes,
    }),
  }),
});
