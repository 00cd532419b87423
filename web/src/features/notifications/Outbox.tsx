import { useQuery } from '@apollo/client/react';
import { Button, Group, Select, Stack, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { MailEvent, MailState } from '../../gql/graphql';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { pageArgs, Pager } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { mailEvents } from './mail-events.ts';
import { MailDrawer } from './MailDrawer.tsx';
import { MailStateText } from './MailStateText.tsx';
import { mailStates, type OutboxQuery } from './outbox-query.ts';

const OutboxMailsDocument = graphql(`
  query OutboxMails($first: Int, $after: String, $last: Int, $before: String, $filter: MailFilter) {
    mails(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        id
        event
        state
        address
        createdAt
        attempts
        lastError
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);
type OutboxProps = { query: OutboxQuery; onQuery: (query: OutboxQuery) => void };

/** Every mail that left, waits or was given up, newest first; a row opens what it says. */
export function Outbox({ query, onQuery }: OutboxProps) {
  const t = useTranslations('mail');
  const { search, state, event, after, before } = query;
  const { data, error, refetch } = useQuery(OutboxMailsDocument, {
    variables: {
      ...pageArgs({ after, before }),
      filter: { search: search ?? null, state: state ? [state] : null, event: event ? [event] : null },
    },
    fetchPolicy: 'cache-and-network',
    pollInterval: 10_000,
  });
  const [openId, setOpenId] = useState<string>();
  const mails = data?.mails;
  const filter = (part: OutboxQuery) => {
    const next = { search, state, event, ...part };
    onQuery(Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as OutboxQuery);
  };
  const isFiltered = Boolean(search || state || event);
  return (
    <Stack>
      <Group>
        <SearchField label={t('search')} value={search ?? ''} onChange={(text) => filter({ search: text })} />
        <Select
          aria-label={t('state')}
          placeholder={t('anyState')}
          data={mailStates.map((value) => ({ value, label: t(`states.${value}`) }))}
          value={state ?? null}
          onChange={(value) => filter({ state: (value ?? undefined) as MailState })}
          clearable
          clearButtonProps={{ 'aria-label': t('dropFilter') }}
        />
        <Select
          aria-label={t('event')}
          placeholder={t('anyEvent')}
          data={mailEvents.map((value) => ({ value, label: t(`events.${value}`) }))}
          value={event ?? null}
          onChange={(value) => filter({ event: (value ?? undefined) as MailEvent })}
          clearable
          clearButtonProps={{ 'aria-label': t('dropFilter') }}
          searchable
          w={280}
        />
        {isFiltered && (
          <Button variant="subtle" onClick={() => onQuery({})}>
            {t('dropFilters')}
          </Button>
        )}
      </Group>
      {error && !mails ? (
        <PageProblem error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={t('outbox')}
          rows={mails?.nodes}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'event',
              header: t('event'),
              cell: (mail) => (
                <UnstyledButton className="link-button" onClick={() => setOpenId(mail.id)}>
                  {t(`events.${mail.event}`)}
                </UnstyledButton>
              ),
            },
            { key: 'to', header: t('to'), cell: ({ address }) => address },
            { key: 'when', header: t('when'), cell: ({ createdAt }) => <TimeText at={createdAt} /> },
            { key: 'state', header: t('state'), cell: (mail) => <MailStateText state={mail.state} /> },
            { key: 'attempts', header: t('tries'), cell: ({ attempts }) => attempts },
            { key: 'error', header: t('lastError'), cell: ({ lastError }) => lastError ?? '' },
          ]}
          empty={
            isFiltered ? (
              <EmptyState title={t('noMatch')}>{t('noMatchHint')}</EmptyState>
            ) : (
              <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
            )
          }
        />
      )}
      <Pager pageInfo={mails?.pageInfo} onPage={(cursor) => filter(cursor as OutboxQuery)} />
      <MailDrawer mailId={openId} onClose={() => setOpenId(undefined)} onSent={() => void refetch()} />
    </Stack>
  );
}
