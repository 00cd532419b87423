import { refuse } from './row-checks.ts';

const FORM =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * The UTC day of a date or moment: `2031-12-31`, `2031/12/31`, `2031-12-31T08:00:00+02:00`. Without a zone it is UTC.
 * @returns `YYYY-MM-DD`
 * @throws RowProblem `row.date` for any other form, and for days that no calendar has
 */
export function checkedDay(text: string, what: string): string {
  const [, year, , month, day, time = '00:00', zone = 'Z'] = FORM.exec(text.trim()) ?? [];
  if (year !== undefined && sameDay(`${year}-${month}-${day}`)) {
    const moment = Date.parse(`${year}-${month}-${day}T${time}${zone.toUpperCase()}`);
    const utc = Number.isNaN(moment) ? '' : new Date(moment).toISOString().slice(0, 10);
    if (/^\d{4}-/.test(utc)) return utc;
  }
  return refuse('row.date', `${what} is not a date like 2031-12-31`);
}

// Date.parse turns 30 February into 1 March.
function sameDay(text: string): boolean {
  const moment = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

/** First and last day of a token, in that order. */
export function checkedPeriod(
  startsOn?: string,
  expiresOn?: string,
): { startsOn?: string; expiresOn?: string } {
  if (startsOn && expiresOn && startsOn > expiresOn)
    refuse('row.date', `The token would end (${expiresOn}) before it begins (${startsOn})`);
  return { ...(startsOn ? { startsOn } : {}), ...(expiresOn ? { expiresOn } : {}) };
}
