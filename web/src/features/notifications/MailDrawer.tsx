import { useQuery } from '@apollo/client/react';
import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { MailStateText } from './MailStateText.tsx';

const MailDocument = graphql(`
  query Mail($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Mail {
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

type MailDrawerProps = { mailId: string | undefined; onClose: () => void; onSent: () => void };

/** One mail of the outbox: what became of it and what it says. It stays open when the list has it no longer. */
export function MailDrawer({ mailId, onClose, onSent }: MailDrawerProps) {
  const t = useTranslations('mail');
  return (
    <Drawer opened={mailId !== undefined} onClose={onClose} position="right" size="lg" title={t('oneMail')}>
      {mailId && <OneMail key={mailId} mailId={mailId} onSent={onSent} />}
    </Drawer>
  );
}

function OneMail({ mailId, onSent }: { mailId: string; onSent: () => void }) {
  const t = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { data, error, refetch } = useQuery(MailDocument, {
    variables: { id: mailId },
    fetchPolicy: 'cache-and-network',
    pollInterval: 5000,
  });
  const { run, busy, failure } = useAction(ResendMailDocument);
  const [sentAgain, setSentAgain] = useState(false);
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  const mail = data?.node;
  if (mail?.__typename !== 'Mail') return <DelayedSkeleton />;
  const resend = async () => {
    setSentAgain(false);
    if (!(await run({ mailId }))) return;
    setSentAgain(true);
    onSent();
  };
  return (
    <Stack>
      <Facts
        items={[
          { label: t('event'), value: t(`events.${mail.event}`) },
          { label: t('state'), value: <MailStateText state={mail.state} /> },
          { label: t('to'), value: mail.address },
          { label: t('when'), value: <TimeText at={mail.createdAt} /> },
          { label: t('sentAt'), value: mail.sentAt && <TimeText at={mail.sentAt} /> },
          { label: t('tries'), value: t('attempts', { count: mail.attempts }) },
          { label: t('lastError'), value: mail.lastError },
        ]}
      />
      {mayManage && mail.mayResend && (
        <Group>
          <Button loading={busy} onClick={() => void resend()}>
            {t('sendAgain')}
          </Button>
        </Group>
      )}
      <FormError failure={failure} />
      <Text role="status" size="sm">
        {sentAgain && t('sentAgain')}
      </Text>
      <Title order={3} style={{ overflowWrap: 'anywhere' }}>
        {mail.subject}
      </Title>
      <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{mail.text}</Text>
      {/* The loopback demo shows them. */}
      {/•{4}/.test(mail.text + mail.subject) && (
        <Text size="sm" c="dimmed">
          {t('masked')}
        </Text>
      )}
    </Stack>
  );
}
