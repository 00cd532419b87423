import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AttentionDocument } from '../../lib/attention.ts';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { type AddressCheck, AddressChecksDocument, CheckAddressesDocument } from './address-documents.ts';
import { FindingList } from './FindingList.tsx';

/** Where this installation is reached, and what the newest check of each address found. */
export function AddressesSetup() {
  const t = useTranslations('addresses');
  const { data, error, refetch } = useQuery(AddressChecksDocument, { fetchPolicy: 'cache-and-network' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const { addressChecks: checks, installation } = data;
  const usedFor = (purpose: AddressCheck['purposes'][number]) =>
    checks.find(({ purposes }) => purposes.includes(purpose))?.url;
  return (
    <Stack gap="lg">
      <Text>{t('hint')}</Text>
      <CheckNow onChecked={() => void refetch()} />
      <Section title={t('where')}>
        <Facts
          items={[
            { label: t('phonesAndMails'), value: usedFor('PHONES') },
            { label: t('ctKipUrl'), value: installation.ctKipUrl },
            { label: t('consolesAt'), value: usedFor('CONSOLES') },
          ]}
        />
        <Text c="dimmed" size="sm">
          {t('howToChange')}
        </Text>
      </Section>
      {checks.map((check) => (
        <OneAddress key={check.url} check={check} />
      ))}
    </Stack>
  );
}

/** The button, for who may use it; says meanwhile that it takes a while, and then what came of it. */
function CheckNow({ onChecked }: { onChecked: () => void }) {
  const t = useTranslations('addresses');
  const client = useApolloClient();
  const mayCheck = useMay('SETTINGS_MANAGE');
  const { run, busy, failure } = useAction(CheckAddressesDocument);
  const [outcome, setOutcome] = useState('');
  if (!mayCheck) return null;
  const check = async () => {
    setOutcome('');
    const done = await run({});
    if (!done) return;
    const found = done.addressChecks.flatMap(({ findings }) => findings);
    const count = (severity: string) => found.filter((one) => one.severity === severity).length;
    setOutcome(t('checkedJustNow', { errors: count('ERROR'), warnings: count('WARNING') }));
    onChecked();
    void client.refetchQueries({ include: [AttentionDocument] });
  };
  return (
    <>
      <FormError failure={failure} />
      <Group>
        <Button loading={busy} onClick={() => void check()}>
          {t('checkNow')}
        </Button>
        <Text role="status" c="dimmed" size="sm">
          {busy ? t('checking') : outcome}
        </Text>
      </Group>
    </>
  );
}

function OneAddress({ check }: { check: AddressCheck }) {
  const t = useTranslations('addresses');
  const { url, purposes, checkedAt, findings } = check;
  const forPhones = purposes.includes('PHONES');
  const usedBy = purposes.length > 1 ? 'PHONES' : forPhones ? 'PHONES_ONLY' : 'CONSOLES';
  return (
    <Section title={<span style={{ overflowWrap: 'anywhere' }}>{url}</span>}>
      <Text c="dimmed" size="sm">
        {t(`usedBy.${usedBy}`)}
        {' · '}
        {checkedAt
          ? t.rich('checked', { when: () => <TimeText key={checkedAt} at={checkedAt} /> })
          : t('notChecked')}
      </Text>
      {checkedAt ? (
        <FindingList findings={findings} forPhones={forPhones} />
      ) : (
        <Text>{t('notCheckedHint')}</Text>
      )}
    </Section>
  );
}
