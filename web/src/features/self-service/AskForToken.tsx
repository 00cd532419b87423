import { useQuery } from '@apollo/client/react';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { ReplacementReason } from '../../gql/graphql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { RequestForm } from './RequestForm.tsx';
import { RequestFormDocument } from './request-form-documents.ts';

type AskForTokenProps = {
  /** Serial number of the token that the new one replaces. */
  replaces: string | undefined;
  reason: ReplacementReason | undefined;
};

/** Asks for a token, or for one in place of another. Says so where nothing can be asked for. */
export function AskForToken({ replaces, reason }: AskForTokenProps) {
  const t = useTranslations('requests');
  // What people type is judged by what they were shown, so it stays while they type.
  const { data, error, refetch } = useQuery(RequestFormDocument, {
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
  });
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data?.viewer) return <DelayedSkeleton />;
  const { requestsEnabled, offers } = data.selfServiceSettings;
  const former = data.viewer.tokens.find(({ serialNumber }) => serialNumber === replaces);
  if (replaces && !former) return <NotFound />;
  const home = (
    <Anchor component={Link} to="/my">
      {t('backHome')}
    </Anchor>
  );
  return (
    <Page
      title={t(former ? 'form.titleReplace' : 'form.title')}
      subtitle={
        former && (
          <Text inherit>
            {t('form.replaces', {
              serial: groupSerialNumber(former.serialNumber),
              name: former.nickname ? ` (${former.nickname})` : '',
            })}
          </Text>
        )
      }
    >
      {requestsEnabled && offers.length > 0 ? (
        <RequestForm settings={data.selfServiceSettings} former={former} reason={reason} />
      ) : (
        <EmptyState title={t('form.none')} action={home}>
          {t('form.noneHint')}
        </EmptyState>
      )}
    </Page>
  );
}
