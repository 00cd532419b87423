import account from '../messages/en/account.json';

/** Texts of one's account and of API keys: with the pages that need them, for the first view of /my is to stay small. */
export const accountMessages = { account };
