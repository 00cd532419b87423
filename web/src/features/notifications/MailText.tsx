import { useQuery } from '@apollo/client/react';
import { Anchor, Select, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { MailTextForm } from './MailTextForm.tsx';
import { MailTemplatesDocument } from './template-documents.ts';

type MailTextProps = {
  event: string;
  /** Whose own text it is; undefined for all. */
  profileId: string | undefined;
  onProfile: (profileId: string | undefined) => void;
};

/** One mail: when it is sent, its text, and how it will look. Some may have a text of their own for a profile. */
export function MailText({ event, profileId, onProfile }: MailTextProps) {
  const t = useTranslations('mail');
  const { data, error, refetch } = useQuery(MailTemplatesDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const ofEvent = data.mailTemplates.filter((template) => template.event === event);
  const general = ofEvent.find(({ profile }) => !profile);
  if (!general) return <NotFound />;
  // A profile that there is not, or a mail that is the same for all of them.
  const isKnown = data.tokenProfiles.nodes.some(({ id }) => id === profileId);
  if (profileId && !(general.perProfile && isKnown)) return <NotFound />;
  const own = ofEvent.find(({ profile }) => profile?.id === profileId);
  const template = own ?? { ...general, changed: profileId ? false : general.changed };
  return (
    <Stack>
      <Anchor component={Link} to="/admin/setup/mail-texts">
        {t('toTexts')}
      </Anchor>
      <Title order={2}>{t(`events.${general.event}`)}</Title>
      <Text>{general.sentWhen}</Text>
      {general.perProfile && (
        <Select
          label={t('forProfile')}
          description={t('forProfileHint')}
          data={[
            { value: '', label: t('allProfiles') },
            ...data.tokenProfiles.nodes
              .filter(({ retiredAt, id }) => !retiredAt || id === profileId)
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={profileId ?? ''}
          onChange={(value) => onProfile(value || undefined)}
          allowDeselect={false}
          searchable
          maw={420}
        />
      )}
      <MailTextForm
        key={`${event} ${profileId ?? ''}`}
        template={template}
        profileId={profileId}
        onChanged={refetch}
      />
    </Stack>
  );
}
