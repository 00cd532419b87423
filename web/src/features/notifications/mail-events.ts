import type { MailEvent } from '../../gql/graphql';

/** Every event that is told by mail, in the order in which people meet them. */
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
  'TOKEN_ASSIGNED',
  'TOKEN_READY',
  'ACTIVATION_LINK',
  'ACTIVATION_CODE',
  'TOKEN_ACTIVATED',
  'TOKEN_REPLACED',
  'TOKEN_EXPIRING',
  'TOKEN_ENABLED',
  'TOKEN_DISABLED',
  'TOKEN_LOST',
  'TOKEN_UNASSIGNED',
  'UNUSUAL_ACTIVITY',
  'USER_INVITED',
  'TEST',
] as const satisfies MailEvent[];
