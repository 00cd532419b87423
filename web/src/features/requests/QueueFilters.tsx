import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { TokenRequestKind } from '../../gql/graphql';
import { SearchField } from '../../ui/SearchField.tsx';
import { type QueueQuery, queueTabs, requestKinds, tabOf, tabQuery } from './queue-query.ts';
import classes from './RequestQueue.module.css';

type QueueFiltersProps = { query: QueueQuery; onQuery: (query: QueueQuery) => void };

/** Which requests are listed; a change leads back to the first page. */
export function QueueFilters({ query, onQuery }: QueueFiltersProps) {
  const t = useTranslations('requestQueue');
  const kindWord = useTranslations('requests.kind');
  const { kind, q } = query;
  const change = (next: { tab?: ReturnType<typeof tabOf>; kind?: TokenRequestKind | null; q?: string }) => {
    const changed = { tab: tabOf(query), kind, q, ...next };
    onQuery({
      ...tabQuery(changed.tab),
      ...(changed.kind ? { kind: changed.kind } : {}),
      ...(changed.q ? { q: changed.q } : {}),
    });
  };
  return (
    <Group align="center">
      <SegmentedControl
        aria-label={t('show')}
        className={classes['tabs'] ?? ''}
        data={queueTabs.map((tab) => ({ value: tab, label: t(`tabs.${tab}`) }))}
        value={tabOf(query)}
        onChange={(tab) => change({ tab })}
      />
      <SearchField label={t('search')} value={q ?? ''} onChange={(text) => change({ q: text })} />
      <Select
        aria-label={t('kind')}
        placeholder={t('anyKind')}
        data={requestKinds.map((value) => ({ value, label: kindWord(value) }))}
        value={kind ?? null}
        onChange={(value) => change({ kind: value })}
        clearable
        clearButtonProps={{ 'aria-label': t('dropFilter') }}
      />
      {(kind || q) && (
        <Button variant="subtle" onClick={() => change({ kind: null, q: '' })}>
          {t('dropFilters')}
        </Button>
      )}
    </Group>
  );
}
