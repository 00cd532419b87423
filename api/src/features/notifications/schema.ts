import { eq } from 'drizzle-orm';
import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { valuesOf } from '../../graphql/enum-values.ts';
import { rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Node, nodeRef } from '../../graphql/node.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { TokenProfile } from '../token-profiles/token-profile-type.ts';
import { User, visibleUser } from '../users/user-type.ts';
import { countMails, listMails } from './list-mails.ts';
import {
  type MailEvent,
  type MailVariable as MailVariableFacts,
  mailEventFacts,
  mailEvents,
} from './mail-events.ts';
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

const sentWhen = Object.fromEntries(
  mailEvents.map((event) => [event, mailEventFacts[event].sentWhen]),
) as Record<MailEvent, string>;
const MailEventEnum = builder.enumType('MailEvent', {
  description: 'What a mail is about; each value says to whom and when it is sent.',
  values: valuesOf(sentWhen),
});
const MailStateEnum = builder.enumType('MailState', {
  description: 'FAILED: given up after the last try. NOT_SENT: no mail server is set.',
  values: valuesOf({
    QUEUED: 'Is about to be sent, or waits for its next try.',
    SENT: 'The mail server has taken it.',
    FAILED: 'Given up: after fourteen tries in about a day, or because no try would help.',
    NOT_SENT: 'No mail server was set when it was written, or when it was to leave.',
  }),
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
    event: t.field({ type: MailEventEnum, description: 'What it is about.', resolve: ({ event }) => event }),
    state: t.field({
      type: MailStateEnum,
      description: 'Whether it has left.',
      resolve: ({ state }) => state,
    }),
    recipient: t.field({
      type: User,
      nullable: true,
      description: 'To whom it goes; null if no longer known, or the caller may not see that user.',
      resolve: ({ userId }, _args, context) => (userId ? visibleUser(context, userId) : null),
    }),
    address: t.exposeString('address', { description: 'Address it goes to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the mail server took it; null: has not left.',
    }),
    attempts: t.exposeInt('attempts', {
      description: 'How often it was tried since it was written or sent again.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'What the last try failed with; null: has not failed.',
    }),
    subject: t.string({
      description: 'As it went or would go; links and codes masked, unless this is the loopback demo.',
      resolve: async (row, _args, { deps }) => (await renderedOnce(deps, row)).subject,
    }),
    text: t.string({
      description: 'Its plain form, masked as the subject is.',
      resolve: async (row, _args, { deps }) => (await renderedOnce(deps, row)).text,
    }),
    mayResend: t.boolean({
      description: 'It failed for good, never left, or waits after a failed try.',
      resolve: (row, _args, { deps }) => mayResend(deps, row),
    }),
  }),
});

const MailConnection = connectionType('Mail', Mail);
const MailFilter = builder.inputType('MailFilter', {
  description: 'Which mails a list shows: those that match all that is given.',
  fields: (t) => ({
    state: t.field({ type: [MailStateEnum], description: 'In one of these.' }),
    event: t.field({ type: [MailEventEnum], description: 'About one of these.' }),
    search: t.string({ description: "Any part of the address or the recipient's user name." }),
  }),
});

const MailSettings = builder.objectRef<object>('MailSettings').implement({
  description: 'How mail leaves; never the password.',
  fields: (t) => ({
    configured: t.boolean({
      description: 'Whether a mail server is set (SMTP_URL). Without one mails stay NOT_SENT.',
      resolve: (_row, _args, { deps }) => deps.mail !== null,
    }),
    scheme: t.string({
      nullable: true,
      description: 'smtp, smtp+starttls or smtps.',
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.scheme ?? null,
    }),
    host: t.string({
      nullable: true,
      description: 'Of the mail server; null: none is set.',
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.host ?? null,
    }),
    port: t.int({
      nullable: true,
      description: 'Of the mail server; null: none is set.',
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.port ?? null,
    }),
    userName: t.string({
      nullable: true,
      description: 'Who signs in to the mail server; null: nobody.',
      resolve: (_row, _args, { deps }) => deps.config.mail.smtp?.user ?? null,
    }),
    from: t.string({
      description: 'The address that mails come from.',
      resolve: (_row, _args, { deps }) => deps.config.mail.from,
    }),
    signs: t.boolean({
      description: 'Whether mails are signed (S/MIME).',
      resolve: (_row, _args, { deps }) => deps.config.mail.signing !== undefined,
    }),
    queued: t.int({
      description: 'Mails that are about to leave, or wait for their next try.',
      resolve: (_row, _args, { deps }) => countMails(deps, 'QUEUED'),
    }),
    failed: t.int({
      description: 'Mails that were given up.',
      resolve: (_row, _args, { deps }) => countMails(deps, 'FAILED'),
    }),
  }),
});

const MailVariable = builder.objectRef<MailVariableFacts>('MailVariable').implement({
  description: 'What a text may name as `{{name}}`.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Written between `{{` and `}}`.' }),
    description: t.exposeString('description', { description: 'What takes its place, in English.' }),
    sample: t.exposeString('sample', { description: 'What takes its place in a preview.' }),
  }),
});

const MailTemplate = builder.objectRef<MailTemplateText>('MailTemplate').implement({
  description: 'The text of a mail, from which its plain and its HTML form are made.',
  fields: (t) => ({
    event: t.field({
      type: MailEventEnum,
      description: 'What the mail is about.',
      resolve: ({ event }) => event,
    }),
    profile: t.field({
      type: TokenProfile,
      nullable: true,
      description: 'Whose own text it is; null for all.',
      resolve: ({ profileId }, _args, { loaders }) =>
        profileId ? loaders.tokenProfile.load(profileId) : null,
    }),
    subject: t.exposeString('subject', { description: 'One line; may hold variables.' }),
    body: t.exposeString('body', {
      description:
        'Plain text with variables; a blank line begins a paragraph. A paragraph whose variable is empty is left out.',
    }),
    changed: t.exposeBoolean('changed', { description: 'Differs from the shipped text.' }),
    variables: t.field({
      type: [MailVariable],
      description: 'What this text may name.',
      resolve: ({ event }) => [...mailEventFacts[event].variables],
    }),
    sentWhen: t.string({
      description: 'To whom and when it is sent, in English.',
      resolve: ({ event }) => mailEventFacts[event].sentWhen,
    }),
    perProfile: t.boolean({
      description: 'Whether a profile may have its own text for it.',
      resolve: ({ event }) => mailEventFacts[event].perProfile,
    }),
  }),
});

const MailPreview = builder.objectRef<RenderedMail & { problems: string[] }>('MailPreview').implement({
  description: 'A text with sample values.',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Empty when there are problems.' }),
    text: t.exposeString('text', { description: 'Its plain form; empty when there are problems.' }),
    html: t.exposeString('html', { description: 'Its HTML form; empty when there are problems.' }),
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
  mailSettings: t.field({
    type: MailSettings,
    permission: 'SETTINGS_READ',
    description: 'How mail leaves, and what is stuck.',
    resolve: () => ({}),
  }),
  mailTemplates: t.field({
    type: [MailTemplate],
    permission: 'SETTINGS_READ',
    description: "Every event's text, then those that profiles have of their own.",
    resolve: (_root, _args, { deps }) => listMailTemplates(deps),
  }),
  previewMail: t.field({
    type: MailPreview,
    permission: 'SETTINGS_READ',
    description:
      'How a text would look with sample values, and what is wrong with it; nothing is kept or sent.',
    args: {
      event: t.arg({ type: MailEventEnum, required: true, description: 'Which mail it is for.' }),
      subject: t.arg.string({ required: true, description: 'One line; may hold variables.' }),
      body: t.arg.string({ required: true, description: 'Plain text; a blank line begins a paragraph.' }),
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
    event: t.field({ type: MailEventEnum, required: true, description: 'Which mail it is for.' }),
    profileId: t.id({
      description:
        'Id of the token profile whose own text it is to be, where the event allows that. Default: for all.',
    }),
    subject: t.string({ required: true, description: 'One line; may hold variables.' }),
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
  input: (t) => ({
    event: t.field({ type: MailEventEnum, required: true, description: 'Which mail it is for.' }),
    profileId: t.id({
      description: 'Id of the token profile whose own text goes. Default: the text for all.',
    }),
  }),
  success: (t) => ({ template: t.field({ type: MailTemplate, resolve: ({ template }) => template }) }),
  failures: ['NotFound'],
  run: async ({ deps }, input) => ({ template: await resetMailTemplate(deps, place(input)) }),
});

mutation<{ mail: MailRow }>()('sendTestMail', {
  permission: 'SETTINGS_MANAGE',
  description: "Sends a test mail, by default to the caller's own address.",
  input: (t) => ({ address: t.string({ description: "Where it goes. Default: the caller's own address." }) }),
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
