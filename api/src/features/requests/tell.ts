import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import type { MailEvent } from '../notifications/mail-events.ts';
import { fullName, notify } from '../notifications/notify.ts';
import type { UserWithRoles } from '../users/find-user.ts';
import { listDeciders } from './deciders.ts';
import { hindranceFor } from './may-decide.ts';
import type { RequestDecisionRow, TokenRequestRow } from './table.ts';

const kindWords: Record<TokenRequestRow['kind'], string> = {
  NEW: 'a new token',
  ADDITIONAL: 'an additional token',
  REPLACEMENT: 'a replacement token',
};

type Told = { request: TokenRequestRow; requester: UserWithRoles; profileName: string };

const valuesOf = ({ request, requester, profileName }: Told) => ({
  requestKind: kindWords[request.kind],
  reason: request.reason,
  requesterName: fullName(requester),
  requesterUserName: requester.userName,
  profileName,
});

/** Mails the requester what became of the request. */
export async function tellRequester(
  tx: Transaction,
  deps: ActionDeps,
  told: Told,
  event: MailEvent,
  values: Record<string, string | null> = {},
): Promise<void> {
  if (!told.requester.enabled) return;
  const { profileId } = told.request;
  await notify(tx, deps, told.requester, { event, profileId, values: { ...valuesOf(told), ...values } });
}

/** Mails «waiting for you» to everybody who may make the next decision. */
export async function tellDeciders(
  tx: Transaction,
  deps: ActionDeps,
  told: Told,
  decisions: readonly RequestDecisionRow[],
): Promise<void> {
  const at = deps.clock.now();
  const deciders = await listDeciders(tx);
  const able = deciders.filter(
    (decider) => !hindranceFor(told.request, decider, told.requester, decisions, at),
  );
  for (const decider of able) {
    await notify(tx, deps, decider, { event: 'REQUEST_WAITING', values: valuesOf(told) });
  }
}
