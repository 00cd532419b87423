import { countedAddress } from '@symbolon/serving/counted-address';
import { recordAudit } from '../features/audit/record-audit.ts';
import type { ActionDeps } from '../lib/deps.ts';
import { findKeyViewer, type KeyFinding, type KeyViewer } from './api-key.ts';
import { countThisMinute, reserveAttempt, wrongKeyLimit } from './throttle.ts';

export type KeyAnswer =
  | { outcome: 'accepted'; viewer: KeyViewer }
  | { outcome: 'refused' }
  | { outcome: 'throttled'; retryAfterSeconds: number };

/**
 * Who acts with this key. A wrong, revoked or expired one, and one whose owner may not sign in, are told apart by nobody
 * outside. Refusals are counted for the address, and beyond the limit answered with seconds to wait; the first of a
 * minute is audited.
 */
export async function authenticateKey(deps: ActionDeps, key: string): Promise<KeyAnswer> {
  const finding = await findKeyViewer(deps, key, deps.request.address);
  if (finding.viewer) return { outcome: 'accepted', viewer: finding.viewer };
  await auditRefusal(deps, finding);
  const retryAfterSeconds = await reserveAttempt(deps, [wrongKeyLimit(deps.request.address)]);
  return retryAfterSeconds > 0 ? { outcome: 'throttled', retryAfterSeconds } : { outcome: 'refused' };
}

async function auditRefusal(
  deps: ActionDeps,
  { reason, key, owner }: Exclude<KeyFinding, { viewer: KeyViewer }>,
): Promise<void> {
  const counter = `api key refused, audited ${countedAddress(deps.request.address)}`;
  if ((await countThisMinute(deps, [counter])).get(counter) !== 1) return;
  await recordAudit(deps.db, deps, {
    action: 'api_key.refused',
    outcome: 'REFUSED',
    apiKey: key,
    targetUser: owner,
    // Not what was sent: it may be a password, or a key with a letter missing.
    details: { reason },
  });
}
