import { Button, Text } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RequestVerb } from '../../gql/graphql';
import { useAttention } from '../../lib/attention.ts';
import { useMay } from '../../lib/session.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { KeyHint } from './KeyHint.tsx';
import { fullName } from './person-name.ts';
import { type QueueQuery, tabOf } from './queue-query.ts';
import { QueueEmpty } from './QueueEmpty.tsx';
import { QueueFilters } from './QueueFilters.tsx';
import { QueueList, rowId } from './QueueList.tsx';
import { QueueWarnings } from './QueueWarnings.tsx';
import type { QueueRequest } from './request-documents.ts';
import { RequestPanel } from './RequestPanel.tsx';
import classes from './RequestQueue.module.css';
import { SelectionBar } from './SelectionBar.tsx';
import { useQueueKeys } from './use-queue-keys.ts';
import { useQueuePage } from './use-queue-page.ts';

type RequestQueueProps = { query: QueueQuery; onQuery: (query: QueueQuery) => void };

/**
 * Requests left, the chosen one right, so that deciding twenty needs no page change; on a phone one after the other.
 * Follows what others decide meanwhile.
 */
export function RequestQueue({ query, onQuery }: RequestQueueProps) {
  const t = useTranslations('requestQueue');
  const mayApprove = useMay('REQUESTS_APPROVE');
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const [keysOn, setKeysOn] = useLocalStorage({ key: 'symbolon-queue-keys', defaultValue: true });
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [news, setNews] = useState('');
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const takesFocus = useRef(false);
  const attention = useAttention();
  const { id, ...list } = query;
  const tab = tabOf(query);

  const { error, requests, pageInfo, gone, forget, reload } = useQueuePage(list, setNews);
  const shown = requests ?? [];

  const changeList = (next: QueueQuery) => {
    if (tabOf(next) !== tab || next.kind !== query.kind || next.q !== query.q) setSelected(new Set());
    forget();
    onQuery(next);
  };

  // On a wide screen one is always open, and it stands in the address: what is typed stays with its request.
  const first = shown[0]?.id;
  useEffect(() => {
    if (isWide && !id && first) onQuery({ ...list, id: first });
  });

  // Keys may come faster than the address changes.
  const target = useRef(id);
  const move = (by: 1 | -1) => {
    const at = shown.findIndex((request) => request.id === target.current);
    const next = shown[at === -1 ? 0 : at + by];
    if (!next) return;
    target.current = next.id;
    onQuery({ ...list, id: next.id });
    const row = document.getElementById(rowId(next.id));
    if (row) row.focus();
    else takesFocus.current = true;
  };
  useQueueKeys(keysOn ? { j: () => move(1), k: () => move(-1) } : undefined);

  const decided = (request: QueueRequest, verb: RequestVerb) => {
    const at = shown.findIndex((one) => one.id === request.id);
    const others = [...shown.slice(at + 1), ...shown.slice(0, Math.max(at, 0))];
    const next = others.find((one) => one.mayDecide.length > 0 && !gone.has(one.id));
    const said = t(`news.decided.${verb}`, { name: fullName(request.requester) });
    setDone(said);
    setNews(`${said} ${next ? t('news.next', { name: fullName(next.requester) }) : t('news.none')}`);
    setSelected((before) => new Set([...before].filter((one) => one !== request.id)));
    if (next) {
      takesFocus.current = true;
      onQuery({ ...list, id: next.id });
    } else {
      heading.current?.focus();
    }
    reload();
  };
  // What was asked for is there only after the address has changed. On a phone list and request take turns.
  useEffect(() => {
    const former = target.current;
    target.current = id;
    if (takesFocus.current || (!isWide && id && former !== id)) heading.current?.focus();
    else if (!isWide && former && !id) document.getElementById(rowId(former))?.focus();
    takesFocus.current = false;
  }, [id, isWide]);

  const showsList = isWide || !id;
  const count = attention?.requestsForMe;
  return (
    <Page title={t('title')} subtitle={count !== undefined && t('waitForYou', { count })}>
      <div className="visually-hidden" aria-live="polite">
        {news}
      </div>
      {showsList && <QueueWarnings />}
      {showsList && <QueueFilters query={query} onQuery={changeList} />}
      {showsList && selected.size > 0 && (
        <SelectionBar
          requestIds={[...selected]}
          onClear={() => setSelected(new Set())}
          onDone={(sentence) => {
            setNews(sentence);
            reload();
          }}
        />
      )}
      <div className={classes['halves']}>
        {showsList && (
          <div>
            {error && !requests && <PageProblem error={error} onRetry={reload} />}
            {!error && !requests && <DelayedSkeleton />}
            {requests?.length === 0 && <QueueEmpty tab={tab} isFiltered={Boolean(query.kind || query.q)} />}
            {shown.length > 0 && (
              <QueueList
                requests={shown}
                query={query}
                currentId={id}
                gone={gone}
                selection={mayApprove && tab !== 'closed' ? { selected, onChange: setSelected } : undefined}
                isPage={!isWide}
              />
            )}
            <div style={{ paddingTop: 12 }}>
              <Pager
                pageInfo={pageInfo}
                onPage={({ after, before }) => {
                  const { after: _after, before: _before, ...filters } = list;
                  changeList({ ...filters, ...(after ? { after } : {}), ...(before ? { before } : {}) });
                }}
              />
            </div>
            <KeyHint isOn={keysOn} onChange={setKeysOn} />
          </div>
        )}
        {id ? (
          // Whoever has no wheel scrolls it by the arrow keys.
          <section className={classes['panel']} tabIndex={0} aria-label={t('shown')}>
            {!isWide && (
              <Button
                variant="subtle"
                px={0}
                mb="sm"
                leftSection={<IconArrowLeft size={16} />}
                onClick={() => onQuery(list)}
              >
                {t('back')}
              </Button>
            )}
            {done && (
              <Text size="sm" c="dimmed" mb="xs" aria-hidden="true">
                {done}
              </Text>
            )}
            <RequestPanel
              key={id}
              id={id}
              listed={shown.find((one) => one.id === id)}
              headingRef={heading}
              keysOn={keysOn}
              onDecided={decided}
            />
          </section>
        ) : null}
      </div>
    </Page>
  );
}
