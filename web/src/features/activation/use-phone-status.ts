import { useCountdown } from '../../lib/use-countdown.ts';
import type { LiveActivation } from './use-activation.ts';

/** A phone that began and then fell silent for so long is told to begin again. */
const SILENT_SECONDS = 20;

/** Whether a phone is waited for, has begun, or began and fell silent. */
export function usePhoneStatus({ state, at }: LiveActivation): 'waiting' | 'phoneFound' | 'phoneSilent' {
  const isOverdue = useCountdown(SILENT_SECONDS, at) === 0;
  if (state !== 'CONTACTED') return 'waiting';
  return isOverdue ? 'phoneSilent' : 'phoneFound';
}
