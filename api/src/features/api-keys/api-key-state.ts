import { and, gt, isNull, type SQL } from 'drizzle-orm';
import { type ApiKeyRow, apiKeys } from '../../auth/table.ts';

/** Derived, first match: REVOKED, EXPIRED, ACTIVE. That the owner may not sign in is the owner's state, and no key's. */
export type ApiKeyState = 'ACTIVE' | 'EXPIRED' | 'REVOKED';

/** The state of a key at a moment. */
export function stateOfKeyAt(key: ApiKeyRow, at: Date): ApiKeyState {
  if (key.revokedAt) return 'REVOKED';
  return key.expiresAt <= at ? 'EXPIRED' : 'ACTIVE';
}

/** The condition that a key is ACTIVE at a moment. */
export const isLiveAt = (at: Date): SQL => and(isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, at))!;
