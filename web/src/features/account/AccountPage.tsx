import { useQuery } from '@apollo/client/react';
import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IntlProvider, useLocale, useTimeZone, useTranslations } from 'use-intl';
import { accountMessages } from '../../lib/account-messages.ts';
import { messages } from '../../lib/messages.ts';
import { useSession } from '../../lib/session.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { MyAccountDocument } from './account-documents.ts';
import { OwnApiKeys } from './OwnApiKeys.tsx';
import { OwnSessions } from './OwnSessions.tsx';

const all = { ...messages, ...accountMessages };

/** What is a person's own beside tokens: password, sessions, API keys. Its texts come with it. */
export function AccountPage() {
  return (
    <IntlProvider locale={useLocale()} timeZone={useTimeZone() ?? 'UTC'} messages={all as never}>
      <Account />
    </IntlProvider>
  );
}

function Account() {
  const t = useTranslations('account');
  const tSession = useTranslations('session');
  const { user, permissions } = useSession();
  const { data, error, refetch } = useQuery(MyAccountDocument, { fetchPolicy: 'cache-and-network' });
  const { sessions, apiKeys } = data?.viewer ?? {};
  const reload = () => void refetch();
  return (
    <Page title={t('title')} subtitle={`${user.givenName} ${user.familyName} · ${user.userName}`}>
      <Section
        title={t('password')}
        action={
          <Button component={Link} to="/change-password" variant="default">
            {tSession('changePassword')}
          </Button>
        }
      >
        <Text c="dimmed">{t('passwordHint')}</Text>
      </Section>
      {error && !data && <PageProblem error={error} onRetry={reload} />}
      {!error && !data && <DelayedSkeleton />}
      {sessions && <OwnSessions sessions={sessions} onChanged={reload} />}
      {apiKeys && (permissions.length > 0 || apiKeys.length > 0) && (
        <OwnApiKeys apiKeys={apiKeys} onChanged={reload} />
      )}
    </Page>
  );
}
