import { useQuery } from '@apollo/client/react';
import { Group, Radio, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useInstallation } from '../../lib/installation.ts';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Section } from '../../ui/Page.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { ForeignDocuments } from './ForeignDocuments.tsx';

const SettingsDocument = graphql(`
  query Settings {
    settings {
      maxTokensPerUser
      takesForeignDocuments
    }
  }
`);
const UpdateSettingsDocument = graphql(`
  mutation UpdateSettings($maxTokensPerUser: Int!) {
    updateSettings(input: { maxTokensPerUser: $maxTokensPerUser }) {
      ...Failure
      ... on UpdateSettingsSuccess {
        settings {
          maxTokensPerUser
        }
      }
    }
  }
`);

/** What holds for the whole installation, and where it is. */
export function Limits() {
  const t = useTranslations('settings');
  const installation = useInstallation();
  const mayManage = useMay('SETTINGS_MANAGE');
  const { data } = useQuery(SettingsDocument);
  const { run, busy, failure } = useAction(UpdateSettingsDocument);
  const [chosen, setLimit] = useState<string>();
  const [saved, setSaved] = useState(false);
  const present = data?.settings?.maxTokensPerUser;
  const limit = chosen ?? String(present ?? 3);
  if (!data || !installation) return <DelayedSkeleton />;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaved((await run({ maxTokensPerUser: Number(limit) })) !== null);
  };
  return (
    <Stack gap="lg">
      <Section title={t('users')}>
        <form onSubmit={(event) => void save(event)}>
          <Stack>
            <Radio.Group
              label={t('maxTokens')}
              description={t('maxTokensHint')}
              value={limit}
              onChange={(value) => {
                setLimit(value);
                setSaved(false);
              }}
            >
              <Group mt="xs">
                {['1', '2', '3'].map((value) => (
                  <Radio key={value} value={value} label={value} disabled={!mayManage} />
                ))}
              </Group>
            </Radio.Group>
            <SaveRow changed={limit !== String(present)} saved={saved} busy={busy} failure={failure} />
          </Stack>
        </form>
      </Section>
      <ForeignDocuments takes={data.settings.takesForeignDocuments} />
      <Section title={t('installation')}>
        <Facts
          items={[
            { label: t('publicUrl'), value: installation.publicUrl },
            { label: t('ctKipUrl'), value: installation.ctKipUrl },
            { label: t('version'), value: installation.version },
          ]}
        />
        <Text c="dimmed" size="sm">
          {t('installationHint')}
        </Text>
      </Section>
    </Stack>
  );
}
