import type { Vault } from '../../lib/vault.ts';

/** Media type of a check's question and of its answer. */
export const CHECK_TYPE = 'application/x-symbolon-address-check';
/** Where a check asks: as phones do, and where only consoles are. */
export const CHECK_PATHS = { phones: '/ctkip/services/CtkipService', consoles: '/healthz' } as const;

export const isChallenge = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{32}$/.test(text);

/**
 * What only an instance of this installation answers to a challenge: it takes the master key. Says nothing else, for
 * nobody else hashes under this purpose.
 */
export const proofOf = (vault: Vault, challenge: string): string =>
  Buffer.from(vault.lookupHash('address check', challenge)).toString('hex');
