import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './Hints.module.css';
import type { QueueRequest } from './request-documents.ts';

/** These may stand in the way of a decision. */
const warnings = ['nobody_can_decide', 'no_token_free', 'over_limit'];

/** What an approver should know before deciding, as short words; the API's own where the catalogue has none. */
export function Hints({ hints }: Pick<QueueRequest, 'hints'>) {
  const t = useTranslations('requestQueue');
  // The state says that it is deferred.
  const shown = hints.filter(({ code }) => code !== 'deferred');
  if (shown.length === 0) return null;
  return (
    <ul className={classes['hints']} aria-label={t('hintsLabel')}>
      {shown.map(({ code, message, params }) => {
        const values = Object.fromEntries(params.map(({ name, value }) => [name, value]));
        const key = `hints.${code}` as 'hints.has_tokens';
        return (
          <li key={code} className={classes['hint']} data-warning={warnings.includes(code) || undefined}>
            {warnings.includes(code) && <IconAlertTriangle size={12} aria-hidden="true" />}
            {t.has(key) ? t(key, values as never) : message}
          </li>
        );
      })}
    </ul>
  );
}
