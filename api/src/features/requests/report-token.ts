import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import type { ActionDeps } from '../../lib/deps.ts';
import { Failure, FieldChecks } from '../../lib/failure.ts';
import { profileOffers } from '../self-service/table.ts';
import { readSettings } from '../settings/read-settings.ts';
import { lockTokens } from '../tokens/lock-tokens.ts';
import { stopReportedToken } from '../tokens/report-stop.ts';
import type { TokenRow } from '../tokens/table.ts';
import { isRemark } from './check-request.ts';
import { requestTokenIn } from './request-token.ts';
import type { TokenRequestRow } from './table.ts';

export type Reported = {
  token: TokenRow;
  /** The replacement that was asked for. */
  tokenRequest: TokenRequestRow | null;
  /** Why none was asked for. */
  notRequested: string | null;
};

/**
 * The owner reports a token as lost or broken: it stops at once, and a replacement is asked for, of the same profile
 * where that can be asked for. That no replacement can be asked for keeps nobody from stopping a token.
 * @throws Failure InvalidInput · NotFound · InvalidState `token.replaced`,
 *   `token.managed_elsewhere`
 */
export async function reportToken(
  deps: ActionDeps,
  input: {
    tokenId: string;
    problem: 'LOST' | 'BROKEN';
    comment?: string | null | undefined;
    profileId?: string | null | undefined;
  },
): Promise<Reported> {
  const comment = input.comment?.trim() || null;
  new FieldChecks()
    .require(
      isRemark(comment) && (comment?.length ?? 0) <= 400,
      'comment',
      'comment.long',
      'At most 400 characters.',
    )
    .done();
  return deps.db.transaction(async (tx) => {
    const token = (await lockTokens(tx, [input.tokenId])).tokens[0]!;
    if (deps.actor.kind !== 'user' || token.ownerId !== deps.actor.id) {
      throw new Failure('NotFound', 'token.not_found', 'There is no such token.');
    }
    if (token.replacedAt) {
      throw new Failure('InvalidState', 'token.replaced', 'This token was replaced and stays stopped.');
    }
    if (token.managedElsewhere) {
      throw new Failure(
        'InvalidState',
        'token.managed_elsewhere',
        'Another system checks the codes of this token, and only that one can stop it. Report it there.',
      );
    }
    const stopped = await stopReportedToken(tx, deps, token, input.problem, comment);
    const { defaultProfileId } = await readSettings(tx);
    const profileId = input.profileId ?? (await offered(tx, token.profileId)) ?? defaultProfileId;
    if (!profileId) {
      return { token: stopped, tokenRequest: null, notRequested: 'Ask your administrator for a new token.' };
    }
    const word = input.problem === 'LOST' ? 'Lost' : 'Broken';
    const asked = await tx
      .transaction((inner) =>
        requestTokenIn(inner, deps, {
          profileId,
          reason: comment ? `${word}: ${comment}` : word,
          nickname: token.nickname,
          replacesTokenId: token.id,
          replacementReason: input.problem,
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
    return asked instanceof Failure
      ? { token: stopped, tokenRequest: null, notRequested: asked.message }
      : { token: stopped, tokenRequest: asked, notRequested: null };
  });
}

async function offered(tx: Transaction, profileId: string | null): Promise<string | null> {
  if (!profileId) return null;
  const [row] = await tx
    .select({ id: profileOffers.profileId })
    .from(profileOffers)
    .where(eq(profileOffers.profileId, profileId));
  return row?.id ?? null;
}
