// Gathers every table for drizzle-kit; features import each other's `table.ts`, never this file.
export { apiKeys, attemptCounters, sessions } from '../auth/table.ts';
export {
  activations,
  activationTickets,
  ctKipServerKeys,
  ctKipSessions,
} from '../features/activation/table.ts';
export { addressChecks } from '../features/addresses/table.ts';
export { auditEvents } from '../features/audit/table.ts';
export { deviceDefinitions } from '../features/device-definitions/table.ts';
export { distributions } from '../features/distribution/table.ts';
export { fileChunks, files } from '../features/files/table.ts';
export { jobRows, jobs } from '../features/jobs/table.ts';
export { mails, mailTemplates } from '../features/notifications/table.ts';
export { passcodeFailures, wrongPasscodes } from '../features/passcodes/table.ts';
export { requestDecisions, tokenRequests } from '../features/requests/table.ts';
export { profileOffers } from '../features/self-service/table.ts';
export { masterKeyCanary, settings } from '../features/settings/table.ts';
export { tokenProfiles } from '../features/token-profiles/table.ts';
export { tokenSeeds, tokens } from '../features/tokens/table.ts';
export { userRoles, users } from '../features/users/table.ts';
