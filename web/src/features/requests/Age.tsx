import { useFormatter, useNow, useTranslations } from 'use-intl';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long a request has been there, «3 days», with the exact time on hover. */
export function Age({ at }: { at: string }) {
  const t = useTranslations('requestQueue');
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const moment = new Date(at);
  const passed = now.getTime() - moment.getTime();
  const [unit, length] = units.find(([, ms]) => passed >= ms) ?? [];
  const age = unit
    ? format.number(Math.floor(passed / length), { style: 'unit', unit, unitDisplay: 'long' })
    : t('lessThanMinute');
  return (
    <time dateTime={at} title={format.dateTime(moment, { dateStyle: 'medium', timeStyle: 'medium' })}>
      {age}
    </time>
  );
}
