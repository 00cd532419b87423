import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useMay } from '../../lib/session.ts';
import { Facts } from '../../ui/Facts.tsx';
import { SerialNumber } from '../../ui/SerialNumber.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import type { QueueRequest } from './request-documents.ts';
import { RequestState } from './RequestState.tsx';

/** Who wants what, why, and since when. */
export function RequestFacts({ request }: { request: QueueRequest }) {
  const t = useTranslations('requestQueue');
  const words = useTranslations('requests');
  const { requester, replaces, token, profile, replacementReason } = request;
  const isUndecided = request.status === 'PENDING' || request.status === 'DEFERRED';
  return (
    <Facts
      items={[
        { label: t('facts.user'), value: <UserLink userName={requester.userName} /> },
        { label: t('facts.kind'), value: words(`kind.${request.kind}`) },
        { label: t('facts.state'), value: <RequestState request={request} /> },
        { label: t('facts.profile'), value: profile.name },
        { label: t('facts.deviceType'), value: profile.deviceDefinition.deviceType },
        { label: t('facts.device'), value: words(`binding.${request.deviceBinding}`) },
        { label: t('facts.deviceId'), value: request.deviceId },
        { label: t('facts.nickname'), value: request.nickname },
        { label: t('facts.replaces'), value: replaces && <TokenLine token={replaces} /> },
        {
          label: t('facts.why'),
          value: replacementReason && words(`replacementReason.${replacementReason}`),
        },
        {
          label: t('facts.reason'),
          wide: true,
          value: (
            <Text span inherit style={{ whiteSpace: 'pre-wrap' }}>
              {request.reason || t('noReason')}
            </Text>
          ),
        },
        { label: t('facts.token'), value: token && <TokenLine token={token} /> },
        { label: t('facts.asked'), value: <TimeText at={request.createdAt} /> },
        { label: t('facts.expires'), value: isUndecided && <TimeText at={request.expiresAt} /> },
        { label: t('facts.ended'), value: request.endedAt && <TimeText at={request.endedAt} /> },
        { label: t('facts.failure'), value: request.failure, wide: true },
      ].filter(({ value }) => value !== false)}
    />
  );
}

function UserLink({ userName }: { userName: string }) {
  if (!useMay('USERS_READ')) return userName;
  return (
    <Anchor component={Link} to={`/admin/users/${encodeURIComponent(userName)}`} inherit>
      {userName}
    </Anchor>
  );
}

function TokenLine({ token }: { token: NonNullable<QueueRequest['replaces']> }) {
  const mayRead = useMay('TOKENS_READ');
  const number = <SerialNumber value={token.serialNumber} />;
  return (
    <Group gap="xs" component="span">
      {mayRead ? (
        <Anchor component={Link} to={`/admin/tokens/${encodeURIComponent(token.serialNumber)}`} inherit>
          {number}
        </Anchor>
      ) : (
        number
      )}
      <StatusBadge status={token.status} />
    </Group>
  );
}
