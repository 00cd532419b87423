import addresses from '../messages/en/addresses.json';
import admin from '../messages/en/admin.json';
import audit from '../messages/en/audit.json';
import deviceDefinitions from '../messages/en/device-definitions.json';
import distribution from '../messages/en/distribution.json';
import jobs from '../messages/en/jobs.json';
import mail from '../messages/en/mail.json';
import requestQueue from '../messages/en/request-queue.json';
import settings from '../messages/en/settings.json';
import tokenImport from '../messages/en/token-import.json';
import tokenProfiles from '../messages/en/token-profiles.json';
import tokens from '../messages/en/tokens.json';
import users from '../messages/en/users.json';
import { accountMessages } from './account-messages.ts';

/** Texts of the Security Console, in its own chunk. */
export const adminMessages = {
  ...accountMessages,
  addresses,
  admin,
  audit,
  deviceDefinitions,
  distribution,
  jobs,
  mail,
  requestQueue,
  settings,
  tokenImport,
  tokenProfiles,
  tokens,
  users,
};

export type AdminMessages = typeof adminMessages;
