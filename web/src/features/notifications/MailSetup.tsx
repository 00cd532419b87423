import { useQuery } from '@apollo/client/react';
import { Anchor, Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { Outbox } from './Outbox.tsx';
import type { OutboxQuery } from './outbox-query.ts';

const MailSettingsDocument = graphql(`
  query MailSettings {
    mailSettings {
      configured
      scheme
      host
      port
      userName
      from
      signs
      queued
      failed
    }
  }
`);
const SendTestMailDocument = graphql(`
  mutation SendTestMail($address: String) {
    sendTestMail(input: { address: $address }) {
      ...Failure
      ... on SendTestMailSuccess {
        mail {
          id
          address
        }
      }
    }
  }
`);

type MailSetupProps = { query: OutboxQuery; onQuery: (query: OutboxQuery) => void };

/** How mail leaves, a test of it, and the outbox. */
export function MailSetup({ query, onQuery }: MailSetupProps) {
  const t = useTranslations('mail');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { data, error, refetch } = useQuery(MailSettingsDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: 15_000,
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const { mailSettings: mail } = data;
  return (
    <Stack gap="xl">
      <Section title={t('server')}>
        {!mail.configured && (
          <Alert variant="outline" color="yellow" title={t('noServer')}>
            {t('noServerHint')}
          </Alert>
        )}
        <Facts
          items={[
            { label: t('handedTo'), value: mail.host && `${mail.host}:${mail.port}` },
            { label: t('encryption'), value: mail.scheme && t(`scheme.${schemeKey(mail.scheme)}`) },
            { label: t('account'), value: mail.configured && (mail.userName ?? t('noAccount')) },
            { label: t('from'), value: mail.from },
            { label: t('signed'), value: mail.signs ? t('signedYes') : t('signedNo') },
            { label: t('queued'), value: String(mail.queued) },
          ].filter(({ value }) => value !== false)}
        />
        {mayManage && mail.configured && <TestMail onSent={() => void refetch()} />}
      </Section>
      <Section title={t('outbox')}>
        {mail.failed > 0 && (
          <Alert variant="outline" color="red">
            {t('failed', { count: mail.failed })}{' '}
            <Anchor
              component={Link}
              to="/admin/setup/mail"
              search={{ state: 'FAILED' } as never}
              underline="always"
            >
              {t('showFailed')}
            </Anchor>
          </Alert>
        )}
        <Outbox query={query} onQuery={onQuery} />
      </Section>
    </Stack>
  );
}

const schemeKey = (scheme: string) =>
  scheme === 'smtps' ? 'smtps' : scheme === 'smtp+starttls' ? 'starttls' : 'smtp';

function TestMail({ onSent }: { onSent: () => void }) {
  const t = useTranslations('mail');
  const { run, busy, failure, fieldErrors } = useAction(SendTestMailDocument);
  const [address, setAddress] = useState('');
  const [sentTo, setSentTo] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSentTo('');
    const sent = await run({ address: address.trim() || null });
    if (!sent) return;
    setSentTo(sent.mail.address);
    onSent();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <Group align="flex-end">
          <TextInput
            label={t('testTo')}
            description={t('testToHint')}
            type="email"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            error={fieldErrors['address']}
            w={320}
          />
          <Button type="submit" variant="default" loading={busy}>
            {t('test')}
          </Button>
        </Group>
        <FormError failure={failure} />
        <Text role="status" size="sm">
          {sentTo && t('testSent', { address: sentTo })}
        </Text>
      </Stack>
    </form>
  );
}
