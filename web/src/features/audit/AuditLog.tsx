import { useQuery } from '@apollo/client/react';
import { Button, Group, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { AuditEventsQuery, AuditOutcome } from '../../gql/graphql';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { Pager, pageArgs } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useAuditSentence } from '../../ui/use-audit-sentence.ts';
import classes from './AuditLog.module.css';
import type { AuditQuery } from './audit-query.ts';

const AuditEventsDocument = graphql(`
  query AuditEvents($first: Int, $after: String, $last: Int, $before: String, $filter: AuditEventFilter) {
    auditActions
    auditEvents(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        ...AuditSentence
        requestId
        address
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);

/** A local time from a field as a moment. */
const momentOf = (local: string | undefined) => (local ? new Date(local).toISOString() : null);

/** Everything that changed something, newest first; each row a sentence, with details on demand. */
export function AuditLog({ query, onQuery }: { query: AuditQuery; onQuery: (query: AuditQuery) => void }) {
  const t = useTranslations('audit');
  const { after, before, ...filters } = query;
  const { data, error, refetch } = useQuery(AuditEventsDocument, {
    variables: {
      ...pageArgs({ after, before }),
      filter: {
        action: filters.action ?? null,
        outcome: (filters.outcome as AuditOutcome | undefined) ?? null,
        actorUserName: filters.actor ?? null,
        targetUserName: filters.user ?? null,
        serialNumber: filters.serial ?? null,
        from: momentOf(filters.from),
        to: momentOf(filters.to),
      },
    },
    fetchPolicy: 'cache-and-network',
  });
  const filter = (change: AuditQuery) => {
    const next = Object.entries({ ...filters, ...change }).filter(([, value]) => value);
    onQuery(Object.fromEntries(next));
  };
  const events = data?.auditEvents;
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <Page title={t('title')} subtitle={t('intro')}>
      <Group align="flex-end">
        <Select
          label={t('action')}
          placeholder={t('allActions')}
          data={data?.auditActions ?? []}
          value={filters.action ?? null}
          onChange={(action) => filter({ action: action ?? '' })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('clear') }}
        />
        <Select
          label={t('outcome')}
          placeholder={t('allOutcomes')}
          data={(['DONE', 'REFUSED', 'FAILED'] as const).map((value) => ({
            value,
            label: t(`outcomes.${value}`),
          }))}
          value={filters.outcome ?? null}
          onChange={(outcome) => filter({ outcome: outcome ?? '' })}
          clearable
          clearButtonProps={{ 'aria-label': t('clear') }}
          w={150}
        />
        <SearchField label={t('actor')} value={filters.actor ?? ''} onChange={(actor) => filter({ actor })} />
        <SearchField label={t('user')} value={filters.user ?? ''} onChange={(user) => filter({ user })} />
        <SearchField
          label={t('serial')}
          value={filters.serial ?? ''}
          onChange={(serial) => filter({ serial })}
        />
        <TextInput
          type="datetime-local"
          label={t('from')}
          value={filters.from ?? ''}
          onChange={(event) => filter({ from: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={t('to')}
          value={filters.to ?? ''}
          onChange={(event) => filter({ to: event.currentTarget.value })}
        />
        {isFiltered && (
          <Button variant="subtle" onClick={() => onQuery({})}>
            {t('clear')}
          </Button>
        )}
      </Group>
      {error && !events && <PageProblem error={error} onRetry={() => void refetch()} />}
      {!error && !events && <DelayedSkeleton />}
      {events && events.nodes.length === 0 && <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>}
      {events && events.nodes.length > 0 && (
        <ol className={classes['events']}>
          {events.nodes.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ol>
      )}
      <Pager pageInfo={events?.pageInfo} onPage={(cursor) => onQuery({ ...filters, ...cursor })} />
    </Page>
  );
}

type Event = AuditEventsQuery['auditEvents']['nodes'][number];

function EventRow({ event }: { event: Event }) {
  const t = useTranslations('audit');
  const sentence = useAuditSentence();
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes['event']}>
      <UnstyledButton className={classes['row']} onClick={() => setOpen(!open)} aria-expanded={open}>
        <Chevron size={16} aria-hidden="true" />
        <span className={classes['time']}>
          <TimeText at={event.at} />
        </span>
        <span className={classes['sentence']}>{sentence(event)}</span>
        {event.outcome !== 'DONE' && (
          <Text span size="sm" fw={600} c="var(--sy-stopped)">
            {t(`outcomes.${event.outcome}`)}
          </Text>
        )}
      </UnstyledButton>
      {open && (
        <div className={classes['details']}>
          <Facts
            items={[
              { label: t('action'), value: event.action },
              { label: t('when'), value: new Date(event.at).toISOString() },
              { label: t('apiKey'), value: event.apiKeyName },
              ...event.details.map(({ name, value }) => ({ label: name, value })),
              { label: t('address'), value: event.address },
              { label: t('requestId'), value: event.requestId },
            ]}
          />
        </div>
      )}
    </li>
  );
}
