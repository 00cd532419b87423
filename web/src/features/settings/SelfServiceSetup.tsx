import { useQuery } from '@apollo/client/react';
import { Alert, Checkbox, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { useAction } from '../../lib/use-action.ts';
import { useSettingsForm } from '../../lib/use-settings-form.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { FormError } from '../../ui/FormError.tsx';
import { Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SaveRow } from '../../ui/SaveRow.tsx';
import { Offers } from './Offers.tsx';
import {
  type SelfServiceFacts,
  SelfServiceSetupDocument,
  UpdateSelfServiceDocument,
} from './settings-documents.ts';
import { WholeNumber } from './WholeNumber.tsx';

/** What people can do in self-service: features, profiles to ask for, the QR code and its fallback. */
export function SelfServiceSetup() {
  const { data, error, refetch } = useQuery(SelfServiceSetupDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const { selfServiceSettings: settings, tokenProfiles } = data;
  return (
    <Stack gap="xl" maw={760}>
      <Features settings={settings} />
      <Offers settings={settings} profiles={tokenProfiles.nodes} />
      <Ways settings={settings} />
      <CodeInMail settings={settings} />
    </Stack>
  );
}

type GroupProps = { settings: SelfServiceFacts };

/** Saves some of the settings; answers whether they are kept. */
function useSave() {
  const { run, ...state } = useAction(UpdateSelfServiceDocument);
  return { ...state, save: async (input: object) => (await run({ input })) !== null };
}

function Features({ settings }: GroupProps) {
  const t = useTranslations('settings');
  const disabled = !useMay('SETTINGS_MANAGE');
  const { save, busy, failure } = useSave();
  const { requestsEnabled, activationEnabled, testEnabled, allowFileDelivery } = settings;
  const group = useSettingsForm({ requestsEnabled, activationEnabled, testEnabled, allowFileDelivery }, save);
  return (
    <Section title={t('features')}>
      <form onSubmit={group.submit}>
        <Stack>
          {(['requestsEnabled', 'activationEnabled', 'testEnabled', 'allowFileDelivery'] as const).map(
            (name) => (
              <Checkbox
                key={name}
                label={t(`feature.${name}`)}
                description={t(`featureHint.${name}`)}
                disabled={disabled}
                {...group.form.getInputProps(name, { type: 'checkbox' })}
              />
            ),
          )}
          <SaveRow {...group} busy={busy} failure={failure} />
        </Stack>
      </form>
    </Section>
  );
}

function Ways({ settings }: GroupProps) {
  const t = useTranslations('settings');
  const disabled = !useMay('SETTINGS_MANAGE');
  const { save, busy, failure, fieldErrors } = useSave();
  const { allowActivationLinkByEmail, qrMinutes, linkMinutes, expiringDays, mailConfigured } = settings;
  const group = useSettingsForm({ allowActivationLinkByEmail, qrMinutes, linkMinutes, expiringDays }, save);
  const { getInputProps } = group.form;
  return (
    <Section title={t('ways')}>
      <form onSubmit={group.submit}>
        <Stack>
          <WholeNumber
            label={t('qrMinutes')}
            description={t('qrMinutesHint')}
            min={1}
            max={10}
            maw={420}
            disabled={disabled}
            {...getInputProps('qrMinutes')}
            error={fieldErrors['qrMinutes']}
          />
          <div>
            <Checkbox
              label={t('fallback')}
              description={t('fallbackHint')}
              disabled={disabled || (!mailConfigured && !allowActivationLinkByEmail)}
              {...getInputProps('allowActivationLinkByEmail', { type: 'checkbox' })}
            />
            {!mailConfigured && (
              <Text size="sm" mt={4} ml={32}>
                {t('noMailServer')}
              </Text>
            )}
          </div>
          <WholeNumber
            label={t('linkMinutes')}
            description={t('linkMinutesHint')}
            min={5}
            max={1440}
            maw={420}
            disabled={disabled}
            {...getInputProps('linkMinutes')}
            error={fieldErrors['linkMinutes']}
          />
          <WholeNumber
            label={t('expiringDays')}
            description={t('expiringDaysHint')}
            min={1}
            max={365}
            maw={420}
            disabled={disabled}
            {...getInputProps('expiringDays')}
            error={fieldErrors['expiringDays']}
          />
          <SaveRow {...group} busy={busy} failure={failure} />
        </Stack>
      </form>
    </Section>
  );
}

/** The model's way, apart from the rest: whoever reads such a mail can take the token. */
function CodeInMail({ settings }: GroupProps) {
  const t = useTranslations('settings');
  const disabled = !useMay('SETTINGS_MANAGE');
  const { save, busy, failure } = useSave();
  const [asking, setAsking] = useState(false);
  const [saved, setSaved] = useState(false);
  const common = useTranslations('common');
  const { codeInMail, mailConfigured } = settings;
  const change = async (wanted: boolean) => {
    setSaved(false);
    if (!(await save({ codeInMail: wanted }))) return;
    setAsking(false);
    setSaved(true);
  };
  return (
    <Section title={t('dangerous')}>
      <Alert variant="outline" color="red">
        <Checkbox
          label={t('codeInMail')}
          description={t('codeInMailHint')}
          checked={codeInMail}
          disabled={disabled || busy || (!mailConfigured && !codeInMail)}
          onChange={() => (codeInMail ? void change(false) : setAsking(true))}
        />
        {!mailConfigured && (
          <Text size="sm" mt={4} ml={32}>
            {t('noMailServer')}
          </Text>
        )}
        <Text role="status" c="dimmed" size="sm">
          {saved && common('saved')}
        </Text>
      </Alert>
      {!asking && <FormError failure={failure} />}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('codeInMailTitle')}
        confirmLabel={t('codeInMailConfirm')}
        onConfirm={() => void change(true)}
        danger
        busy={busy}
        failure={failure}
      >
        {t('codeInMailEffect')}
      </ConfirmDialog>
    </Section>
  );
}
