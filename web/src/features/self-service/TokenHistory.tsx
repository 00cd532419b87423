import { useQuery } from '@apollo/client/react';
import { Anchor, Modal, Text, Timeline } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { graphql } from '../../gql';
import { groupSerialNumber } from '../../lib/serial-number.ts';
import { DelayedSkeleton } from '../../ui/DataTable.tsx';
import { PageProblem } from '../../ui/PageProblem.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import type { MyRequest, MySettings, MyToken } from './my-documents.ts';
import { isOpen } from './request-state.ts';
import { useRequestWords } from './use-request-words.ts';

const MyTokenHistoryDocument = graphql(`
  query MyTokenHistory($serialNumber: String!) {
    token(serialNumber: $serialNumber) {
      id
      assignedAt
      distributedAt
      activatedAt
      confirmedAt
      lastUsedAt
      device
    }
    tokenRequests(last: 50, filter: { mine: true }) {
      nodes {
        ...MyRequest
      }
    }
  }
`);

type Moment = { key: string; at: string; text: ReactNode };
type TokenHistoryProps = {
  token: MyToken;
  offers: MySettings['offers'];
  onClose: (changed: boolean) => void;
};

/** What happened with a token of one's own, newest first: its steps, and the requests about it. */
export function TokenHistory({ token, offers, onClose }: TokenHistoryProps) {
  const t = useTranslations('my.history');
  const { data, error, refetch } = useQuery(MyTokenHistoryDocument, {
    variables: { serialNumber: token.serialNumber },
    fetchPolicy: 'network-only',
  });
  const { what, line } = useRequestWords(offers);

  const facts = data?.token;
  const moments: Moment[] = [];
  const note = (key: string, at: string | null | undefined, text: ReactNode) => {
    if (at) moments.push({ key, at, text });
  };
  note('assigned', facts?.assignedAt, t('assigned'));
  note('distributed', facts?.distributedAt, t('distributed'));
  note(
    'activated',
    facts?.activatedAt,
    facts?.device ? t('activatedOn', { device: facts.device }) : t('activated'),
  );
  note('confirmed', facts?.confirmedAt, t('confirmed'));
  note('lastUsed', facts?.lastUsedAt, t('lastUsed'));
  const isAbout = ({ token: given, replaces }: MyRequest) =>
    given?.id === token.id || replaces?.id === token.id;
  for (const request of data?.tokenRequests.nodes.filter(isAbout) ?? []) {
    const link = (
      <Anchor
        component={Link}
        to="/my/requests/$requestId"
        params={{ requestId: request.id } as never}
        inherit
      >
        {t('asked', { what: what(request) })}
      </Anchor>
    );
    note(`${request.id} asked`, request.createdAt, link);
    if (!isOpen(request)) note(`${request.id} ended`, request.endedAt, t('ended', { state: line(request) }));
  }
  moments.sort((one, other) => other.at.localeCompare(one.at));

  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={t('title', { serial: groupSerialNumber(token.serialNumber) })}
    >
      {error && !data && <PageProblem error={error} onRetry={() => void refetch()} />}
      {!error && !data && <DelayedSkeleton rows={4} />}
      {data && moments.length === 0 && <Text c="dimmed">{t('nothing')}</Text>}
      <Timeline bulletSize={12} lineWidth={2} active={-1}>
        {moments.map(({ key, at, text }) => (
          <Timeline.Item key={key}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {text}
            </Text>
            <Text size="xs" c="dimmed">
              <TimeText at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Modal>
  );
}
