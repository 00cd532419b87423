import { useTranslations } from 'use-intl';
import { minutesText } from '../../lib/use-countdown.ts';

/** Seconds left at which the time is spoken; it stands for some seconds, so that screen readers catch it. */
const SPOKEN_AT = [240, 120, 60, 30];

/** The time left, told politely to screen readers at 4, 2 and 1 minutes and 30 seconds; nobody sees it. */
export function SpokenTime({ left }: { left: number }) {
  const t = useTranslations('activation');
  const spoken = SPOKEN_AT.find((mark) => left <= mark && left > mark - 5);
  return (
    <div aria-live="polite" className="visually-hidden">
      {spoken && t('timeLeft', { time: minutesText(spoken) })}
    </div>
  );
}
