/** The largest unit that says so many minutes as a whole number; a day is better known as 24 hours. */
export function wholeUnit(minutes: number): { count: number; unit: 'minute' | 'hour' | 'day' } {
  if (minutes > 1440 && minutes % 1440 === 0) return { count: minutes / 1440, unit: 'day' };
  if (minutes % 60 === 0) return { count: minutes / 60, unit: 'hour' };
  return { count: minutes, unit: 'minute' };
}
