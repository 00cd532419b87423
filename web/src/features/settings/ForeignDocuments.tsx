import { Anchor, Stack, Switch, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { FormError } from '../../ui/FormError.tsx';
import { Section } from '../../ui/Page.tsx';

const UpdateForeignDocumentsDocument = graphql(`
  mutation UpdateForeignDocuments($takes: Boolean!) {
    updateSettings(input: { takesForeignDocuments: $takes }) {
      ...Failure
      ... on UpdateSettingsSuccess {
        settings {
          takesForeignDocuments
        }
      }
    }
  }
`);

/** Whether a browser session may run documents that are not of our own pages; saved with the click. */
export function ForeignDocuments({ takes }: { takes: boolean }) {
  const t = useTranslations('settings');
  const mayManage = useMay('SETTINGS_MANAGE');
  const { run, busy, failure } = useAction(UpdateForeignDocumentsDocument);
  return (
    <Section title={t('api')}>
      <Stack gap="sm">
        <FormError failure={failure} />
        <Switch
          label={t('foreignDocuments')}
          description={t('foreignDocumentsHint')}
          checked={takes}
          disabled={!mayManage || busy}
          onChange={(event) => void run({ takes: event.currentTarget.checked })}
        />
        <Text size="sm">
          <Anchor href="/explorer/">{t('explorer')}</Anchor>
        </Text>
      </Stack>
    </Section>
  );
}
