import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { User, visibleUser } from '../users/user-type.ts';
import { countMails, listMails } from './list-mails.ts';
import { type MailVariable as MailVariableFacts, mailEventFacts, mailEvents } from './mail-events.ts';
import {
  listMailTemplates,
  type MailTemplate as MailTemplateText,
  resetMailTemplate,
  updateMailTemplate,
} from './mail-template-texts.ts';
import { commonValues, type RenderedMail, renderForOutbox } from './outgoing-mail.ts';
import { renderMail, sampleValues, templateProblems } from './render-mail.ts';
import { mayResend, resendMail } from './resend-mail.ts';
import { sendTestMail } from './send-test-mail.ts';
import { type MailRow, mails } from './table.ts';

const MailEventEnum = builder.enumType('MailEvent', { values: mailEvents });
const MailStateEnum = builder.enumType('MailState', {
  description: 'FAILED: given up after the last try. NOT_SENT: no mail server is set.',
  values: ['QUEUED', 'SENT', 'FAILED', 'NOT_SENT'] as const,
});

const rendered = new WeakMap<MailRow, Promise<RenderedMail>>();
function renderedOnce(deps: ActionDeps, row: MailRow): Promise<RenderedMail> {
  const known = rendered.get(row) ?? renderForOutbox(deps, row);
  rendered.set(row, known);
  return known;
}

const Mail = nodeRef<MailRow>('Mail', async ({ deps, viewer }, id) => {
  if (!viewer?.permissions.has('SETTINGS_READ')) return null;
  const [row] = await deps.db.select().from(mails).where(eq(mails.id, id));
  return row ?? null;
});

Mail.implement({
  description: 'A mail of the outbox.',
  interfaces: [Node],
  fields: (t) => ({
    event: t.field({ type: MailEventEnum, resolve: ({ event }) => event }),
    state: t.field({ type: MailStateEnum, resolve: ({ state }) => state }),
    recipient: t.field({
      type: User,
      nullable: true,
      resolve: ({ userId }, _args, context) => (userId ? visibleUser(context, userId) : null),
    }),
    address: t.exposeString('address', { description: 'Address it goes to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true }),
    attempts: t.exposeInt('attempts'),
    lastError: t.exposeString('lastError', { nullable: true }),
    subject: t.string({
      description: 'As it went or would go; links and codes masked, unless this is the loopback demo.',
      resolve: async (row, _args, { deps }) => (await renderedOnce(deps, row)).subject,
    }),
    text: t.string({ resolve: async (row, _args, { deps }) => (await renderedOnce(deps, row)).text }),
    mayResend: t.boolean({
      description: 'It failed for good, never left, or waits after a failed try.',
      resolve: (row, _args, { deps }) => mayResend(deps, row),
    }),
  }),
});

const MailConnection = connectionType('Mail', Mail);
const MailFilter = builder.inputType('MailFilter', {
  fields: (t) => ({
    state: t.field({ type: [MailStateEnum] }),
    event: t.field({ type: [MailEventEnum] }),
    search: t.string({ description: "Any part of the address or the recipient's user name." }),
  }),
});

const MailSettings = builder.objectRef<object>('MailSettings').implement({
  description: 'How mail leaves; never the password.',
  fields: (t) => ({
    configured: t.boolean({ resolve: (_row, _args, { deps }) => deps.mail !== null }),
    scheme: t.string({
      nullable: true,
      description: 'smtp, smtp+starttls or smtps.',
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.scheme ?? null,
    }),
    host: t.string({
      nullable: true,
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.host ?? null,
    }),
    port: t.int({ nullable: true, resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.port ?? null }),
    userName: t.string({
      nullable: true,
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.user ?? null,
    }),
    from: t.string({ resolve: (_row, _args, { deps }) => deps.config.mail.from }),
    signs: t.boolean({
      description: 'Whether mails are signed (S/MIME).',
      resolve: (_row, _args, { deps }) => deps.config.mail.signing !== undefined,
    }),
    queued: t.int({ resolve: (_row, _args, { deps }) => countMails(deps, 'QUEUED') }),
    failed: t.int({ resolve: (_row, _args, { deps }) => countMails(deps, 'FAILED') }),
  }),
});

const MailVariable = builder.objectRef<MailVariableFacts>('MailVariable').implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    sample: t.exposeString('sample'),
  }),
});

const MailTemplate = builder.objectRef<MailTemplateText>('MailTemplate').implement({
  description: 'The text of a mail, from which its plain and its HTML form are made.',
  fields: (t) => ({
    event: t.field({ type: MailEventEnum, resolve: ({ event }) => event }),
    profile: t.field({
      type: TokenProfile,
      nullable: true,
      description: 'Whose own text it is; null for all.',
      resolve: ({ profileId }, _args, { loaders }) =>
        profileId ? loaders.tokenProfile.load(profileId) : null,
    }),
    subject: t.exposeString('subject'),
    body: t.exposeString('body'),
    changed: t.exposeBoolean('changed', { description: 'Differs from the shipped text.' }),
    variables: t.field({
      type: [MailVariable],
      resolve: ({ event }) => [...mailEventFacts[event].variables],
    }),
    sentWhen: t.string({ resolve: ({ event }) => mailEventFacts[event].sentWhen }),
    perProfile: t.boolean({
      description: 'Whether a profile may have its own text for it.',
      resolve: ({ event }) => mailEventFacts[event].perProfile,
    }),
  }),
});

const MailPreview = builder.objectRef<RenderedMail & { problems: string[] }>('MailPreview').implement({
  description: 'A text with sample values.',
  fields: (t) => ({
    subject: t.exposeString('subject'),
    text: t.exposeString('text'),
    html: t.exposeString('html'),
    problems: t.exposeStringList('problems', { description: 'Why it cannot be saved; empty when it can.' }),
  }),
});

builder.queryFields((t) => ({
  mails: t.field({
    type: MailConnection,
    permission: 'SETTINGS_READ',
    description: 'The outbox, newest first.',
    args: { ...pageArgs(t), filter: t.arg({ type: MailFilter }) },
    resolve: (_root, args, { deps }) => listMails(deps, args, args.filter ?? {}),
  }),
  mailSettings: t.field({ type: MailSettings, permission: 'SETTINGS_READ', resolve: () => ({}) }),
  mailTemplates: t.field({
    type: [MailTemplate],
    permission: 'SETTINGS_READ',
    description: "Every event's text, then those that profiles have of their own.",
    resolve: (_root, _args, { deps }) => listMailTemplates(deps),
  }),
  previewMail: t.field({
    type: MailPreview,
    permission: 'SETTINGS_READ',
    args: {
      event: t.arg({ type: MailEventEnum, required: true }),
      subject: t.arg.string({ required: true }),
      body: t.arg.string({ required: true }),
    },
    resolve: async (_root, { event, ...text }, { deps }) => {
      const problems = templateProblems(event, text);
      const values = { ...sampleValues(event), ...(await commonValues(deps)) };
      const nothing = { subject: '', text: '', html: '' };
      return { ...(problems.length > 0 ? nothing : renderMail(event, text, values)), problems };
    },
  }),
}));

const place = (input: { event: (typeof mailEvents)[number]; profileId?: string | null | undefined }) => ({
  event: input.event,
  profileId: input.profileId ? rowId('TokenProfile', input.profileId) : null,
});

mutation<{ template: MailTemplateText }>()('updateMailTemplate', {
  permission: 'SETTINGS_MANAGE',
  description: 'Sets the text of a mail, for all profiles or for one.',
  input: (t) => ({
    event: t.field({ type: MailEventEnum, required: true }),
    profileId: t.id(),
    subject: t.string({ required: true }),
    body: t.string({ required: true, description: 'Plain text; a blank line begins a paragraph.' }),
  }),
  success: (t) => ({ template: t.field({ type: MailTemplate, resolve: ({ template }) => template }) }),
  failures: ['InvalidInput', 'NotFound'],
  run: async ({ deps }, input) => ({
    template: await updateMailTemplate(deps, { ...input, ...place(input) }),
  }),
});

mutation<{ template: MailTemplateText }>()('resetMailTemplate', {
  permission: 'SETTINGS_MANAGE',
  description: 'Takes the shipped text back, or, for a profile, the text of all.',
  input: (t) => ({ event: t.field({ type: MailEventEnum, required: true }), profileId: t.id() }),
  success: (t) => ({ template: t.field({ type: MailTemplate, resolve: ({ template }) => template }) }),
  failures: ['NotFound'],
  run: async ({ deps }, input) => ({ template: await resetMailTemplate(deps, place(input)) }),
});

mutation<{ mail: MailRow }>()('sendTestMail', {
  permission: 'SETTINGS_MANAGE',
  description: "Sends a test mail, by default to the caller's own address.",
  input: (t) => ({ address: t.string() }),
  success: (t) => ({ mail: t.field({ type: Mail, resolve: ({ mail }) => mail }) }),
  failures: ['InvalidInput', 'InvalidState'],
  run: async ({ deps }, input) => ({ mail: await sendTestMail(deps, input) }),
});

mutation<{ mail: MailRow }>()('resendMail', {
  permission: 'SETTINGS_MANAGE',
  description: 'Has a mail sent now that was given up, never left, or waits for its next try.',
  input: (t) => ({ mailId: t.id({ required: true }) }),
  success: (t) => ({ mail: t.field({ type: Mail, resolve: ({ mail }) => mail }) }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({ mail: await resendMail(deps, { mailId: rowId('Mail', input.mailId) }) }),
});
