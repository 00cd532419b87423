import { useTranslations } from 'use-intl';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { QueueTab } from './queue-query.ts';

/** No rows: what would stand here, or what to drop. */
export function QueueEmpty({ tab, isFiltered }: { tab: QueueTab; isFiltered: boolean }) {
  const t = useTranslations('requestQueue.empty');
  if (isFiltered) return <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>;
  return <EmptyState title={t(tab)}>{t(`${tab}Hint`)}</EmptyState>;
}
