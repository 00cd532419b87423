const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, 200) : typeof value === 'number' ? String(value) : undefined;

/** What every list keeps in the address: the search text and the page's cursor. */
export function listSearch(search: Record<string, unknown>): {
  search?: string;
  after?: string;
  before?: string;
} {
  const given = {
    search: text(search['search']),
    after: text(search['after']),
    before: text(search['before']),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}
