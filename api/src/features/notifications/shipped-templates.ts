import type { MailEvent } from './mail-events.ts';

const notYou = 'If this was not you, tell your help desk.';

/** The texts that Symbolon comes with; a blank line begins a paragraph. */
export const shippedTemplates: Record<MailEvent, { subject: string; body: string }> = {
  REQUEST_SUBMITTED: {
    subject: 'Your request for {{requestKind}}',
    body: `Hello {{givenName}},

you asked for {{requestKind}} ({{profileName}}). An approver decides now; you get a mail then.

You can follow the request here:
{{selfServiceLink}}

${notYou}`,
  },
  REQUEST_WAITING: {
    subject: '{{requesterName}} asks for {{requestKind}}',
    body: `Hello {{givenName}},

{{requesterName}} ({{requesterUserName}}) asks for {{requestKind}} with «{{profileName}}», and you can decide.

Reason: {{reason}}

The request waits here:
{{queueLink}}`,
  },
  REQUEST_APPROVED: {
    subject: 'Your request is approved: activate your token',
    body: `Hello {{givenName}},

your request for {{requestKind}} is approved. Token {{serialNumber}} needs activation: sign in from a computer, have your phone ready, and follow the three steps.
{{selfServiceLink}}

{{actorName}} says: {{comment}}

If you did not ask for a token, tell your help desk.`,
  },
  REQUEST_APPROVED_WAITING: {
    subject: 'Your request is approved',
    body: `Hello {{givenName}},

your request for {{requestKind}} is approved. A token follows; you get a mail when it is ready.

{{actorName}} says: {{comment}}

If you did not ask for a token, tell your help desk.`,
  },
  REQUEST_REJECTED: {
    subject: 'Your request is rejected',
    body: `Hello {{givenName}},

your request for {{requestKind}} ({{profileName}}) is rejected.

{{actorName}} says: {{comment}}

You can ask again here:
{{selfServiceLink}}`,
  },
  REQUEST_DEFERRED: {
    subject: 'Your request is deferred',
    body: `Hello {{givenName}},

the decision about your request for {{requestKind}} ({{profileName}}) is put off. You do not have to ask again.

{{actorName}} says: {{comment}}`,
  },
  REQUEST_CANCELLED: {
    subject: 'Your request is cancelled',
    body: `Hello {{givenName}},

your request for {{requestKind}} ({{profileName}}) was taken back.

${notYou}`,
  },
  REQUEST_EXPIRED: {
    subject: 'Your request has expired',
    body: `Hello {{givenName}},

nobody decided your request for {{requestKind}} ({{profileName}}) in time. You can ask again here:
{{selfServiceLink}}`,
  },
  REQUEST_FAILED: {
    subject: 'Your request could not be served',
    body: `Hello {{givenName}},

your request for {{requestKind}} ({{profileName}}) was approved, but you could not be given a token: {{failure}}

Ask your help desk, or ask again here:
{{selfServiceLink}}`,
  },
  TOKEN_READY: {
    subject: 'Your token is ready to activate',
    body: `Hello {{givenName}},

token {{serialNumber}} is ready for your phone. Sign in from a computer, have your phone ready, and follow the three steps.
{{selfServiceLink}}

{{actorName}} says: {{comment}}

If you do not expect a token, tell your help desk.`,
  },
  ACTIVATION_LINK: {
    subject: 'The link that activates your token',
    body: `Hello {{givenName}},

open this link on your phone to activate token {{serialNumber}}. It works once, within {{linkMinutes}} minutes. The page asks for the number on your other screen, or for your sign-in.
{{activationLink}}

If you did not ask for it, do not open it, and tell your help desk.`,
  },
  ACTIVATION_CODE: {
    subject: 'Address and code that activate your token',
    body: `Hello {{givenName}},

type both in the app on your phone to activate token {{serialNumber}}. They work once, within {{linkMinutes}} minutes. Whoever reads this mail can take the token, so do not pass it on.

Address:
{{ctKipUrl}}

Activation code:
{{activationCode}}

If you did not ask for it, tell your help desk.`,
  },
  TOKEN_ACTIVATED: {
    subject: 'Your token is in use',
    body: `Hello {{givenName}},

token {{serialNumber}} is activated and in use from now on.

Device: {{device}}

If this was not you, report the token as lost at once, or tell your help desk:
{{selfServiceLink}}`,
  },
  TOKEN_REPLACED: {
    subject: 'Your former token is replaced',
    body: `Hello {{givenName}},

token {{serialNumber}} took the place of {{replacedSerialNumber}}, which works no longer. You can remove the former one from your app.

${notYou}`,
  },
  TOKEN_ASSIGNED: {
    subject: 'A token is assigned to you',
    body: `Hello {{givenName}},

{{actorName}} assigned token {{serialNumber}} to you. You get another mail when it can be activated.
{{selfServiceLink}}

If you do not expect a token, tell your help desk.`,
  },
  TOKEN_UNASSIGNED: {
    subject: 'A token was taken away',
    body: `Hello {{givenName}},

{{actorName}} took token {{serialNumber}} from you. Its codes work no longer.

If you do not know why, ask your help desk.`,
  },
  TOKEN_ENABLED: {
    subject: 'Your token works again',
    body: `Hello {{givenName}},

{{actorName}} enabled token {{serialNumber}}. Its codes work again.

If you do not know why, ask your help desk.`,
  },
  TOKEN_DISABLED: {
    subject: 'Your token is disabled',
    body: `Hello {{givenName}},

{{actorName}} disabled token {{serialNumber}}. Its codes do not work until it is enabled again.

If you do not know why, ask your help desk.`,
  },
  TOKEN_LOST: {
    subject: 'Your token is reported as lost',
    body: `Hello {{givenName}},

token {{serialNumber}} was reported as lost and stopped at once.

If this was not you, or if you find it, tell your help desk.`,
  },
  UNUSUAL_ACTIVITY: {
    subject: 'Unusual activity with your token',
    body: `Hello {{givenName}},

something unusual happened with token {{serialNumber}}. {{activity}}

${notYou}`,
  },
  TOKEN_EXPIRING: {
    subject: 'Your token ends on {{expiresOn}}',
    body: `Hello {{givenName}},

token {{serialNumber}} is valid until {{expiresOn}}. Ask for a replacement in time; the present one goes on until the new one is in use.
{{selfServiceLink}}`,
  },
  USER_INVITED: {
    subject: 'Your account at {{productName}}',
    body: `Hello {{givenName}},

{{actorName}} made an account for you. Your user name is {{userName}}; the password comes by another way.

Sign in here:
{{selfServiceLink}}`,
  },
  TEST: {
    subject: 'A test from {{productName}}',
    body: `Hello {{givenName}},

mail from {{productName}} arrives here. {{actorName}} sent this to try it.`,
  },
};
