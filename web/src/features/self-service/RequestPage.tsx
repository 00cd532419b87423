import { useQuery } from '@apollo/client/react';
import { Anchor, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { useSession } from '../../lib/session.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { NotFound } from '../../ui/NotFound.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { MyRequestPageDocument, type RequestDetails } from './request-page-document.ts';
import { mayCancel } from './request-state.ts';
import { RequestSteps } from './RequestSteps.tsx';
import { useRequestNews } from './use-request-news.ts';
import { useRequestWords } from './use-request-words.ts';

const CancelRequest = lazy(() => import('./CancelRequest.tsx').then((m) => ({ default: m.CancelRequest })));

/** One request of one's own: where it stands, what was asked for, and every step with who, when and comment. */
export function RequestPage({ requestId }: { requestId: string }) {
  const t = useTranslations('requests');
  const self = useSession().user.id;
  const [cancelling, setCancelling] = useState(false);
  const { data, error, refetch } = useQuery(MyRequestPageDocument, {
    variables: { id: requestId },
    fetchPolicy: 'cache-and-network',
    pollInterval: 15_000,
  });
  useRequestNews(refetch);
  const { what, line, profile } = useRequestWords(data?.selfServiceSettings.offers ?? []);
  if (error && !data) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (!data) return <DelayedSkeleton />;
  const request = data.tokenRequest;
  // The console shows other people's requests.
  if (request?.requester.id !== self) return <NotFound />;

  const { token, replaces, replacementReason } = request;
  return (
    <Page
      title={t('pageTitle', { what: what(request) })}
      subtitle={<span aria-live="polite">{line(request)}</span>}
      actions={
        mayCancel(request) && (
          <Button variant="default" onClick={() => setCancelling(true)}>
            {t('cancel.button')}
          </Button>
        )
      }
    >
      <Facts
        items={[
          { label: t('facts.profile'), value: profile(request) },
          { label: t('facts.token'), value: token && <TokenLink request={request} /> },
          { label: t('facts.replaces'), value: replaces && <SerialNumber value={replaces.serialNumber} /> },
          {
            label: t('facts.why'),
            value: replacementReason && t(`replacementReason.${replacementReason}`),
          },
          { label: t('facts.nickname'), value: request.nickname },
          {
            label: t('facts.device'),
            value: [t(`binding.${request.deviceBinding}`), request.deviceId].filter(Boolean).join(': '),
          },
          { label: t('facts.asked'), value: <TimeText at={request.createdAt} /> },
          {
            label: t('facts.expires'),
            value: request.waitsFor === 'APPROVER' ? <TimeText at={request.expiresAt} /> : null,
          },
          {
            label: t('facts.ended'),
            value: request.endedAt ? <TimeText at={request.endedAt} /> : null,
          },
        ]}
      />
      <Section title={t('steps')}>
        <RequestSteps request={request} />
      </Section>
      <div>
        <Anchor component={Link} to="/my/requests">
          {t('all')}
        </Anchor>
      </div>
      {cancelling && (
        <Suspense>
          <CancelRequest
            request={request}
            onClose={(changed) => {
              setCancelling(false);
              if (changed) void refetch();
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}

/** The token that came of a request: to its activation while that is open, else to its card. */
function TokenLink({ request }: { request: RequestDetails }) {
  const t = useTranslations('requests');
  const serialNumber = request.token?.serialNumber ?? '';
  if (request.waitsFor === 'ACTIVATION') {
    return (
      <>
        <SerialNumber value={serialNumber} />{' '}
        <Anchor component={Link} to="/my" hash={`token-${serialNumber}`} inherit>
          {t('toToken')}
        </Anchor>
      </>
    );
  }
  return (
    <Anchor component={Link} to="/my" hash={`token-${serialNumber}`} inherit>
      {groupSerialNumber(serialNumber)}
    </Anchor>
  );
}
