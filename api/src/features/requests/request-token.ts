import { and, eq, inArray, lte } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { type Moment, momentOf, plusSeconds } from '../../lib/clock.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure } from '../../lib/failure.ts';
import { newId } from '../../lib/random.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { countHeld, lockTokens, tokenLimit } from '../tokens/lock-tokens.ts';
import { type TokenRow, tokens } from '../tokens/table.ts';
import { statusOf } from '../tokens/token-status.ts';
import { lockUser, type UserWithRoles } from '../users/find-user.ts';
import { advance } from './advance.ts';
import { checkRequest, findOffer, type RequestChoice } from './check-request.ts';
import { endAsExpired } from './expire-requests.ts';
import { isOpenRequest } from './request-state.ts';
import { type TokenRequestRow, tokenRequests } from './table.ts';
import { tellDeciders, tellRequester } from './tell.ts';
import { replacementReason, requireReplaceable } from './replacement.ts';

export type RequestTokenInput = RequestChoice & {
  profileId: string;
  reason: string;
  replacesTokenId?: string | null | undefined;
  /** Default: what the state of the token says. */
  replacementReason?: TokenRequestRow['replacementReason'] | undefined;
};

/**
 * Asks for a token. The server tells a new one from an additional one; with a token to replace it is a replacement,
 * which counts as one with it until it is confirmed. With no approval step it is approved at once.
 * @throws Failure InvalidInput · NotFound `token_profile.not_offered` · InvalidState `requests.switched_off`,
 *   `token.not_expiring`, … · LimitReached `user.token_limit` · Conflict `request.open_already`
 */
export const requestToken = (deps: ActionDeps, input: RequestTokenInput): Promise<TokenRequestRow> =>
  deps.db.transaction((tx) => requestTokenIn(tx, deps, input));

/** The same in the caller's transaction. */
export async function requestTokenIn(
  tx: Transaction,
  deps: ActionDeps,
  input: RequestTokenInput,
): Promise<TokenRequestRow> {
  const { actor } = deps;
  if (actor.kind !== 'user') throw new Error('A request is made by a person.');
  const settings = await readSettings(tx);
  if (!settings.requestsEnabled) throw switchedOff();
  const now = momentOf(deps.clock);
  const { requester, replaced } = await lockFor(tx, actor.id, input.replacesTokenId);
  const offered = await findOffer(tx, input.profileId);
  const choice = checkRequest(input, offered, requester);
  if (replaced) await requireReplaceable(tx, replaced, requester, input.replacementReason, settings, now);

  await expireOwn(tx, deps, requester, now);
  const open = await tx
    .select()
    .from(tokenRequests)
    .where(and(eq(tokenRequests.requesterId, requester.id), isOpenRequest));
  const held = await countHeld(tx, deps, requester.id);
  const kind = replaced ? 'REPLACEMENT' : held > 0 ? 'ADDITIONAL' : 'NEW';
  if (open.some((other) => other.kind === kind)) throw openAlready(kind);
  await requireRoom(tx, { requester, replaced, open, held, settings, now });

  const [request] = await tx
    .insert(tokenRequests)
    .values({
      id: newId(deps),
      kind,
      status: 'PENDING',
      requesterId: requester.id,
      profileId: offered.profile.id,
      ...choice,
      reason: input.reason.trim(),
      replacementReason: replaced
        ? (input.replacementReason ?? replacementReason(replaced, settings, now))
        : null,
      replacesTokenId: replaced?.id ?? null,
      approvalSteps: settings.approvalSteps,
      distributionStep: settings.distributionStep,
      createdAt: now.at,
      expiresAt: plusSeconds(now.at, settings.requestDays * 24 * 3600),
    })
    .returning();
  await recordAudit(tx, deps, {
    action: 'request.submitted',
    targetUser: requester,
    token: replaced,
    details: {
      request: request!.id,
      kind,
      profile: offered.profile.name,
      replacementReason: request!.replacementReason,
    },
  });
  await deps.bus.publish(tx, 'request', request!.id);
  const told = { request: request!, requester, profileName: offered.profile.name };
  if (settings.approvalSteps === 0) return advance(tx, deps, { request: request!, requester, decisions: [] });
  await tellRequester(tx, deps, told, 'REQUEST_SUBMITTED');
  await tellDeciders(tx, deps, told, []);
  return request!;
}

async function lockFor(tx: Transaction, actorId: string, replacesTokenId: string | null | undefined) {
  if (!replacesTokenId) return { requester: await lockUser(tx, actorId), replaced: null };
  const locked = await lockTokens(tx, [replacesTokenId], actorId);
  const replaced = locked.tokens[0]!;
  if (replaced.ownerId !== actorId) {
    throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
  }
  return { requester: locked.users.get(actorId)!, replaced };
}

/** The place of a request whose time is over is free, even if nobody has written that down yet. */
async function expireOwn(
  tx: Transaction,
  deps: ActionDeps,
  requester: UserWithRoles,
  { at }: Moment,
): Promise<void> {
  const due = await tx
    .select()
    .from(tokenRequests)
    .where(
      and(
        eq(tokenRequests.requesterId, requester.id),
        inArray(tokenRequests.status, ['PENDING', 'DEFERRED']),
        lte(tokenRequests.expiresAt, at),
      ),
    )
    .for('update');
  for (const request of due) await endAsExpired(tx, deps, request, requester);
}

/** Open requests count as the tokens that they will become. */
async function requireRoom(
  tx: Transaction,
  about: {
    requester: UserWithRoles;
    replaced: TokenRow | null;
    open: TokenRequestRow[];
    held: number;
    settings: Settings;
    now: Moment;
  },
): Promise<void> {
  const { requester, replaced, open, held, settings, now } = about;
  const limit = settings.maxTokensPerUser;
  const replacing = open.flatMap(({ replacesTokenId }) => replacesTokenId ?? []);
  const others =
    replacing.length > 0 ? await tx.select().from(tokens).where(inArray(tokens.id, replacing)) : [];
  const counts = (token: TokenRow | null | undefined) =>
    token?.ownerId === requester.id &&
    !['REPLACED', 'LOST', 'EXPIRED', 'DISABLED'].includes(
      statusOf({ ...token, hasLiveSeed: false, isWaiting: false }, now),
    );
  const coming = open.filter(
    ({ replacesTokenId }) => !counts(others.find(({ id }) => id === replacesTokenId)),
  ).length;
  const adding = counts(replaced) ? 0 : 1;
  if (held + coming + adding > limit) throw tokenLimit(requester, held + coming, limit);
}

const switchedOff = () =>
  new Failure(
    'InvalidState',
    'requests.switched_off',
    'Tokens cannot be asked for here. Ask your administrator for one.',
  );

const openAlready = (kind: TokenRequestRow['kind']) =>
  new Failure(
    'Conflict',
    'request.open_already',
    'You have asked for one already. Wait for the answer, or cancel that request first.',
    { kind },
  );
