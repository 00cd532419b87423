import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { type Moment, plusSeconds, utcDay } from '../../lib/clock.ts';
import { Failure } from '../../lib/failure.ts';
import type { Settings } from '../settings/read-settings.ts';
import { type TokenRow, tokens } from '../tokens/table.ts';
import type { TokenRequestRow } from './table.ts';

type Reason = NonNullable<TokenRequestRow['replacementReason']>;

/** Whether a token ends within the days of the settings, or has ended. */
const isExpiring = ({ expiresOn }: TokenRow, { expiringDays }: Settings, { at }: Moment): boolean =>
  expiresOn !== null && expiresOn <= utcDay(plusSeconds(at, expiringDays * 24 * 3600));

/** Why a token is replaced, where nobody said. */
export function replacementReason(token: TokenRow, settings: Settings, now: Moment): Reason {
  if (token.lostAt) return 'LOST';
  return isExpiring(token, settings, now) ? 'EXPIRING' : 'BROKEN';
}

/**
 * Refuses what cannot be replaced. A token that is to replace another itself is none: two would go on for one.
 * @throws Failure InvalidState `token.replaced`, `token.not_expiring`, `token.is_replacement` · Conflict
 *   `token.being_replaced`
 */
export async function requireReplaceable(
  tx: Transaction,
  token: TokenRow,
  owner: { id: string },
  reason: TokenRequestRow['replacementReason'] | undefined,
  settings: Settings,
  now: Moment,
): Promise<void> {
  const { serialNumber } = token;
  if (token.replacedAt) {
    throw new Failure('InvalidState', 'token.replaced', 'This token was replaced already.', { serialNumber });
  }
  if (reason === 'EXPIRING' && !isExpiring(token, settings, now)) {
    throw new Failure(
      'InvalidState',
      'token.not_expiring',
      `This token is valid until ${token.expiresOn ?? 'further notice'}. ` +
        `A replacement can be asked for ${settings.expiringDays} days before its end.`,
      { serialNumber, expiringDays: settings.expiringDays },
    );
  }
  const [former] = token.replacesTokenId
    ? await tx
        .select()
        .from(tokens)
        .where(
          and(eq(tokens.id, token.replacesTokenId), eq(tokens.ownerId, owner.id), isNull(tokens.replacedAt)),
        )
    : [];
  if (former) {
    throw new Failure(
      'InvalidState',
      'token.is_replacement',
      `This token is to replace ${former.serialNumber} itself. Ask for a replacement of that one.`,
      { serialNumber: former.serialNumber },
    );
  }
  const [coming] = await tx
    .select({ serialNumber: tokens.serialNumber })
    .from(tokens)
    .where(
      and(
        eq(tokens.replacesTokenId, token.id),
        eq(tokens.ownerId, owner.id),
        eq(tokens.enabled, true),
        isNull(tokens.replacedAt),
      ),
    );
  if (!coming) return;
  throw new Failure(
    'Conflict',
    'token.being_replaced',
    `Token ${coming.serialNumber} is to replace this one already. Activate it.`,
    { serialNumber: coming.serialNumber },
  );
}
