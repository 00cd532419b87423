/** Everything that a mail is sent about. */
export const mailEvents = [
  'REQUEST_SUBMITTED',
  'REQUEST_WAITING',
  'REQUEST_APPROVED',
  'REQUEST_APPROVED_WAITING',
  'REQUEST_REJECTED',
  'REQUEST_DEFERRED',
  'REQUEST_CANCELLED',
  'REQUEST_EXPIRED',
  'REQUEST_FAILED',
  'TOKEN_READY',
  'ACTIVATION_LINK',
  'ACTIVATION_CODE',
  'TOKEN_ACTIVATED',
  'TOKEN_REPLACED',
  'TOKEN_ASSIGNED',
  'TOKEN_UNASSIGNED',
  'DISTRIBUTION_REVOKED',
  'TOKEN_ENABLED',
  'TOKEN_DISABLED',
  'TOKEN_LOST',
  'UNUSUAL_ACTIVITY',
  'TOKEN_EXPIRING',
  'USER_INVITED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'TEST',
] as const;
export type MailEvent = (typeof mailEvents)[number];

/** What a mail's text may name as `{{name}}`. Secret ones are derived while the mail is sent and masked elsewhere. */
export type MailVariable = {
  name: string;
  description: string;
  sample: string;
  kind: 'text' | 'url';
  secret?: true;
};

type MailEventFacts = { sentWhen: string; variables: readonly MailVariable[]; perProfile: boolean };

const text = (name: string, description: string, sample: string): MailVariable => ({
  name,
  description,
  sample,
  kind: 'text',
});
const url = (name: string, description: string, sample: string): MailVariable => ({
  name,
  description,
  sample,
  kind: 'url',
});

const everywhere = [
  text('productName', 'Name of this installation.', 'Symbolon'),
  text('userName', 'User name of whoever gets the mail.', 'alice'),
  text('fullName', 'Given and family name of whoever gets the mail.', 'Alice Example'),
  text('givenName', 'Given name of whoever gets the mail.', 'Alice'),
];
const selfServiceLink = url(
  'selfServiceLink',
  'Address of the self-service pages.',
  'https://symbolon.example/my',
);
const queueLink = url(
  'queueLink',
  'Address of the queue of requests.',
  'https://symbolon.example/admin/requests',
);
const requesterName = text(
  'requesterName',
  'Given and family name of the person who asked.',
  'Alice Example',
);
const requesterUserName = text('requesterUserName', 'User name of the person who asked.', 'alice');
const requestKind = text('requestKind', 'What was asked for.', 'a new token');
const reason = text('reason', 'Reason that the person gave; may be empty.', 'I work from home on Fridays.');
const comment = text(
  'comment',
  'Comment of whoever decided; may be empty.',
  'Bring your phone along on Monday.',
);
const actorName = text('actorName', 'Who did it; Symbolon when it went by itself.', 'Adam Admin');
const profileName = text('profileName', 'Name of the token profile.', 'iPhone and iPad');
const deviceType = text('deviceType', 'Kind of device that the token is for.', 'iOS 2.x');
const device = text('device', 'Device that took the token, as it names itself; may be empty.', 'iPhone 17');
const serialNumber = text('serialNumber', 'Serial number of the token.', '0001 2345 6789');
const replacedSerialNumber = text(
  'replacedSerialNumber',
  'Serial number of the token that was replaced.',
  '0001 2345 6780',
);
const expiresOn = text('expiresOn', 'Last day on which the token works.', '2027-06-30');
const keyName = text('keyName', 'Name of the API key.', 'Nightly report');
const linkMinutes = text('linkMinutes', 'Minutes for which the link or code is valid.', '60');
const activity = text(
  'activity',
  'What was unusual, in a sentence.',
  'Ten wrong codes in a row were typed for this token.',
);
const failure = text(
  'failure',
  'Why it could not be carried out, in a sentence.',
  'You have 3 tokens already.',
);
const activationLink: MailVariable = {
  ...url(
    'activationLink',
    'Link that activates the token, once. Secret.',
    'https://symbolon.example/activate#q3VJ8Zr2mX0TtB5nLw9sYg',
  ),
  secret: true,
};
const ctKipUrl: MailVariable = {
  ...url('ctKipUrl', 'Address that the app asks for. Secret.', 'https://symbolon.example/ctkip'),
  secret: true,
};
const activationCode: MailVariable = {
  ...text('activationCode', 'Activation code that the app asks for. Secret.', '184029375516'),
  secret: true,
};

const facts = (
  sentWhen: string,
  variables: readonly MailVariable[],
  { perProfile = false } = {},
): MailEventFacts => ({ sentWhen, variables: [...everywhere, ...variables], perProfile });

const ownRequest = [requestKind, profileName, reason, selfServiceLink];
const ownToken = [serialNumber, actorName, selfServiceLink];
const perProfile = { perProfile: true };

/** When each mail is sent, what its text may name, and whether a token profile may have its own text for it. */
export const mailEventFacts: Record<MailEvent, MailEventFacts> = {
  REQUEST_SUBMITTED: facts('To a user who has asked for a token.', ownRequest),
  REQUEST_WAITING: facts('To everybody who may make the next decision about a request.', [
    requesterName,
    requesterUserName,
    requestKind,
    profileName,
    reason,
    queueLink,
  ]),
  REQUEST_APPROVED: facts(
    'To the requester, when the request is approved and the token needs activation.',
    [...ownRequest, comment, actorName, deviceType, serialNumber, replacedSerialNumber, expiresOn],
    perProfile,
  ),
  REQUEST_APPROVED_WAITING: facts(
    'To the requester, when the request is approved and the token follows.',
    [...ownRequest, comment, actorName, deviceType],
    perProfile,
  ),
  REQUEST_REJECTED: facts('To the requester, when the request is rejected.', [
    ...ownRequest,
    comment,
    actorName,
  ]),
  REQUEST_DEFERRED: facts('To the requester, when the decision is put off.', [
    ...ownRequest,
    comment,
    actorName,
  ]),
  REQUEST_CANCELLED: facts('To the requester, when the request is cancelled.', [...ownRequest, actorName]),
  REQUEST_EXPIRED: facts('To the requester, when nobody has decided in time.', ownRequest),
  REQUEST_FAILED: facts('To the requester, when an approved request cannot be carried out.', [
    ...ownRequest,
    failure,
  ]),
  TOKEN_READY: facts(
    'To the owner, when an administrator has distributed a token, or one that was waited for has come.',
    [...ownToken, profileName, deviceType, replacedSerialNumber, expiresOn],
    perProfile,
  ),
  ACTIVATION_LINK: facts(
    'To the owner, who has chosen «Send me the link», or asked for a token that comes by link.',
    [activationLink, linkMinutes, profileName, ...ownToken],
    perProfile,
  ),
  ACTIVATION_CODE: facts(
    'In place of the link, where address and code in one mail are switched on.',
    [ctKipUrl, activationCode, linkMinutes, profileName, ...ownToken],
    perProfile,
  ),
  TOKEN_ACTIVATED: facts(
    'To the owner, when a token is activated and its first code was right.',
    [...ownToken, device],
    perProfile,
  ),
  TOKEN_REPLACED: facts(
    'To the owner, when a token has taken the place of another, which works no longer.',
    [...ownToken, replacedSerialNumber],
    perProfile,
  ),
  TOKEN_ASSIGNED: facts('To the new owner of a token.', ownToken),
  TOKEN_UNASSIGNED: facts('To the former owner of a token that was taken back.', ownToken),
  DISTRIBUTION_REVOKED: facts('To the owner of a token whose activation was withdrawn.', ownToken),
  TOKEN_ENABLED: facts('To the owner, when a token works again.', ownToken),
  TOKEN_DISABLED: facts('To the owner, when a token is stopped.', ownToken),
  TOKEN_LOST: facts('To the owner, who has reported a token lost.', ownToken),
  UNUSUAL_ACTIVITY: facts('To the owner, when something unusual happens around a token.', [
    activity,
    serialNumber,
    selfServiceLink,
  ]),
  TOKEN_EXPIRING: facts('To the owner, once, before a token expires.', [
    serialNumber,
    expiresOn,
    selfServiceLink,
  ]),
  USER_INVITED: facts('To a new user. The password comes by another way.', [actorName, selfServiceLink]),
  API_KEY_CREATED: facts('To whoever has made an API key.', [
    keyName,
    text('expiresOn', 'Last day on which the key works.', '2027-06-30'),
    selfServiceLink,
  ]),
  API_KEY_REVOKED: facts('To the owner of an API key that somebody else has revoked.', [
    keyName,
    actorName,
    selfServiceLink,
  ]),
  TEST: facts('To whoever checks whether mail arrives.', [actorName]),
};
