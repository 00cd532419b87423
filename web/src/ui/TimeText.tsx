import { VisuallyHidden } from '@mantine/core';
import { useFormatter, useNow } from 'use-intl';

/** A moment as people say it, with the exact time on hover and for screen readers. */
export function TimeText({ at }: { at: string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const moment = new Date(at);
  const exact = format.dateTime(moment, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <time dateTime={at} title={exact}>
      {format.relativeTime(moment, now)}
      <VisuallyHidden>, {exact}</VisuallyHidden>
    </time>
  );
}

/** A day, `2027-11-23`, as people write it. */
export function DayText({ day }: { day: string }) {
  const format = useFormatter();
  return (
    <time dateTime={day}>
      {format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: 'medium', timeZone: 'UTC' })}
    </time>
  );
}
