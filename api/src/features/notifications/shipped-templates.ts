import type { MailEvent } from './mail-events.ts';

const mail = (subject: string, ...paragraphs: string[]) => ({
  subject,
  body: ['Hello {{givenName}},', ...paragraphs].join('\n\n'),
});

const NOT_YOU = 'If this was not you, tell your help desk.';
const UNEXPECTED = 'If you did not expect this, tell your help desk.';
const REASON = 'Your reason: {{reason}}';
const COMMENT = '{{actorName}} adds: {{comment}}';
const SELF_SERVICE = 'Your tokens and requests: {{selfServiceLink}}';

/** The texts that Symbolon comes with. A paragraph whose variable is empty is left out. */
export const shippedTemplates: Record<MailEvent, { subject: string; body: string }> = {
  REQUEST_SUBMITTED: mail(
    'You asked for {{requestKind}}',
    'Your request for {{requestKind}} ({{profileName}}) has arrived. We write to you as soon as it is decided.',
    REASON,
    'See where it stands, or cancel it: {{selfServiceLink}}',
    NOT_YOU,
  ),
  REQUEST_WAITING: mail(
    '{{requesterName}} asks for {{requestKind}}',
    '{{requesterName}} ({{requesterUserName}}) asks for {{requestKind}} ({{profileName}}). The request waits for your decision.',
    'Reason: {{reason}}',
    'Approve or reject it in the queue: {{queueLink}}',
  ),
  REQUEST_APPROVED: mail(
    'Your request is approved: activate your token',
    'Your request for {{requestKind}} ({{profileName}}) is approved. Token {{serialNumber}} is yours and needs activation.',
    COMMENT,
    'Install the app on your device, sign in on a computer, and follow the steps: {{selfServiceLink}}',
    'Your former token {{replacedSerialNumber}} stays as it is until the new one is activated.',
    NOT_YOU,
  ),
  REQUEST_APPROVED_WAITING: mail(
    'Your request is approved',
    'Your request for {{requestKind}} ({{profileName}}) is approved. The token follows: we write to you when it is ready to activate. There is nothing to do until then.',
    COMMENT,
    SELF_SERVICE,
    NOT_YOU,
  ),
  REQUEST_REJECTED: mail(
    'Your request is rejected',
    'Your request for {{requestKind}} ({{profileName}}) is rejected.',
    COMMENT,
    'You can ask again: {{selfServiceLink}}',
    NOT_YOU,
  ),
  REQUEST_DEFERRED: mail(
    'Your request is decided later',
    'Your request for {{requestKind}} ({{profileName}}) is put off. It stays open, and we write to you when it is decided.',
    COMMENT,
    SELF_SERVICE,
    NOT_YOU,
  ),
  REQUEST_CANCELLED: mail(
    'Your request is cancelled',
    'Your request for {{requestKind}} ({{profileName}}) was cancelled by {{actorName}}.',
    'You can ask again: {{selfServiceLink}}',
    NOT_YOU,
  ),
  REQUEST_EXPIRED: mail(
    'Your request has expired',
    'Nobody decided your request for {{requestKind}} ({{profileName}}) in time, so it has expired.',
    'If you still need the token, ask again: {{selfServiceLink}}',
    NOT_YOU,
  ),
  REQUEST_FAILED: mail(
    'Your request could not be carried out',
    'Your request for {{requestKind}} ({{profileName}}) is approved, but could not be carried out.',
    'What stood in the way: {{failure}}',
    'You can ask again, or tell your help desk: {{selfServiceLink}}',
    NOT_YOU,
  ),
  TOKEN_READY: mail(
    'Your token {{serialNumber}} is ready to activate',
    'Token {{serialNumber}} ({{profileName}}) is ready to activate.',
    'Install the app on your device, then sign in and follow the steps: {{selfServiceLink}}',
    'Your former token {{replacedSerialNumber}} stays as it is until the new one is activated.',
    UNEXPECTED,
  ),
  ACTIVATION_LINK: mail(
    'Activate your token {{serialNumber}}',
    'This link activates token {{serialNumber}} ({{profileName}}). Open it on the device that the token is for:',
    '{{activationLink}}',
    'The page asks for your sign-in, or for the six digits where another screen shows them. The link works once, for {{linkMinutes}} minutes.',
    'Give the link and the digits to nobody, not even to the help desk. If this was not you, leave the link alone and tell your help desk.',
  ),
  ACTIVATION_CODE: mail(
    'Activate your token {{serialNumber}}',
    'With this address and code you activate token {{serialNumber}} ({{profileName}}): type them into the app on your device.',
    'Address: {{ctKipUrl}}\nActivation code: {{activationCode}}',
    'The code works once, for {{linkMinutes}} minutes.',
    'Give the code to nobody, not even to the help desk. If this was not you, do not use it, and tell your help desk.',
  ),
  TOKEN_ACTIVATED: mail(
    'Your token {{serialNumber}} is active',
    'Token {{serialNumber}} is activated and ready to use.',
    'Device: {{device}}',
    SELF_SERVICE,
    'If this was not you, tell your help desk at once.',
  ),
  TOKEN_REPLACED: mail(
    'Your token {{replacedSerialNumber}} is replaced',
    'Token {{serialNumber}} has taken the place of {{replacedSerialNumber}}. The former token works no longer; you can delete it in the app.',
    SELF_SERVICE,
    NOT_YOU,
  ),
  TOKEN_ASSIGNED: mail(
    'Token {{serialNumber}} is yours',
    '{{actorName}} has assigned token {{serialNumber}} to you. We write to you when it is ready to activate.',
    SELF_SERVICE,
    UNEXPECTED,
  ),
  TOKEN_UNASSIGNED: mail(
    'Token {{serialNumber}} is yours no longer',
    '{{actorName}} has taken back token {{serialNumber}}. Its codes are accepted no longer; you can delete it in the app.',
    'Need another one? Ask for it: {{selfServiceLink}}',
    UNEXPECTED,
  ),
  DISTRIBUTION_REVOKED: mail(
    'The activation of token {{serialNumber}} was withdrawn',
    '{{actorName}} has withdrawn what was sent to you to activate token {{serialNumber}}. Codes and links that you have for it work no longer.',
    SELF_SERVICE,
    UNEXPECTED,
  ),
  TOKEN_ENABLED: mail(
    'Your token {{serialNumber}} works again',
    '{{actorName}} has enabled token {{serialNumber}}.',
    SELF_SERVICE,
    UNEXPECTED,
  ),
  TOKEN_DISABLED: mail(
    'Your token {{serialNumber}} is stopped',
    '{{actorName}} has stopped token {{serialNumber}}. Its codes are accepted no longer.',
    SELF_SERVICE,
    NOT_YOU,
  ),
  TOKEN_LOST: mail(
    'Your token {{serialNumber}} is reported lost',
    'Token {{serialNumber}} was reported lost and stopped at once. Its codes are accepted no longer.',
    'Ask for a new one, or see what happens next: {{selfServiceLink}}',
    NOT_YOU,
  ),
  UNUSUAL_ACTIVITY: mail(
    'Something unusual about your token {{serialNumber}}',
    'This happened to token {{serialNumber}}: {{activity}}',
    'If this was you, there is nothing to do. You find your token here: {{selfServiceLink}}',
    'If this was not you, tell your help desk at once.',
  ),
  TOKEN_EXPIRING: mail(
    'Your token {{serialNumber}} expires on {{expiresOn}}',
    'Token {{serialNumber}} works until {{expiresOn}}. Ask for a new one before then; the old one goes on until the new one is activated.',
    'Ask for a new one: {{selfServiceLink}}',
  ),
  USER_INVITED: mail(
    'Welcome to {{productName}}',
    '{{actorName}} has made an account for you in {{productName}}. Your user name is {{userName}}; the password comes by another way.',
    'Sign in and ask for your token: {{selfServiceLink}}',
    UNEXPECTED,
  ),
  API_KEY_CREATED: mail(
    'New API key «{{keyName}}»',
    'An API key with the name «{{keyName}}» was made under your name. A program that has it can act for you until {{expiresOn}}.',
    'Your API keys are in your account: {{selfServiceLink}}',
    'If this was not you, revoke the key there, change your password, and tell your help desk at once.',
  ),
  API_KEY_REVOKED: mail(
    'Your API key «{{keyName}}» is revoked',
    '{{actorName}} has revoked your API key «{{keyName}}». Programs that use it are refused from now on.',
    'Your API keys are in your account: {{selfServiceLink}}',
    UNEXPECTED,
  ),
  TEST: mail(
    'Test mail from {{productName}}',
    '{{actorName}} wanted to know whether mail from {{productName}} arrives. It does.',
    'There is nothing to do.',
  ),
};
