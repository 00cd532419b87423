import { useQuery } from '@apollo/client/react';
import { Button, Drawer, Group, Select, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import type { MailEvent, MailState, OutboxMailsQuery } from '../../gql/graphql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { pageArgs, Pager } from '../../ui/Pager.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { mailEvents } from './mail-events.ts';
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
        sentAt
        attempts
        lastError
        subject
        text
        mayResend
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);
const ResendMailDocument = graphql(`
  mutation ResendMail($mailId: ID!) {
    resendMail(input: { mailId: $mailId }) {
      ...Failure
      ... on ResendMailSuccess {
        mail {
          id
          state
          attempts
          lastError
          mayResend
        }
      }
    }
  }
`);

type Mail = OutboxMailsQuery['mails']['nodes'][number];
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
  const open = mails?.nodes.find(({ id }) => id === openId);
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
        />
        <Select
          aria-label={t('event')}
          placeholder={t('anyEvent')}
          data={mailEvents.map((value) => ({ value, label: t(`events.${value}`) }))}
          value={event ?? null}
          onChange={(value) => filter({ event: (value ?? undefined) as MailEvent })}
          clearable
          searchable
          w={280}
        />
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
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpenId(undefined)}
        position="right"
        size="lg"
        title={open && t(`events.${open.event}`)}
      >
        {open && <OneMail mail={open} onSent={() => void refetch()} />}
      </Drawer>
    </Stack>
  );
}

function OneMail({ mail, onSent }: { mail: Mail; onSent: () => void }) {
  const t = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { run, busy, failure } = useAction(ResendMailDocument);
  const resend = async () => {
    if (await run({ mailId: mail.id })) onSent();
  };
  return (
    <Stack>
      <Group gap="xs">
        <MailStateText state={mail.state} />
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {mail.address} · {t('attempts', { count: mail.attempts })}
        </Text>
      </Group>
      {mail.lastError && <Text style={{ overflowWrap: 'anywhere' }}>{mail.lastError}</Text>}
      <Title order={3}>{mail.subject}</Title>
      <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{mail.text}</Text>
      <Text size="sm" c="dimmed">
        {t('masked')}
      </Text>
      <FormError failure={failure} />
      {mayManage && mail.mayResend && (
        <Group>
          <Button loading={busy} onClick={() => void resend()}>
            {t('sendAgain')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
