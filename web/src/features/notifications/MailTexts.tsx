import { useQuery } from '@apollo/client/react';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { DataTable } from '../../ui/DataTable.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { mailEvents } from './mail-events.ts';
import { MailTemplatesDocument, type Template } from './template-documents.ts';

/** All mails that Symbolon sends, when each is sent, and whether its text was changed. */
export function MailTexts() {
  const t = useTranslations('mail');
  const { data, error, refetch } = useQuery(MailTemplatesDocument, { fetchPolicy: 'cache-and-network' });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  const order = (template: Template) => mailEvents.indexOf(template.event);
  return (
    <>
      <Text c="dimmed">{t('textsHint')}</Text>
      <DataTable
        label={t('texts')}
        rows={data?.mailTemplates.toSorted((a, b) => order(a) - order(b))}
        rowKey={({ event, profile }) => `${event} ${profile?.id ?? ''}`}
        columns={[
          {
            key: 'event',
            header: t('event'),
            cell: ({ event, profile }) => (
              <Anchor
                component={Link}
                to={`/admin/setup/mail-texts/${event}`}
                search={(profile ? { profile: profile.id } : {}) as never}
              >
                {profile
                  ? t('ofProfile', { event: t(`events.${event}`), profile: profile.name })
                  : t(`events.${event}`)}
              </Anchor>
            ),
          },
          { key: 'when', header: t('sentWhen'), cell: ({ sentWhen }) => sentWhen },
          { key: 'changed', header: t('text'), cell: ({ changed }) => t(changed ? 'changed' : 'shipped') },
        ]}
        empty={null}
      />
    </>
  );
}
