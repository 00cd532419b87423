import { plusSeconds } from '../../lib/clock.ts';
import type { ActivationRow } from './table.ts';

/** A run begun before the end may finish within this many seconds. */
export const FINISH_SECONDS = 60;

export type ActivationState = ActivationRow['state'];

/** When an open activation ends by itself: when OPEN at `expiresAt`, when CONTACTED once a begun run must be over. */
export function endOf({ state, expiresAt, sessionStartedAt }: ActivationRow): Date {
  if (state !== 'CONTACTED' || !sessionStartedAt) return expiresAt;
  const finish = plusSeconds(sessionStartedAt, FINISH_SECONDS);
  return finish > expiresAt ? finish : expiresAt;
}

/**
 * The state as of a moment: an open one past its end is EXPIRED, whether or not the row says so. Of an otpauth activation
 * the QR code goes first; until its code can be typed no more it is as one that a phone has activated.
 */
export function stateAt(activation: ActivationRow, at: Date): ActivationState {
  const isOpen = activation.state === 'OPEN' || activation.state === 'CONTACTED';
  const { confirmUntil, expiresAt } = activation;
  if (isOpen && confirmUntil) {
    if (at < expiresAt) return 'OPEN';
    return at < confirmUntil ? 'ACTIVATED' : 'EXPIRED';
  }
  return isOpen && endOf(activation) <= at ? 'EXPIRED' : activation.state;
}

export const isEndState = (state: ActivationState): boolean =>
  state === 'CONFIRMED' || state === 'EXPIRED' || state === 'CANCELLED';
